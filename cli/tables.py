"""Tables: one line for each row. On a terminal what does not fit is cut, the reasons first; to a pipe all of it goes.

The whole text stands in `--json`, in `show` and on the page.
"""

import shutil
import sys
from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size

from cli.output import LOOKS, colourful, look, one_line, painted, say

GAP = "  "
SHORTEST_CELL, SHORTEST_REASON = 8, 24
"""Columns of a terminal that a cut cell keeps; a reason below this says nothing any more."""


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, shared: Sequence[str] = ()) -> None:
    """Print a table; a cell that is a known state gets its shape and colour.

    A column named in `shared` is left out where all rows have the same there; that is said once instead.
    """
    written = [[one_line(cell) for cell in row] for row in rows]
    kept = [index for index, heading in enumerate(headings) if not (heading in shared and _is_same(written, index))]
    for index in sorted(set(range(len(headings))) - set(kept)):
        if written[0][index]:
            say(f"{headings[index]}: {written[0][index]}")
    table = [[headings[index].upper() for index in kept], *([look(row[index]) for index in kept] for row in written)]
    colours = [[""] * len(kept), *([LOOKS.get(row[index], ("", ""))[1] for index in kept] for row in written)]
    widths = _widths(table)
    if sys.stdout.isatty():
        widths = fitted(widths, shutil.get_terminal_size().columns - len(GAP) * (len(kept) - 1))
    for number, (cells, paints) in enumerate(zip(table, colours, strict=True)):
        line = GAP.join(_cell(*one) for one in zip(cells, widths, paints, strict=True)).rstrip()
        print(f"\x1b[1m{line}\x1b[0m" if number == 0 and colourful(sys.stdout) else line)
    sys.stdout.flush()


def fitted(widths: Sequence[int], room: int) -> list[int]:
    """Make columns narrower until they fit: the last first, then whichever is widest."""
    narrow = list(widths)
    least = min(narrow[-1], SHORTEST_REASON)
    narrow[-1] = max(least, min(narrow[-1], room - sum(narrow[:-1])))
    while sum(narrow) > room and max(narrow) > SHORTEST_CELL:
        narrow[narrow.index(max(narrow))] -= 1
    return narrow


def _is_same(rows: list[list[str]], index: int) -> bool:
    return len({row[index] for row in rows}) == 1


def _widths(table: list[list[str]]) -> list[int]:
    return [max(cell_len(row[index]) for row in table) for index in range(len(table[0]))]


def _cell(text: str, width: int, colour: str) -> str:
    """Cut or fill a cell by what it takes on the screen: some letters take two columns."""
    shown = text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"
    fill = " " * (width - cell_len(shown))
    return (painted(shown, colour, sys.stdout) if colour else shown) + fill
