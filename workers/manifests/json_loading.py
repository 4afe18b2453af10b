"""Read JSON as kubectl does: one value after the other, numbers as Go holds them; with the place of what is wrong."""

import json
import math
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NoReturn

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import InvalidManifest
from pushboat.model.wording import printable
from workers.manifests.go_numbers import as_sent
from workers.manifests.json_nodes import STRING, json_nodes, nodes_at
from workers.manifests.words import DEEPEST_LEVEL, MOST_NODES, Document, Unread, invalid, invalid_after, invalid_at
from workers.manifests.yaml_scalars import PLAIN

_HALF_A_PAIR = re.compile(r"\\u[dD][89a-fA-F]")
"""What may be one, and is worth a closer look; YAML's parser refuses it by itself."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_SPACE = re.compile(r"[ \t\r\n]*")
_BRACKET = re.compile(rf"{STRING}|[{{}}\[\]]", re.DOTALL)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_LEVELS = {"{": 1, "[": 1, "}": -1, "]": -1}
_NO_NUMBER = "this is not a number that JSON knows: quote it"


class NotJson(Exception):
    """The text is something else, or JSON with a slip of the pen."""

    def __init__(self, refusal: InvalidManifest) -> None:
        super().__init__(refusal.summary)
        self.refusal = refusal


class _Refused(Exception):
    """A value that no API server takes stands somewhere in the text."""


def load_json(text: str, file: str, wrong: list[InvalidManifest]) -> list[Document]:
    """Read every value of a stream of JSON. Keys that stand twice are added to `wrong`, and the last of them counts.

    Raises:
        NotJson: a value cannot be read.
        InvalidManifest: with file:line:column, for what JSON allows and we do not.
    """
    if sum(map(text.count, ",[{")) > MOST_NODES:
        raise InvalidManifest(f"{file}: holds more than {MOST_NODES:,} values: split it")
    try:
        values = _read(text, file, wrong)
    except json.JSONDecodeError as error:
        raise NotJson(invalid_at(file, error.lineno, error.colno, f"this is not JSON: {error.msg}")) from error
    except RecursionError as error:
        raise _too_deep(text, file, _too_deep_at(text) or 0) from error
    if text.count("{") + text.count("[") > DEEPEST_LEVEL and (at := _too_deep_at(text)) is not None:
        raise _too_deep(text, file, at)
    _refuse_half_characters(list(values.values()), text, file)
    lists = any(isinstance(each, dict) and "items" in each for each in values.values())
    nodes = json_nodes(text) if lists else nodes_at(text, list(values))
    return [Document(value, node) for value, node in zip(values.values(), nodes, strict=True)]


def _read(text: str, file: str, wrong: list[InvalidManifest]) -> dict[int, Any]:
    """Give every value by the position where it begins.

    Raises:
        InvalidManifest: there is a number that is none; what stands behind it may be no JSON at all.
    """
    try:
        return dict(_values(text, _DECODER))
    except _Refused:
        nodes = json_nodes(text)
        twice = list(islice(_standing_twice(nodes, file), MOST_TWICE))
        try:
            values = dict(_values(text, _LENIENT))
        except _Refused as error:
            raise Unread([*twice, _first_wrong(nodes, file)], ()) from error
        except json.JSONDecodeError as error:
            refusal = invalid_at(file, error.lineno, error.colno, f"this is not JSON: {error.msg}")
            raise Unread([*twice, refusal], ()) from error
        wrong += twice
        return values


def _values(text: str, decoder: json.JSONDecoder) -> Iterator[tuple[int, Any]]:
    """Give every value with the position where it begins."""
    position = _after_space(text, 0)
    while position < len(text):
        value, end = decoder.raw_decode(text, position)
        yield position, value
        position = _after_space(text, end)


def _after_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise _Refused
    return data


def _number(text: str) -> int | float:
    number = float(text) if len(text) > _LONGEST_WHOLE or not text.lstrip("-").isdecimal() else int(text)
    if not math.isfinite(number):
        raise _Refused
    return as_sent(number)


def _refuse_constant(_: str) -> NoReturn:
    raise _Refused


_LONGEST_WHOLE = 20
"""Characters of what 64 bits hold; beyond it, Go rounds."""

_DECODER = json.JSONDecoder(
    object_pairs_hook=_without_repeats, parse_int=_number, parse_float=_number, parse_constant=_refuse_constant
)
_LENIENT = json.JSONDecoder(parse_int=_number, parse_float=_number, parse_constant=_refuse_constant)
MOST_TWICE = 1_000
"""Keys of one file that are told; whoever mends these pushes again."""
MOST_HALVES = 100
"""Of one file; each costs a look at what stands before it."""


def _standing_twice(nodes: Iterable[Node], file: str) -> Iterator[InvalidManifest]:
    """Find every key that stands twice, in the order of the text."""
    waiting = list(nodes)[::-1]
    while waiting:
        node = waiting.pop()
        if isinstance(node, MappingNode):
            seen: set[str] = set()
            for name, _ in node.value:
                if name.value in seen:
                    yield invalid(file, name, f"the key {printable(name.value)!r} stands twice in one object")
                seen.add(name.value)
            waiting += [value for _, value in reversed(node.value)]
        elif isinstance(node, SequenceNode):
            waiting += node.value[::-1]


def _first_wrong(nodes: Iterable[Node], file: str) -> InvalidManifest:
    """Find the number that is none; the value itself is unsaid, it may be a secret's."""
    waiting = list(nodes)[::-1]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ScalarNode) and node.tag == PLAIN and not _is_fine(node.value):
            return invalid(file, node, _NO_NUMBER)
        if isinstance(node, MappingNode):
            waiting += [value for _, value in reversed(node.value)]
        elif isinstance(node, SequenceNode):
            waiting += node.value[::-1]
    raise AssertionError("what was refused cannot be found")


def _is_fine(word: str) -> bool:
    """Say whether a word is a value; what stands behind the first wrong one may be no JSON at all."""
    return word in ("true", "false", "null") or (bool(_NUMBER.fullmatch(word)) and math.isfinite(float(word)))


def _too_deep_at(text: str) -> int | None:
    """Find the bracket that opens a level too many."""
    level = 0
    for bracket in _BRACKET.finditer(text):
        level += _LEVELS.get(bracket[0], 0)
        if level > DEEPEST_LEVEL:
            return bracket.start()
    return None


def _too_deep(text: str, file: str, position: int) -> InvalidManifest:
    return invalid_after(file, text[:position], f"nested more than {DEEPEST_LEVEL} levels deep")


def _refuse_half_characters(values: Any, text: str, file: str) -> None:
    if not _HALF_A_PAIR.search(text):
        return
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        words = "half of a surrogate pair is no character: write the whole one"
        halves = islice(_halves_of_pairs(text), MOST_HALVES)
        raise Unread([invalid_after(file, text[:at], words) for at in halves], ()) from error


def _halves_of_pairs(text: str) -> Iterator[int]:
    """Find the escapes that are only one half."""
    first: re.Match[str] | None = None
    for escape in _ESCAPE.finditer(text):
        code = int(escape[1] or "0", 16)
        second = 0xDC00 <= code <= 0xDFFF
        whole = second and first is not None and escape.start() == first.end()
        if first is not None and not whole:
            yield first.start()
        if second and not whole:
            yield escape.start()
        first = escape if 0xD800 <= code <= 0xDBFF else None
    if first is not None:
        yield first.start()
