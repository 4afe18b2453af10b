"""Each sentence once: what a deployment did or would do, and how names that other people wrote are said back to them.

What arrives in files and comments may hold line breaks, invisible characters or mentions; it leaves here as one short
printable word, so that statuses, logs and replies cannot be forged with it.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from pushboat.model.deployment import Counts

LONGEST_NAME = 60
"""Longer names are cut: a status has room for 140 characters in all."""
LOOKS_LIKE = "this looks like"
"""How a sentence about a credential begins, behind its place."""
MOST_NAMES = 20
"""Names that one sentence lists."""
_PLAIN_NAME = re.compile(r"(?![0-9a-f]{7})[A-Za-z0-9]{1,40}")
"""No mention, no address, no commit, no GH-1."""
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")


def printable(text: str, longest: int = LONGEST_NAME) -> str:
    """Cut a name and escape what would not print as itself."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(character if character.isprintable() else _escaped(character) for character in cut)


def quoted(text: str) -> str:
    """Put a name in quotes for a status, a log line or a terminal."""
    return f"'{printable(text)}'"


def code(text: str, longest: int = LONGEST_NAME) -> str:
    """Put a name in a code span, where forges turn neither mentions nor links into anything."""
    return f"`{printable(text, longest).replace('`', chr(39))}`"


def ended_by(who: str, command: str) -> str:
    """Say who or what ends a hold, and with which command; nothing where nobody knows."""
    person, way = f"by {who}" if who else "", f"with {command}" if command else ""
    return f"ended {', '.join(each for each in (person, way) if each)}" if who or command else ""


def called(name: str) -> str:
    """Say a person's name as it is where no forge makes anything of it, else as code: `www.example` may be a login."""
    return name if _PLAIN_NAME.fullmatch(name) else code(name)


def near_miss(word: str, known: Iterable[str]) -> str:
    """Ask "did you mean …?", or list what is known; empty where nothing is."""
    names = sorted(known)
    close = [name for name in names if word and name.lower().endswith(f"/{word.lower()}")]
    if len(close) != 1:  # a repository by its last part is meant more surely than one that is written alike
        close = get_close_matches(word.lower(), names, n=1, cutoff=0.6) if len(word) <= LONGEST_NAME else []
    if close:
        return f"did you mean {quoted(close[0])}?"
    return f"known: {', '.join(some(names))}" if names else ""


def some(names: Iterable[str]) -> list[str]:
    """Name no more than people read, and count the rest."""
    every = list(names)
    more = len(every) - MOST_NAMES
    return every if more <= 1 else [*every[:MOST_NAMES], f"{more:,} more"]


def listed(names: Iterable[str], last: str = "and") -> str:
    """Join names as a sentence does: a, b and c."""
    words = list(names)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def counted(number: int, noun: str) -> str:
    """Say a number with its noun: 1 object, 3 objects."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def would_do(counts: Counts) -> str:
    """Say what applying a plan would do: 3 to create, 1 to change, 0 to delete."""
    recreated = f"{counts.recreated} to recreate, " if counts.recreated else ""
    refused = f", {counts.refused} refused" if counts.refused else ""
    return f"{counts.created} to create, {counts.configured} to change, {recreated}{counts.deleted} to delete{refused}"


def would_do_in_short(counts: Counts) -> str:
    """Say only what it would do, for a cell of a table; empty where it would do nothing."""
    would = {
        "to create": counts.created,
        "to change": counts.configured,
        "to recreate": counts.recreated,
        "to delete": counts.deleted,
        "refused": counts.refused,
    }
    return ", ".join(f"{number} {word}" for word, number in would.items() if number)


def unbold(details: str) -> str:
    """Take the marks off what details set in bold, where nobody renders them."""
    return _BOLD.sub(r"\1", details)


def did(counts: Counts) -> str:
    """Say what a deployment did to how many objects: 3 created, 1 configured, 9 unchanged."""
    done = {
        "created": counts.created,
        "configured": counts.configured,
        "recreated": counts.recreated,
        "deleted": counts.deleted,
        "unchanged": counts.unchanged,
        "refused": counts.refused,
    }
    return ", ".join(f"{number} {word}" for word, number in done.items() if number) or "none"


def outcome(state: str, reason: str) -> str:
    """Say a state and its reason, without saying the state twice."""
    why = beside(reason, state)
    return f"{state}: {why}" if why else state


def beside(reason: str, state: str) -> str:
    """Say a reason that stands beside its state's own word, and may begin with it: "superseded", "by 1a2b3c4"."""
    return "" if reason == state else reason.removeprefix(f"{state} ")


def _escaped(character: str) -> str:
    return f"\\u{ord(character):04x}"
