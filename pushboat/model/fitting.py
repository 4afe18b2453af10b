"""Fits a comment into what a forge accepts: pieces are whole or not there, fences and folds are always closed.

All is measured in bytes, which are never fewer than the characters that a forge may count instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pushboat.model.code_fences import fence_around, fenced

FEWEST_LINES = 3
"""Of a diff that is cut; with fewer of them it is left out, and says nothing."""
_HUNK = "@@ "


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A text that is there whole or not at all, and lines of a diff below it, of which there may be fewer."""

    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Pieces under one head, such as a table's or a fold's; the `end` is there whenever the head is.

    `rest` says what is missing, where something is, with `{number}` for how many pieces that are.
    """

    head: str = ""
    pieces: tuple[Piece, ...] = ()
    end: str = ""
    joint: str = "\n\n"
    rest: str = "… {number} more"


def size(text: str) -> int:
    """Measure a text as the forge gets it."""
    return len(text.encode("utf-8", "replace"))


def fitted(parts: Sequence[Part], last: str, room: int) -> str:
    """Write all parts and the last words into so many bytes.

    Whoever needs little gets all of it, and the others share what is left alike. A part whose frame has no room is left
    out; the last words are always there.
    """
    left = room - size(last)
    framed: list[int] = []
    for place, part in enumerate(parts):
        if (frame := _frame(part)) <= left:
            framed.append(place)
            left -= frame
    written: dict[int, str] = {}
    needs = sorted((_need(parts[place]), place) for place in framed)
    for turn, (need, place) in enumerate(needs):
        share = left // (len(needs) - turn)
        text, used = _written(parts[place], min(share, need))
        written[place] = text
        left -= used
    texts = [written[place] for place in sorted(written) if written[place]]
    return "\n\n".join((*texts, last))


def _need(part: Part) -> int:
    return sum(size(_whole(each)) + size(part.joint) for each in part.pieces)


def _frame(part: Part) -> int:
    rest = _rest(part, len(part.pieces)) if part.pieces else ""
    return size(part.head) + size(part.joint) + size(part.end) + size(rest) + 3 * size("\n\n")


def _written(part: Part, room: int) -> tuple[str, int]:
    kept, used = [], 0
    for piece in part.pieces:
        text = _within(piece, room - used - size(part.joint))
        if text:
            kept.append(text)
            used += size(text) + size(part.joint)
    missing = len(part.pieces) - len(kept)
    body = part.joint.join([part.head, *kept] if part.head else kept)
    rest = _rest(part, missing) if missing else ""
    return "\n\n".join(each for each in (body, rest, part.end) if each), used


def _whole(piece: Piece) -> str:
    return _block(piece, piece.lines, "")


def _rest(part: Part, number: int) -> str:
    return part.rest.replace("{number}", f"{number:,}")


def _within(piece: Piece, room: int) -> str:
    """Give a piece whole, or with fewer lines where it has some; nothing where even that is too much."""
    if size(piece.text) > room:
        return ""
    whole = _whole(piece)
    if size(whole) <= room or not piece.lines:
        return whole if size(whole) <= room else ""
    spare = room - size(_block(piece, (), _cut(len(piece.lines))))
    number = 0
    for line in piece.lines:
        spare -= size(line) + 1
        if spare < 0:
            break
        number += 1
    number = _sensible(piece.lines, number)
    return _block(piece, piece.lines[:number], _cut(len(piece.lines) - number)) if number >= FEWEST_LINES else ""


def _sensible(lines: Sequence[str], number: int) -> int:
    """Cut in front of a hunk, where at least half of what fits is in front of it."""
    hunks = [at for at in range(1, number + 1) if at < len(lines) and lines[at].startswith(_HUNK)]
    return hunks[-1] if hunks and hunks[-1] * 2 >= number else number


def _block(piece: Piece, lines: Sequence[str], cut: str) -> str:
    if not piece.lines:
        return piece.text
    fence = fence_around(piece.lines)
    return f"{piece.text}\n\n{fenced((*lines, cut) if cut else lines, 'diff', fence)}"


def _cut(number: int) -> str:
    return f"… {number:,} more lines"
