"""Mutations that know a little of what they change: lines and words of a text, keys and values of JSON, headers.

The fuzzer mixes them with its own, which know nothing but which bytes made a difference. `make test` makes some of
them from a seed, without any fuzzer.
"""

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

ODD = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, 1e308, 0.5, "", " ", "0", "²", "-", "..", "../x", "/", "a/b",
    "\0", "\n", "\u2028", "\u202e", "\u200b", "\ud800", "é", "x" * 300, [], {}, [[]], [{}], {"": ""}, [None], "null",
    "true",
)  # fmt: skip
"""Values that no honest tool sends in most places."""
WRITTEN_NUMBERS = ("²", "٣", "-1", "007", " 7", "1_0", "1e3", "0x1", "7.0", "9" * 30)
"""What one function takes for a number and the next one does not."""
_STANDS_FOR = re.compile(r"\{\w+\}")
"""What a signature in a header is written as (`deliveries.py`)."""
_DEEPEST = 60
_AT_ONCE = (1, 1, 1, 2, 4)


def mutated(data: bytes, chance: Random, shape: str, words: Sequence[str], largest: int) -> bytes:
    """Change an input in one place, or in a few."""
    for _ in range(chance.choice(_AT_ONCE)):
        data = _SHAPES[shape](data, chance, words)[:largest]
    return data


def _lines(data: bytes, chance: Random, words: Sequence[str]) -> bytes:
    text = data.decode("utf-8", "surrogateescape")
    change = chance.choice((_move_lines, _move_lines, _put_word, _put_word, _put_odd, _cut, _repeat, _indent, _in_line))
    return change(text, chance, words).encode("utf-8", "surrogateescape")


def _json(data: bytes, chance: Random, words: Sequence[str]) -> bytes:
    try:
        root = json.loads(data)
    except (ValueError, RecursionError):
        return _lines(data, chance, words)
    if chance.random() < 0.1:
        return _lines(data, chance, words)
    holder = [root]
    places = list(_places(holder, 0))
    numbers = [(at, key) for at, key in places if isinstance(at[key], str) and at[key].isdigit()]
    at, key = chance.choice(places)
    if numbers and chance.random() < 0.1:
        at, key = chance.choice(numbers)
        at[key] = chance.choice(WRITTEN_NUMBERS)
        return _written(holder, chance)
    _CHANGES[chance.randrange(len(_CHANGES))](at, key, chance.choice(places), chance, words)
    return _written(holder, chance)


def _written(holder: list[Any], chance: Random) -> bytes:
    text = json.dumps(holder[0] if holder else None, ensure_ascii=chance.random() < 0.5)
    return text.encode("utf-8", "surrogatepass")


def _http(data: bytes, chance: Random, words: Sequence[str]) -> bytes:
    head, blank, body = data.partition(b"\n\n")
    if chance.random() < 0.4:
        of_heads = [word for word in words if "{" in word or ": " in word]
        change = _signed_otherwise if chance.random() < 0.25 else _lines
        return change(head, chance, of_heads or words) + blank + body
    return head + blank + _json(body, chance, words)


def _signed_otherwise(head: bytes, chance: Random, words: Sequence[str]) -> bytes:
    """Put another `{word}` in the place of one, or nothing: a signature of something else, or one just begun."""
    text = head.decode("utf-8", "surrogateescape")
    places, others = list(_STANDS_FOR.finditer(text)), [word for word in words if _STANDS_FOR.fullmatch(word)]
    if not places or not others:
        return _lines(head, chance, words)
    place = chance.choice(places)
    changed = text[: place.start()] + chance.choice(("", *others)) + text[place.end() :]
    return changed.encode("utf-8", "surrogateescape")


_SHAPES: dict[str, Callable[[bytes, Random, Sequence[str]], bytes]] = {"lines": _lines, "json": _json, "http": _http}
Spot = tuple[Any, Any]
"""A list or a mapping, and where in it."""


def _places(node: Any, depth: int) -> Any:
    keys = list(node) if isinstance(node, dict) else range(len(node))
    for key in keys:
        yield node, key
        if isinstance(node[key], dict | list) and depth < _DEEPEST:
            yield from _places(node[key], depth + 1)


def _replace(at: Any, key: Any, _other: Spot, chance: Random, words: Sequence[str]) -> None:
    at[key] = chance.choice((*ODD, *words))


def _remove(at: Any, key: Any, _other: Spot, _chance: Random, _words: Sequence[str]) -> None:
    del at[key]


def _copy(at: Any, key: Any, other: Spot, _chance: Random, _words: Sequence[str]) -> None:
    at[key] = json.loads(json.dumps(other[0][other[1]]))


def _rename(at: Any, key: Any, _other: Spot, chance: Random, words: Sequence[str]) -> None:
    if isinstance(at, dict):
        at[chance.choice(words)] = at.pop(key)
    else:
        at.append(at[key])


def _add(at: Any, key: Any, other: Spot, chance: Random, words: Sequence[str]) -> None:
    into = at[key] if isinstance(at[key], dict | list) else at
    value = chance.choice((*ODD, *words, json.loads(json.dumps(other[0][other[1]]))))
    if isinstance(into, dict):
        into[chance.choice(words)] = value
    else:
        into.insert(chance.randint(0, len(into)), value)


def _spell(at: Any, key: Any, _other: Spot, chance: Random, words: Sequence[str]) -> None:
    value = at[key]
    if isinstance(value, str):
        at[key] = _in_line(value, chance, words)
    elif isinstance(value, bool):
        at[key] = not value
    elif isinstance(value, int | float):
        at[key] = chance.choice((value + 1, value - 1, -value, str(value), value * 10))
    else:
        _add(at, key, (at, key), chance, words)


_CHANGES = (_replace, _replace, _remove, _copy, _rename, _add, _spell, _spell)


def _move_lines(text: str, chance: Random, _words: Sequence[str]) -> str:
    lines = text.split("\n")
    line = lines.pop(chance.randrange(len(lines)))
    for _ in range(chance.randint(0, 2)):
        lines.insert(chance.randint(0, len(lines)), line)
    return "\n".join(lines)


def _put_word(text: str, chance: Random, words: Sequence[str]) -> str:
    """Put a word in, or in the place of another one."""
    at = chance.randint(0, len(text))
    starts = [
        place for place, sign in enumerate(text) if not sign.isspace() and (not place or text[place - 1].isspace())
    ]
    if starts and chance.random() < 0.7:
        at = chance.choice(starts)
        end = next((place for place in range(at, len(text)) if text[place].isspace()), len(text))
        return text[:at] + chance.choice(words) + text[end if chance.random() < 0.5 else at :]
    return text[:at] + chance.choice(words) + text[at:]


def _put_odd(text: str, chance: Random, _words: Sequence[str]) -> str:
    at, odd = chance.randint(0, len(text)), chance.choice(ODD)
    put = odd if isinstance(odd, str) else json.dumps(odd)
    return text[:at] + put.encode("utf-8", "replace").decode() + text[at:]


def _cut(text: str, chance: Random, _words: Sequence[str]) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + text[at + chance.randint(1, 20) :]


def _repeat(text: str, chance: Random, _words: Sequence[str]) -> str:
    at = chance.randint(0, len(text))
    return text[:at] + text[at : at + chance.randint(1, 40)] * chance.choice((2, 3, 30)) + text[at:]


def _indent(text: str, chance: Random, _words: Sequence[str]) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    lines[at] = (
        lines[at][1:]
        if lines[at].startswith(" ") and chance.random() < 0.5
        else chance.choice(("  ", "\t")) + lines[at]
    )
    return "\n".join(lines)


def _in_line(text: str, chance: Random, words: Sequence[str]) -> str:
    return chance.choice((_cut, _repeat, _put_word, _put_odd, _swap_case))(text, chance, words)


def _swap_case(text: str, chance: Random, _words: Sequence[str]) -> str:
    at = chance.randint(0, len(text))
    end = at + chance.randint(1, 8)
    return text[:at] + text[at:end].swapcase() + text[end:]
