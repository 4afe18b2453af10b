"""Text to manifests: documents and lists become objects, each with its kind, its name and the place it stands at.

Whether an object may be applied is not asked here (`checks`), and nothing is filled in.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, NoReturn

from yaml.nodes import Node

from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest, Ref
from pushboat.model.wording import printable
from workers.manifests.directives.reading import directives_in
from workers.manifests.places import Path, Places, items_of
from workers.manifests.yaml_loading import LARGEST_FILE_CHARACTERS, line_of, load
from workers.manifests.yaml_scalars import integer

_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_HALF_A_PAIR = re.compile(r"\\u[dD][89a-fA-F]")
"""What may be one, and is worth a closer look; YAML's parser refuses it by itself."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)


def is_lfs_pointer(raw: bytes) -> bool:
    """Say whether a file stands for one that git keeps elsewhere, by its beginning."""
    return raw.startswith(_LFS_POINTER)


def decode(raw: bytes, file: str) -> str:
    """Turn a file's bytes into text.

    Raises:
        InvalidManifest: it is not UTF-8, or stands for a file that is kept elsewhere.
    """
    if is_lfs_pointer(raw):
        raise InvalidManifest(
            f"{file}:1: this is a Git LFS pointer, which Pushboat does not follow: commit the file itself"
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise InvalidManifest(f"{file}:{line}:{column}: this is not UTF-8 text: save the file as UTF-8") from error


def read_manifests(text: str, file: str, *, largest: int = LARGEST_FILE_CHARACTERS) -> list[Manifest]:
    """Read every object of a YAML or JSON text; empty documents are skipped, lists are taken apart.

    Raises:
        InvalidManifest: with file:line:column, for the first thing that is wrong.
    """
    found: list[Manifest] = []
    if PurePosixPath(file).suffix.lower() == ".json":
        data = _load_json(text, file, largest)
        _refuse_half_characters(data, text, file)
        found += _objects(data, None, file)
    else:
        for document in load(text, file, largest=largest):
            found += _objects(document.data, document.node, file)
    return [replace(each, text=text) for each in found]


def place_of(manifest: Manifest, text: str, path: Path) -> str:
    """Find where a field stands, as `file:line:column`, in the text that the manifest was read from."""
    return Places(text, manifest.file).of(manifest, path)


def _objects(data: Any, node: Node | None, file: str) -> Iterator[Manifest]:
    line, column = (line_of(node), node.start_mark.column + 1) if node is not None else (1, 1)
    if not isinstance(data, dict):
        raise InvalidManifest(f"{file}:{line}:{column}: an object was expected here, this is {_kind_of(data)}")
    if not _is_list(data):
        yield _manifest(data, file, line)
        return
    nodes = items_of(node)
    for index, item in enumerate(data["items"]):
        yield from _objects(_typed(item, data), nodes[index] if index < len(nodes) else node, file)


def _manifest(body: dict[str, Any], file: str, line: int) -> Manifest:
    def refuse(message: str) -> InvalidManifest:
        return InvalidManifest(f"{file}:{line}:1: {message}")

    for field in ("apiVersion", "kind"):
        if not isinstance(body.get(field), str) or not body[field]:
            raise refuse(f"{field} is missing" if field not in body else f"{field} must be text")
    kind, metadata = printable(body["kind"]), body.get("metadata")
    if not isinstance(metadata, dict):
        raise refuse(f"{kind} has no metadata")
    generated = "name" not in metadata and "generateName" in metadata
    if generated and not directives_in(body).is_hook:
        raise refuse(f"{kind} has generateName, which makes a new object on every deployment: give it a name")
    for field, required in (("generateName" if generated else "name", True), ("namespace", False)):
        value = metadata.get(field)
        if (value is None or value == "") and required:
            raise refuse(f"{kind} has no metadata.{field}")
        if value is not None and not isinstance(value, str):
            raise refuse(f'metadata.{field} of {kind} must be text: quote it ("{printable(str(value))}")')
    group, _, version = body["apiVersion"].rpartition("/")
    # A hook is made anew in every run; until then it is called by the beginning of its name, which no name can be.
    name = metadata["generateName"] if generated else metadata["name"]
    ref = Ref(group, body["kind"], metadata.get("namespace") or "", name)
    return Manifest(ref=ref, version=version, body=body, file=file, line=line)


def _is_list(data: Mapping[str, Any]) -> bool:
    """Tell a list from an object whose kind merely ends in List: lists have items and no name."""
    kind, metadata = data.get("kind"), data.get("metadata")
    named = isinstance(metadata, dict) and "name" in metadata
    return isinstance(kind, str) and kind.endswith("List") and isinstance(data.get("items"), list) and not named


def _typed(item: Any, holder: Mapping[str, Any]) -> Any:
    """Give an item of a typed list (`ConfigMapList`) the kind that the API leaves out there."""
    if isinstance(item, dict) and "kind" not in item and holder["kind"] != "List":
        return {"apiVersion": holder.get("apiVersion"), "kind": holder["kind"].removesuffix("List"), **item}
    return item


def _load_json(text: str, file: str, largest: int) -> Any:
    if len(text) > largest:
        raise InvalidManifest(f"{file}: the file is larger than {largest >> 20} MiB: split it")
    try:
        return json.loads(
            text,
            object_pairs_hook=_without_repeats,
            parse_int=integer,
            parse_float=_finite,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as error:
        raise InvalidManifest(f"{file}:{error.lineno}:{error.colno}: this is not JSON: {error.msg}") from error
    except RecursionError as error:
        raise InvalidManifest(f"{file}:1:1: nested too deeply") from error
    except ValueError as error:
        raise InvalidManifest(f"{file}:1:1: {error}") from error


def _refuse_half_characters(data: Any, text: str, file: str) -> None:
    if not _HALF_A_PAIR.search(text):
        return
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        before = text[: _half_a_pair(text)]
        place = f"{file}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
        raise InvalidManifest(f"{place}: half of a surrogate pair is no character: write the whole one") from error


def _half_a_pair(text: str) -> int:
    """Find the escape that is only one half."""
    first: re.Match[str] | None = None
    for escape in _ESCAPE.finditer(text):
        code = int(escape[1] or "0", 16)
        if first is not None and not (0xDC00 <= code <= 0xDFFF and escape.start() == first.end()):
            break
        if first is None and 0xDC00 <= code <= 0xDFFF:
            return escape.start()
        first = escape if first is None and 0xD800 <= code <= 0xDBFF else None
    return first.start() if first else 0


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        seen: set[str] = set()
        repeated = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {printable(repeated)!r} stands twice in one object")
    return data


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse_constant("a value")  # itself unsaid: it may be a secret's


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number that JSON knows: quote it")


def _kind_of(data: Any) -> str:
    words = {list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return words.get(type(data), "nothing")
