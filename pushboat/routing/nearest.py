"""The nearest right command to one that is half right: said back to whoever wrote it, and never carried out.

What is clearly meant for somebody else (`/deploy-preview`, `/deployment`, a path) is left alone.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from pushboat.model.command_words import RESERVED_WORDS, SLASH
from pushboat.model.wording import code
from pushboat.routing.command import ENVIRONMENT, FROM, Command, table

DID_YOU_MEAN = "Did you mean"
LONGEST_LINE = 400
"""Characters that are looked at: no command is as long."""

_LIKE_LATIN = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u043a\u043c\u0442\u043d\u04cf\u0261"
    "\u03bf\u03b1\u03b5\u03c1\u03c4\u03c5\u03b9\u03ba\u03bd\u0410\u0415\u041e\u0420\u0421\u0425\u0422\u0412\u041d\u041c\u041a",
    "aeopcyxijsdhkmthlgoaeptuiknAEOPCXTBHMK",
)
"""Letters of other scripts that look like ours."""
_SLASHES = re.compile(r"^(?:\\?/|[\u2044\u2215\u2571\u29f8\\])")
"""What stands for a slash at a beginning, or hides one from Markdown."""
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212-"
_MARKED = re.compile(r"^(?:[-*+]\s+|\d{1,3}[.)]\s+)?(`*)(\S.*?)\1$")
_AROUND = "\"'`.,;:!?()[]{}<>*_\u2018\u2019\u201c\u201d\u00ab\u00bb\u201e"
_RELEASE = re.compile(r"[vr#]?(\d{1,9})", re.IGNORECASE)
_MEANT = {
    "dry-run": "plan", "dryrun": "plan", "noop": "plan", "diff": "plan", "preview": "plan", "check": "plan",
    "revert": "rollback", "undo": "rollback", "stop": "cancel", "abort": "cancel",
    "info": "status", "list": "status", "usage": "help", "commands": "help",
}  # fmt: skip
"""Other tools' words for what ours do."""
_DIRECTIONS = {"from": FROM, "to": ENVIRONMENT, "into": ENVIRONMENT, "onto": ENVIRONMENT}
"""What people write before an environment that something comes from, or goes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """Why a line is no command, and the one that was probably meant (empty: nobody can say)."""

    why: str
    command: str


def guess(line: str, environments: Collection[str], *, alone: bool) -> Guess | None:
    """Say what is wrong with a first line that begins like a command and is none; None where it is for others.

    `alone`: nothing else stands in the comment, so that it is no talk about a command.
    """
    line = line[:LONGEST_LINE]
    words = _plain(line).split()
    first, rest = _first(words)
    if first == SLASH:
        command = suggestion(rest, environments)
        apart = words[0].lower() in (SLASH, "/")  # else it may be somebody's sentence about `/deploy`, and mostly is
        return Guess(why=_why(line), command=command) if apart or command else None
    if first and _is_slip(first):
        return Guess(why=f"There is no {code(first)}.", command=suggestion(rest, environments))
    return _alone(line, environments) if alone else None


def suggestion(words: Sequence[str], environments: Collection[str]) -> str:
    """Give the right command that comes nearest to what stands behind `/deploy`; empty where none does."""
    bare = [_plain(word).strip(_AROUND) for word in words[:40]]
    flags = ["--" + word.lstrip(_DASHES) for word in bare if word[:1] in _DASHES and word.strip(_DASHES)]
    said = [word for word in bare if word and word[0] not in _DASHES]
    if any(word.lower() in RESERVED_WORDS - _spoken() for word in said):
        return ""  # a word of the command line, or of a later version: leaving it out would mean something else
    command, said = _command(said, flags, environments)
    if len(command.names) > 1:
        names, said = _in_order(said, environments), []
        if len(names) != len(command.names):
            return ""  # which of them is meant to be where would be a guess at what runs
    else:
        where, said = _one(said, environments)
        if not where and ENVIRONMENT in command.names:
            return ""
        names = [where] if where and ENVIRONMENT in (*command.names, *command.optional) else []
    numbers = [found[1] for word in said if (found := _RELEASE.fullmatch(word))]
    more = numbers[:1] if set(command.optional) - {ENVIRONMENT} else []
    kept = dict.fromkeys(close for flag in flags for close in get_close_matches(flag, command.flags, n=1, cutoff=0.6))
    return " ".join((SLASH, *command.words, *names, *more, *kept))


def did_you_mean(command: str) -> str:
    """Ask it, with a space in front; nothing where nobody can say."""
    return f" {DID_YOU_MEAN} {code(command)}?" if command else ""


def _alone(line: str, environments: Collection[str]) -> Guess | None:
    """Guess where a whole comment is exactly a command but for what stands around it, or for its slash."""
    found = _MARKED.match(_plain(line))
    words = found[2].split() if found else []
    marked = " ".join(words)
    if found and marked != _plain(line) and words[:1] == [SLASH] and marked == suggestion(words[1:], environments):
        return Guess(why="Commands do not count in code and in lists.", command=marked)
    slashed = f"/{marked}".lower()
    if words[:1] and words[0].lower() == SLASH[1:] and slashed == suggestion(words[1:], environments).lower():
        return Guess(why="Commands begin with a slash.", command=suggestion(words[1:], environments))
    return None


def _plain(text: str) -> str:
    """Write a text as whoever typed it saw it: no hidden characters, our letters, simple slashes."""
    seen = "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    return _SLASHES.sub("/", seen.translate(_LIKE_LATIN).strip())


def _first(words: list[str]) -> tuple[str, list[str]]:
    """Tell the first word from the rest, also where they hang together by a colon or are torn apart."""
    if words[:1] == ["/"] and len(words) > 1:
        words = [f"/{words[1]}", *words[2:]]
    if not words or not words[0].startswith("/"):
        return "", []
    first, _, joined = re.sub("[:=,;.!?]", " ", words[0], count=1).partition(" ")
    return first.lower(), [*([joined] if joined else []), *words[1:]]


def _is_slip(word: str) -> bool:
    """Say whether a word is `/deploy` with one letter wrong, missing, too many or misplaced, and no longer word."""
    if word.startswith(SLASH) or abs(len(word) - len(SLASH)) > 1 or not word[1:].isalpha():
        return False
    ahead = next((at for at, (a, b) in enumerate(zip(word, SLASH, strict=False)) if a != b), min(len(word), len(SLASH)))
    ends = {
        (word[ahead + 1 :], SLASH[ahead + 1 :]),
        (word[ahead:], SLASH[ahead + 1 :]),
        (word[ahead + 1 :], SLASH[ahead:]),
        (word[ahead : ahead + 2][::-1] + word[ahead + 2 :], SLASH[ahead:]),
    }
    return any(ours == theirs for ours, theirs in ends)


def _why(line: str) -> str:
    first = line.split()[0] if line.split() else ""
    if first.lower() == SLASH and first != SLASH:
        return f"Commands are written in lower case: {code(SLASH)}, not {code(first)}."
    return f"A command begins with {code(SLASH)} and a space."


def _command(said: list[str], flags: Iterable[str], environments: Collection[str]) -> tuple[Command, list[str]]:
    """Find which command is meant, and leave its word out of the rest; without one it is the deployment itself."""
    known = {each.words[0]: each for each in table().values() if each.words}
    deploy = next(each for each in table().values() if each.grammar and not each.words)
    free = [word for word in said if word not in environments]
    other = [word.strip("-").lower() for word in flags]
    for word in free:
        if word.lower() in known:
            return known[word.lower()], [each for each in said if each != word]
    for word in (*free, *other):
        if word.lower() in _MEANT:
            return known[_MEANT[word.lower()]], [each for each in said if each != word]
    for word in free:
        close = get_close_matches(word.lower(), [*known, *environments], n=1, cutoff=0.7)
        if close and close[0] in known:
            return known[close[0]], [each for each in said if each != word]
    return deploy, said


def _in_order(said: Sequence[str], environments: Collection[str]) -> list[str]:
    """Name the environments that are meant, each once, in the order in which a command names them: from, to.

    That is the order in which they were said, unless a word before them says otherwise; none where words disagree.
    """
    found: dict[str, int] = {}
    for at, word in enumerate(said):
        if where := _one([word], environments)[0]:
            found.setdefault(where, at)
    before = [_DIRECTIONS.get(said[at - 1].lower()) if at else None for at in found.values()]
    if None not in before and len(set(before)) < len(before):
        return []
    turned = before[:1] == [ENVIRONMENT] or before[1:2] == [FROM]
    return list(reversed(found)) if turned else list(found)


def _spoken() -> set[str]:
    """Name the words that a comment may say."""
    return {command.word for command in table().values() if command.grammar}


def _one(said: list[str], environments: Collection[str]) -> tuple[str, list[str]]:
    """Find which environment is meant, and leave it out of the rest."""
    spelled = {each.lower(): each for each in environments}
    for cutoff in (1.0, 0.6):
        for word in said:
            if close := get_close_matches(word.lower(), spelled, n=1, cutoff=cutoff):
                return spelled[close[0]], [each for each in said if each != word]
    return "", said
