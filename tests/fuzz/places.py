"""Reads the place in an error, as whoever follows it to the line does."""

import re

from tests.fuzz.demanding import demand

_PLACE = re.compile(r":(\d+)(?::(\d+))?: ")


def line_and_column(message: str, file: str) -> tuple[int, int]:
    """Give the line and the column that a message begins with, 1 where it says none; both count from one."""
    demand(message.startswith(file), f"an error that does not say in which file: {message}")
    found = _PLACE.match(message, len(file))
    line, column = (int(found[1]), int(found[2] or 1)) if found else (1, 1)
    demand(line >= 1 and column >= 1, str(message))
    return line, column
