"""A chart whose values are encrypted, rendered twice: with words, which decide all that people see, and with values.

Templates digest, cut, quote and compare, and what came of a word cannot be turned into what would have come of the
value. So Helm gets the values too, once, from memory, and of what it makes then the data of Secrets alone is used. All
else must be the same both times: what differs there follows from a value, and would show it, or be wrong.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pushboat.errors import RenderFailed
from pushboat.model.manifest import Manifest, Path
from pushboat.model.wording import listed, printable
from workers.cluster.objects import is_secret
from workers.render.concealing import Concealed
from workers.render.helm.values import ValuesFile
from workers.render.revealing import in_clear
from workers.sops.words import refused

_DATA = ("data", "stringData")
_NOTES = ("annotations", "labels")
_DIGEST = re.compile(r"[0-9a-f]{6,128}")
_MEND = "leave that value in clear, or keep what is made of it in the data of a Secret"


@dataclass(frozen=True, slots=True)
class Valued:
    """A chart's objects with their Secrets' data; and the same without any of it that follows from encrypted values."""

    manifests: tuple[Manifest, ...]
    in_clear: Mapping[Any, int]


def known(words: Mapping[str, Concealed]) -> bool:
    """Say whether the values behind the words are known here, and not only that there are some."""
    return any(each.value is not None for each in words.values())


def given(files: Sequence[ValuesFile], settings: Mapping[str, Any], words: Mapping[str, Concealed]) -> bytes:
    """Give values files with their values and the single ones as one, as Helm lays them over each other.

    Raises:
        DecryptionFailed: a value is no text.
    """
    merged: dict[str, Any] = {}
    for file in files:
        for document in file.documents[:1]:
            merged = _over(merged, _filled(document.data, words))
    return json.dumps(_over(merged, settings), ensure_ascii=False).encode("utf-8", "surrogatepass")


def joined(
    shown: Sequence[Manifest], again: Sequence[Manifest], valued: Sequence[Manifest], words: Mapping[str, Concealed]
) -> Valued:
    """Take what people see from the objects that were made with words, and Secrets' data from those with values.

    `again` are the former once more, where chance may have a part in them.

    Raises:
        RenderFailed: what people would see follows from a value, or nobody can tell.
    """
    files = listed(sorted({printable(each.place.partition(":")[0]) for each in words.values()})[:3])
    if [each.ref for each in shown] != [each.ref for each in again]:
        raise RenderFailed(
            f"{shown[0].place}: this chart renders other objects each time, so nobody can tell what follows from the "
            f"encrypted values in {files}: give it values in place of chance"
        )
    for one, other in zip(shown, valued, strict=False):
        if one.ref != other.ref:
            break
    else:
        if len(shown) == len(valued):
            return _together(list(zip(shown, again, valued, strict=True)), files)
        one = max(shown, valued, key=len)[min(len(shown), len(valued))]
    raise RenderFailed(f"{one.place}: which objects there are, and how they are called, follows from {files}: {_MEND}")


def _together(rows: Iterable[tuple[Manifest, Manifest, Manifest]], files: str) -> Valued:
    made, clear = [], []
    for shown, again, valued in rows:
        chance = set(_differing(_public(shown), _public(again), ()))
        for path in _differing(_public(shown), _public(valued), ()):
            if path not in chance and not _is_digest(shown.body, valued.body, path):
                raise RenderFailed(_follows(shown, path, files))
        own = {field: valued.body[field] for field in _DATA if field in valued.body} if is_secret(shown.body) else {}
        made.append(replace(shown, body={**shown.body, **own}) if own else shown)
        same = {field: _same(shown.body.get(field), held) for field, held in own.items()}
        clear.append(replace(shown, body={**shown.body, **same}))
    return Valued(tuple(made), in_clear(clear))


def _public(manifest: Manifest) -> Mapping[str, Any]:
    """Give what people see of an object: of a Secret's data the names alone."""
    if not is_secret(manifest.body):
        return manifest.body
    held = {field: manifest.body[field] for field in _DATA if field in manifest.body}
    names = {field: dict.fromkeys(each) if isinstance(each, Mapping) else each for field, each in held.items()}
    return {**manifest.body, **names}


def _same(shown: Any, valued: Any) -> Any:
    if not isinstance(shown, Mapping) or not isinstance(valued, Mapping):
        return {}
    return {name: value for name, value in valued.items() if shown.get(name) == value}


def _differing(one: Any, other: Any, path: Path) -> Iterator[Path]:
    """Find what differs, by the names of the first alone: one of the other's may be a value."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if any(name not in one for name in other):
            yield path
        for name in one:
            if name not in other:
                yield (*path, str(name))
            else:
                yield from _differing(one[name], other[name], (*path, str(name)))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (each, its) in enumerate(zip(one, other, strict=True)):
            yield from _differing(each, its, (*path, index))
    elif one != other or type(one) is not type(other):
        yield path


def _is_digest(shown: Any, valued: Any, path: Path) -> bool:
    """Say whether a note holds a digest both times: that of words changes when a value does, and betrays none."""
    if len(path) < 2 or path[-2] not in _NOTES:
        return False
    for step in path:
        try:
            shown, valued = shown[step], valued[step]
        except (KeyError, IndexError, TypeError):
            return False
    texts = [each for each in (shown, valued) if isinstance(each, str) and _DIGEST.fullmatch(each)]
    return len(texts) == 2 and len(texts[0]) == len(texts[1])


def _follows(manifest: Manifest, path: Path, files: str) -> str:
    where = ".".join(printable(str(step)) for step in path)
    what = f"{where} of {manifest.ref}" if where else f"what {manifest.ref} has"
    return f"{manifest.place}: {what} follows from an encrypted value in {files}: {_MEND}"


def _over(base: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Lay values over others: mappings are joined, all else is replaced (Helm's `mergeMaps`)."""
    made = dict(base)
    for name, value in more.items():
        under = made.get(name)
        made[name] = _over(under, value) if isinstance(value, Mapping) and isinstance(under, Mapping) else value
    return made


def _filled(data: Any, words: Mapping[str, Concealed]) -> Any:
    if isinstance(data, Mapping):
        return {name: _filled(value, words) for name, value in data.items()}
    if isinstance(data, list):
        return [_filled(each, words) for each in data]
    found = words.get(data) if isinstance(data, str) else None
    if found is None or found.value is None:
        return data
    try:
        return found.value.data
    except UnicodeDecodeError:
        pass
    raise refused(found.place, "this value is no text once it is decrypted, and charts take no other")
