"""What a comment commands: `/deploy …` on its first line, or nothing.

Quotes, code and later lines are somebody talking about a command. A line that begins with `/deploy` is meant for us;
where it cannot be read, its writer is told so, because silence looks like a broken hook.
"""

import unicodedata
from dataclasses import dataclass
from typing import Literal

from pushboat.errors import BadCommand, NotYetSupported
from pushboat.model.command_words import COMMAND_WORDS
from pushboat.model.wording import code

WORD = "/deploy"

Verb = Literal["deploy", "help", "status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that this version carries out; `environment` is what follows `/deploy`, known or not."""

    verb: Verb
    environment: str = ""


def parse(comment: str) -> Command | None:
    """Read the command in a comment; None where the comment is not for us.

    Raises:
        BadCommand: it is for us and cannot be read.
        NotYetSupported: the contract has it, this version does not.
    """
    line = _first_line(comment)
    if not _is_ours(line):
        return None
    _refuse_hidden_characters(line)
    word, *words = line.split()
    if word != WORD:
        raise BadCommand(f"Commands are written in lower case: {code(WORD)}, not {code(word)}.")
    if not words:
        raise BadCommand(f"{code(WORD)} needs to know where: {code('/deploy <environment>')}.")
    return _command(words)


def _command(words: list[str]) -> Command:
    first, *rest = words
    if first in COMMAND_WORDS - {"help", "status"}:
        raise NotYetSupported(f"not yet supported: {WORD} {first}")
    if rest:
        raise BadCommand(f"Nothing is expected after {code(f'{WORD} {first}')}, but there is {code(' '.join(rest))}.")
    if first == "help":
        return Command(verb="help")
    if first == "status":
        return Command(verb="status")
    return Command(verb="deploy", environment=first)


def _first_line(comment: str) -> str:
    """Give the first line that shows something; empty where that line is indented as code is."""
    for line in comment.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if _visible(line).strip():
            return "" if line.startswith(("    ", "\t", " \t", "  \t", "   \t")) else line.strip(" \t")
    return ""


def _is_ours(line: str) -> bool:
    words = _visible(line).split(maxsplit=1)
    return bool(words) and words[0].lower() == WORD


def _visible(line: str) -> str:
    """Leave out what no reader sees: zero-width and direction marks."""
    return "".join(character for character in line if unicodedata.category(character) != "Cf")


def _refuse_hidden_characters(line: str) -> None:
    """Refuse what is not plain ASCII: no environment's name has it, and what is not seen must not decide."""
    for character in line:
        if not " " <= character <= "~" and character != "\t":
            named = unicodedata.name(character, "a control character").lower()
            raise BadCommand(f"The command holds U+{ord(character):04X} ({named}), which it must not; type it again.")
