"""What a comment says with two dashes: flags, and options with a value, such as `--for 2h` or `--to bob`."""

import re
from dataclasses import dataclass, field

from pushboat.model.wording import code
from pushboat.routing.command import YES, Command, Option

_QUOTES = {'"': '"', "'": "'", "\u201c": "\u201d", "\u201e": "\u201c", "\u00ab": "\u00bb"}
"""What opens a value of several words, and what closes it; phones write the typographic ones by themselves."""
_WORD = re.compile(r"[ \t]*([^ \t]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is left of a line without its options, what these say by their names, and why one cannot be read."""

    words: tuple[str, ...]
    said: dict[str, str] = field(default_factory=dict)
    refusal: str = ""


def take(command: Command, line: str) -> Taken:
    """Take the options that a command has in comments out of what stands behind its words."""
    options = {option.written: option for option in command.options if option.in_comments}
    left: list[str] = []
    said: dict[str, str] = {}
    at = 0
    while word := _WORD.match(line, at):
        written, equals, _ = word[1].partition("=")
        option = options.get(written)
        if option is None or (equals and not option.metavar):
            left.append(word[1])
            at = word.end()
        elif not option.metavar:
            said[option.name] = YES
            at = word.end()
        else:
            value, at = _value(line, word.start(1) + len(written) + len(equals))
            if wrong := _wrong(option, value):
                return Taken(words=tuple(left), said=said, refusal=wrong)
            said[option.name] = value
    return Taken(words=tuple(left), said=said)


def _value(line: str, at: int) -> tuple[str, int]:
    """Read a value and say where it ends: one word, or all that stands in quotes."""
    while line[at : at + 1].isspace():
        at += 1
    closing = _QUOTES.get(line[at : at + 1])
    end = line.find(closing, at + 1) if closing else -1
    if end >= 0:
        return line[at + 1 : end].strip(), end + 1
    end = line.find(" ", at)
    word = line[at:] if end < 0 else line[at:end]
    return ("", at) if word.startswith("--") else (word, at + len(word))


def _wrong(option: Option, value: str) -> str:
    if not value:
        return f"{code(option.written)} needs a value: {code(f'{option.written} {option.metavar}')}."
    try:
        option.read(value)
    except ValueError as error:
        return f"{code(option.written)} {error}."
    return ""
