"""A text as who reads its quoted values has it: JSON and YAML write a character in several ways, by a number too."""

import re
from bisect import bisect_right
from dataclasses import dataclass

_ESCAPE = re.compile(
    r"\\(?:x(?P<two>[0-9A-Fa-f]{2})|u(?P<four>[0-9A-Fa-f]{4})|U(?P<eight>[0-9A-Fa-f]{8})"
    r"|(?P<itself>[/\"\\])|(?P<fold>\r?\n[ \t]*))"
)
"""A backslash is read with what follows it, so that one that stands for itself begins nothing else."""


@dataclass(frozen=True, slots=True)
class Unescaped:
    """The text, and where pieces of it stand: in it, and in the text as it is written."""

    text: str
    _here: tuple[int, ...]
    _there: tuple[int, ...]

    def written_at(self, place: int) -> int:
        """Say where a character of it stands in the text as it is written."""
        piece = bisect_right(self._here, place) - 1
        return self._there[piece] + place - self._here[piece]


def unescaped(text: str) -> Unescaped | None:
    """Read escapes, whether they stand in quotes or not; None where the text has none."""
    pieces: list[str] = []
    here, there, length, begins = [0], [0], 0, 0
    for found in _ESCAPE.finditer(text):
        stands_for = _character(found)
        if stands_for is None:
            continue
        for piece, after in ((text[begins : found.start()], found.start()), (stands_for, found.end())):
            pieces.append(piece)
            length += len(piece)
            here.append(length)
            there.append(after)
        begins = found.end()
    if not pieces:
        return None
    return Unescaped("".join((*pieces, text[begins:])), tuple(here), tuple(there))


def _character(found: re.Match[str]) -> str | None:
    """Give what an escape stands for, as far as a credential may have it."""
    if (number := found["two"] or found["four"] or found["eight"]) is None:
        return "" if found["fold"] else found["itself"]
    code = int(number, 16)
    return chr(code) if 0x20 <= code < 0x7F else None
