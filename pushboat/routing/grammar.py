"""How a comment is read: `/deploy …` on its first line, or nothing.

Quotes, code and later lines are somebody talking about a command. A line that begins with `/deploy` is meant for us;
where it cannot be read, its writer is told so, because silence looks like a broken hook.
"""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from pushboat.model.command_words import RESERVED_WORDS, SLASH
from pushboat.model.wording import code
from pushboat.routing.command import REASON, Command, table
from pushboat.routing.flags import take
from pushboat.routing.nearest import LONGEST_LINE, did_you_mean, guess, suggestion
from pushboat.routing.overhearing import by_mail

_MAILED = (
    "Commands do not count in answers to e-mails, where nobody proves who wrote them: write a comment on the page of "
    "the pull or merge request."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a comment says: a command's word with the names that it was given, or why it cannot be read."""

    word: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    puzzled: bool = False


def parse(comment: str, environments: Collection[str] = ()) -> Words | None:
    """Read the command in a comment; None where the comment is not for us.

    `environments` are those that the operator's file has: what is half right is answered with the nearest right one.
    """
    line = _first_line(comment)
    guessed = None if _is_right(line) else guess(line, environments, alone=_is_alone(comment))
    if not _is_ours(line) and guessed is None:
        return None
    if by_mail(comment):
        return Words(refusal=_MAILED)
    nearest = did_you_mean(guessed.command if guessed else suggestion(line.split()[1:], environments))
    if hidden := _hidden_character(_deciding(line)):
        return Words(refusal=f"{hidden}{nearest}", puzzled=True)
    if guessed:
        return Words(refusal=f"{guessed.why}{nearest}", puzzled=True)
    words = line.split()[1:]
    command = _meant(words)
    if command is None:
        other = table().get(words[0])
        instead = other.instead if other else ""
        return Words(word=words[0], refusal=instead or f"not yet supported: {SLASH} {words[0]}")
    said = _matched(command, _behind(line, 1 + len(command.words)))
    if not said.refusal:
        return said
    unknown = not command.words and environments and words and words[0] not in environments
    why = f"{code(words[0])} is neither a command nor an environment here." if unknown else said.refusal
    return replace(said, refusal=f"{why}{nearest}")


def _meant(words: list[str]) -> Command | None:
    """Find the command whose words these begin with; what is no command's word is an environment to deploy."""
    commands = table().values()
    if words and words[0] in RESERVED_WORDS:
        return next((each for each in commands if each.words[:1] == (words[0],)), None)
    return next(each for each in commands if each.grammar and not each.words)


def _behind(line: str, words: int) -> str:
    """Give what stands behind so many words of a line."""
    return line.split(maxsplit=words)[-1] if len(line.split()) > words else ""


def _matched(command: Command, written: str) -> Words:
    said = " ".join((SLASH, *command.words))
    taken = take(command, written)
    given = list(taken.words)
    known = (*command.names, *command.optional)
    reason = " ".join(given[len(known) :]) if command.takes_reason else ""
    given = given[: len(known)] if command.takes_reason else given
    missing, more = command.names[len(given) :], given[len(known) :]
    if missing:
        refusal = f"{code(said)} needs to know where: {code(command.grammar)}."
    elif more:
        all_said = " ".join((said, *given[: len(known)]))
        refusal = f"Nothing is expected after {code(all_said)}, but there is {code(' '.join(more))}."
    elif taken.refusal:
        refusal = taken.refusal
    else:
        names = dict(zip(known, given, strict=False))
        why = {REASON: reason} if reason else {}
        return Words(word=command.word, names={**names, **taken.said, **why})
    return Words(word=command.word, refusal=refusal, puzzled=True)


def _deciding(line: str) -> str:
    """Leave out why somebody wants it, and what options are given: people write that in their own language."""
    words = line.replace("\t", " ").split(" ")  # what else looks like a space is what must be seen here
    words = [word for word in words if word]
    command = _meant(words[1:]) if words[1:] else None
    if command is None or not (command.takes_reason or any(option.spoken for option in command.options)):
        return line
    before = 1 + len(command.words)
    behind = take(command, _behind(line, before)).words
    given = behind[: len(command.names)] if command.takes_reason else behind
    return " ".join((*words[:before], *given))


def _first_line(comment: str) -> str:
    """Give the first line that shows something; empty where that line is indented as code is."""
    for line in comment.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if _visible(line).strip():
            return "" if line.startswith(("    ", "\t", " \t", "  \t", "   \t")) else line.strip(" \t")
    return ""


def _is_ours(line: str) -> bool:
    words = _visible(line).split(maxsplit=1)
    return bool(words) and words[0].lower() == SLASH


def _is_right(line: str) -> bool:
    return line.split()[:1] == [SLASH]


def _is_alone(comment: str) -> bool:
    """Say whether one line is all that a comment has."""
    return len(comment.strip()) <= LONGEST_LINE and len(comment.strip().splitlines()) == 1


def _visible(line: str) -> str:
    """Leave out what no reader sees: zero-width and direction marks."""
    return "".join(character for character in line if unicodedata.category(character) != "Cf")


def _hidden_character(line: str) -> str:
    """Refuse what is not plain ASCII: no environment's name has it, and what is not seen must not decide."""
    for character in line:
        if not " " <= character <= "~" and character != "\t":
            named = unicodedata.name(character, "a control character").lower()
            return f"The command holds U+{ord(character):04X} ({named}), which it must not; type it again."
    return ""
