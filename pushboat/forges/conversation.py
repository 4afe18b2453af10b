"""Comments that are written once and then edited: a hidden marker as the last line, and room made for it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pushboat.model.letter import ReplyLetter, StickyLetter

LONGEST_FENCE = 400
"""Characters: a fence is longer than any run of backticks in a line of a log."""
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
_CUT = "\n\n… cut here: longer than this forge allows; the whole text stands on Pushboat's page.\n\n"

_EDITION = re.compile(r"<!-- pushboat-edition-(\d{1,18}) -->")
MOST_LOOKED_AT = 2_000
"""Comments among which the sticky one is looked for, the oldest first: it comes early in a conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A comment as the forge has it; `number` is the forge's own."""

    number: int
    author: str
    body: str


def text_of(letter: ReplyLetter, public_url: str, longest: int) -> str:
    """Write a reply as it is posted: its text, where more is told, and the marker."""
    more = f"[More about it]({public_url}{letter.path})" if letter.path else ""
    return marked(letter.body, letter.marker, longest, more)


def marked(body: str, marker: str, longest: int, more: str = "") -> str:
    """Put the hidden marker below the body, cutting the body where the forge would refuse its length."""
    line = f"{more}\n\n{hidden(marker)}" if more else hidden(marker)
    room = longest - len(line) - 2
    text = body.rstrip()
    if len(text) > room:
        text = _beginning(text, room - len(_CUT)).rstrip() + _CUT.rstrip()
    return f"{text}\n\n{line}"


def _beginning(text: str, room: int) -> str:
    """Keep whole lines, and close the code that the cut would leave open: nobody's words may get out of it."""
    kept = text[: room - LONGEST_FENCE]
    line = kept.rfind("\n")
    kept = kept[:line] if line > 0 else kept
    fence = ""
    for mark in _FENCE.findall(kept):
        fence = mark if not fence else "" if mark.startswith(fence) else fence
    if fence:
        return f"{kept}\n{fence}"
    return kept[: kept.rfind("`")] if line <= 0 and kept.count("`") % 2 else kept


def outside_of_code(text: str, change: Callable[[str], str]) -> str:
    """Change what stands in no fence and no code span of a text: there stands what others wrote, word for word."""
    lines, fence = [], ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        lines.append(line if fence or mark else "".join(_outside_of_spans(line, change)))
    return "\n".join(lines)


def _outside_of_spans(line: str, change: Callable[[str], str]) -> Iterator[str]:
    """Change a line but for its code spans: what stands between two equal runs of backticks."""
    at = 0
    for span in _SPAN.finditer(line):
        yield change(line[at : span.start()])
        yield span[0]
        at = span.end()
    yield change(line[at:])


def is_marked(body: str, marker: str) -> bool:
    """Say whether this is the comment with that marker: its last line, not somebody's quote of it."""
    lines = body.rstrip().splitlines()
    return bool(lines) and lines[-1].strip() == hidden(marker)


def earlier(there: Iterable[Written], author: str) -> Written | None:
    """Choose among comments with our marker the one to edit: ours, since whoever reads the marker can copy it."""
    return next((comment for comment in there if comment.author == author), None)


def stays(comment: Written, letter: ReplyLetter, text: str) -> bool:
    """Say whether a comment is left as it is: it says this already, however the forge ends its lines, or more.

    Only what has come of it has a page. The first word about it, posted by somebody who was frozen since, comes late.
    """
    return not letter.path or comment.body.rstrip().splitlines() == text.rstrip().splitlines()


def sticky_text(letter: StickyLetter, longest: int) -> str:
    """Write a sticky comment as it is posted: its text, which edition that is, and the marker."""
    return marked(letter.body, letter.marker, longest, hidden(f"pushboat-edition-{letter.edition}"))


def the_sticky(there: Iterable[Written], letter: StickyLetter, author: str) -> Written | None:
    """Find our sticky comment among comments; nobody else's, whatever stands at its end."""
    return next((each for each in there if each.author == author and is_marked(each.body, letter.marker)), None)


def is_outdated(comment: Written, letter: StickyLetter) -> bool:
    """Say whether a sticky comment is of an earlier edition: what was posted late takes the place of nothing newer."""
    lines = comment.body.rstrip().splitlines()
    found = _EDITION.fullmatch(lines[-3].strip()) if len(lines) > 2 else None
    return found is None or int(found[1]) < letter.edition


def hidden(marker: str) -> str:
    """Write a marker so that no forge shows it."""
    return marker if marker.startswith("<!--") else f"<!-- {marker} -->"
