"""Put values in the place of their words again, in the data of Secrets and nowhere else.

Everything that Pushboat shows or stores of an object is masked or sealed where it is a Secret's data, and nothing is
elsewhere. So an object that has a word anywhere else is refused, whoever put it there: a patch, a generator, a typo.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pushboat.model.manifest import Manifest, Path, Ref
from pushboat.model.wording import printable
from workers.cluster.objects import is_secret
from workers.render.concealing import BEGINNING, WORD, Concealed
from workers.sops.values import Value, is_sealed
from workers.sops.words import OPENED_IN_THE_CLUSTER, SIGN, Form, refused

_VALUES = ("data", "stringData")
_IN_QUOTES = re.compile(rf'"(?P<quoted>{WORD.pattern})"|(?P<bare>{WORD.pattern})')
_IN_BASE64 = re.compile(
    "|".join(
        re.escape(base64.b64encode(b"\0" * shift + BEGINNING.encode())[4 if shift else 0 : 16].decode())
        for shift in range(3)
    )
)
"""How the beginning of a word looks in base64, whatever stands before it."""
_OF_VAULT = re.compile(r"(?:>>)?vault:[\w./-]+#\S+")
"""What a webhook in the cluster puts a value of Vault's in the place of: it says where the value is, and not what."""
_ENCRYPTED_WHOLE = (
    "apiVersion and kind of this object are encrypted too, so nobody knows what it is: encrypt it with "
    "`--encrypted-regex '^(data|stringData)$'`"
)
_STRUCTURED = (Form.YAML, Form.JSON)


def reveal(manifests: Iterable[Manifest], words: Mapping[str, Concealed]) -> list[Manifest]:
    """Give these objects with their values, in Secrets only.

    Raises:
        DecryptionFailed: a value would come to stand where people see it, or something encrypted would stay so.
    """
    return [_revealed(each, words) for each in manifests]


def in_clear(manifests: Iterable[Manifest]) -> dict[Ref, int]:
    """Count the values of each Secret that no word stands for: whoever reads the repository reads those.

    What this is asked of has its words still.
    """
    counts = {each.ref: sum(map(_is_clear, _values(each.body))) for each in manifests if is_secret(each.body)}
    return {ref: count for ref, count in counts.items() if count}


def _values(body: Mapping[str, Any]) -> Iterator[str]:
    for field in _VALUES:
        held = body.get(field)
        yield from (each for each in held.values() if isinstance(each, str)) if isinstance(held, Mapping) else ()


def _is_clear(value: str) -> bool:
    decoded = (_decoded(value) or b"").decode("utf-8", "replace")
    stands_elsewhere = any(_OF_VAULT.fullmatch(each.strip()) for each in (value, decoded))
    return bool(value.strip()) and not WORD.search(value) and BEGINNING not in decoded and not stands_elsewhere


def _revealed(manifest: Manifest, words: Mapping[str, Concealed]) -> Manifest:
    body, made = dict(manifest.body), {}
    if all(WORD.fullmatch(str(body.get(field))) for field in ("apiVersion", "kind")):
        raise refused(manifest.place_of(("apiVersion",)), _ENCRYPTED_WHOLE)
    if is_secret(body):
        for field in _VALUES:
            if isinstance(body.get(field), Mapping):
                made[field] = {
                    key: _value(manifest, (field, key), value, words) for key, value in body.pop(field).items()
                }
    _demand_nothing_else(manifest, body, words)
    for field, values in made.items():
        _demand_nothing_else(manifest, {field: dict.fromkeys(values)}, words)
    return replace(manifest, body={**manifest.body, **made}) if made else manifest


def _value(manifest: Manifest, path: Path, value: Any, words: Mapping[str, Concealed]) -> Any:
    if not isinstance(value, str):
        return value
    if is_sealed(value):
        raise refused(manifest.place_of(path), _still_sealed(manifest))
    if (whole := words.get(value)) is not None:
        return value if whole.value is None else _whole(manifest, path, whole.value, whole.form)
    if path[0] == "data" and (decoded := _decoded(value)) is not None:
        if decoded.startswith(SIGN) and is_sealed(decoded.decode("utf-8", "replace")):
            raise refused(manifest.place_of(path), _still_sealed(manifest))
        put = filled(decoded, words)
        return base64.b64encode(put).decode() if put != decoded else value
    if WORD.search(value):
        return _text(manifest, path, filled(value.encode("utf-8", "surrogatepass"), words))
    return value


def _whole(manifest: Manifest, path: Path, found: Value, form: Form) -> Any:
    """Give what takes the place of a text that is one word and nothing else."""
    if form not in _STRUCTURED:
        return _text(manifest, path, found.spelt(form))
    try:
        return found.data
    except UnicodeDecodeError:
        return _text(manifest, path, found.raw)


def _text(manifest: Manifest, path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raise refused(
            manifest.place_of(path), "this value is no text once it is decrypted: encrypt its base64 under `data`"
        ) from None


def filled(content: bytes, words: Mapping[str, Concealed]) -> bytes:
    """Put values into a text that holds words: in the words' quotes where they stand in YAML or JSON."""
    if BEGINNING.encode() not in content:
        return content
    text = content.decode("utf-8", "surrogateescape")

    def put(found: re.Match[str]) -> str:
        concealed = words.get(found["quoted"] or found["bare"])
        if concealed is None or concealed.value is None:
            return found[0]
        structured = concealed.form in _STRUCTURED
        if found["quoted"] and structured:
            spelt = concealed.value.spelt(concealed.form)
        else:
            spelt = concealed.value.raw if structured else concealed.value.spelt(concealed.form)
        shown = spelt.decode("utf-8", "surrogateescape")
        return f'"{shown}"' if found["quoted"] and not structured else shown

    return _IN_QUOTES.sub(put, text).encode("utf-8", "surrogateescape")


def _decoded(value: str) -> bytes | None:
    try:
        return base64.b64decode("".join(value.split()), validate=True)  # kustomize breaks it into lines
    except (binascii.Error, ValueError):
        return None


def _demand_nothing_else(manifest: Manifest, body: Any, words: Mapping[str, Concealed]) -> None:
    for path, text in _texts(body, ()):
        if BEGINNING in text or _IN_BASE64.search(text.replace("\n", "")):
            found = WORD.search(text)
            source = words[found[0]].place if found and found[0] in words else ""
            raise refused(manifest.place_of(path), _in_the_open(manifest, path, source))
        if is_sealed(text) and manifest.ref.kind != OPENED_IN_THE_CLUSTER:
            raise refused(manifest.place_of(path), _still_sealed(manifest))


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Give every text of an object, keys of mappings among them."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield (*path, key), str(key)
            yield from _texts(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _texts(each, (*path, index))
    elif isinstance(value, str):
        yield path, value


def _in_the_open(manifest: Manifest, path: Path, source: str) -> str:
    steps = [printable(str(each)) for each in path if BEGINNING not in str(each)]
    where, kind = ".".join(steps) or "a key", printable(str(manifest.body.get("kind")))
    what = f"the decrypted value of {source}" if source else "a decrypted value"
    if kind == "Secret":
        return f"{what} would stand in {where} of a Secret, where everybody sees it: put it under data or stringData"
    return f"{what} would stand in {where} of {kind}, where everybody sees it: keep it in a Secret, and refer to that"


def _still_sealed(manifest: Manifest) -> str:
    kind = printable(str(manifest.body.get("kind")))
    return (
        f"{kind} holds a value that SOPS encrypted, without the `sops` block it opens with: encrypt the file as a whole"
    )
