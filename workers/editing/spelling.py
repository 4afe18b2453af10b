"""How a value is spelt in a file, so that kubectl reads that very value: in one line, as a block, as lines of text.

Whether a word needs quotes is asked of the reader itself: `1e3`, `on`, `0644` and `~` are no text without them.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pushboat.errors import InvalidManifest
from workers.manifests.yaml_loading import load

_INDENT = 2
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
MOST_KEPT = 4_096
"""Words whose spelling is remembered while a file is changed over and over."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a file is written: as JSON, and how far the dashes of a list stand from their key."""

    is_json: bool = False
    dash: int = 0


def inline(value: Any, manner: Manner, *, quote: str = "", in_flow: bool = False) -> str:
    """Spell a value in one line; `quote` is what a text stood in before."""
    if isinstance(value, str):
        return _text(value, manner, quote, in_flow=in_flow)
    if isinstance(value, Mapping):
        pairs = (f"{key_of(key, manner, in_flow=True)}: {_below(each, manner)}" for key, each in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(_below(each, manner) for each in value)}]"
    return json.dumps(value)


def _below(value: Any, manner: Manner) -> str:
    return inline(value, manner, in_flow=True)


def key_of(key: str, manner: Manner, *, in_flow: bool = False) -> str:
    """Spell a mapping's key."""
    return _text(key, manner, "", in_flow=in_flow)


def entry(key: str, value: Any, manner: Manner) -> list[str]:
    """Spell a mapping's entry as lines, the first of which stands at the mapping's own column."""
    name = key_of(key, manner)
    if is_branch(value):
        deeper = manner.dash if isinstance(value, list) else _INDENT
        return [f"{name}:", *(indented(line, deeper) for line in block(value, manner))]
    first, *more = _leaf(value, manner)
    return [f"{name}: {first}", *(indented(line, _INDENT) for line in more)]


def item(value: Any, manner: Manner) -> list[str]:
    """Spell an item of a list as lines, the first of which begins with its dash."""
    first, *more = block(value, manner) if is_branch(value) else _leaf(value, manner)
    return [f"- {first}", *(indented(line, _INDENT) for line in more)]


def block(value: Any, manner: Manner) -> list[str]:
    """Spell a mapping or a list that holds something as lines."""
    if isinstance(value, Mapping):
        return [line for key, each in value.items() for line in entry(key, each, manner)]
    return [line for each in value for line in item(each, manner)]


def is_branch(value: Any) -> bool:
    """Say whether a value is spelt as a block: a mapping or a list with something in it."""
    return isinstance(value, Mapping | list) and bool(value)


def lines_of_text(text: str) -> list[str] | None:
    """Give the sign and the lines of a text that can stand as it is; None where it needs quotes and escapes."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    plain = all(each.isprintable() or each.replace("\t", "").isprintable() for each in lines)
    if not plain or not body or body.endswith("\n") or lines[0][:1] in ("", " ", "\t"):
        return None
    return ["|" if text.endswith("\n") else "|-", *lines]


def indented(line: str, columns: int) -> str:
    """Move a line to the right; one without anything in it stays so."""
    return f"{' ' * columns}{line}" if line else line


def _leaf(value: Any, manner: Manner) -> list[str]:
    lines = lines_of_text(value) if isinstance(value, str) and "\n" in value.rstrip("\n") else None
    return lines or [inline(value, manner)]


def _text(text: str, manner: Manner, quote: str, *, in_flow: bool) -> str:
    if manner.is_json:
        return json.dumps(text, ensure_ascii=not text.isprintable())
    if quote == "'" and text.isprintable():
        return f"'{text.replace(quote, quote * 2)}'"
    if not quote and _is_plain(text, in_flow):
        return text
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    code = ord(letter)
    if letter.isprintable():
        return letter
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


@lru_cache(maxsize=MOST_KEPT)
def _is_plain(text: str, in_flow: bool) -> bool:  # noqa: FBT001 - a cache knows no names
    """Say whether a word without quotes is read as the very same text, as a value and as a key."""
    if not text.isprintable():
        return False
    shown = f"[{text}, {text}]" if in_flow else f"{text}: {text} # {text}"
    wanted: Any = [text, text] if in_flow else {text: text}
    try:
        return [*_data(shown)] == [wanted]
    except InvalidManifest:
        return False


def _data(text: str) -> Iterator[Any]:
    return (each.data for each in load(text, ""))
