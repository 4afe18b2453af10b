"""Texts in which ¦ marks the place that a mistake must name; the mark itself is taken out before reading."""

from textwrap import dedent

MARK = "¦"


def unmarked(text: str) -> tuple[str, int, int]:
    """Give the text without its mark, and the mark's line and column."""
    clean = dedent(text).lstrip("\n")
    before, mark, after = clean.partition(MARK)
    assert mark, "the text marks no place"
    return before + after, before.count("\n") + 1, len(before) - before.rfind("\n")


def places(text: str) -> list[tuple[int, int]]:
    """Give the line and column of every mark of a text that has several."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = line.split(MARK)[:-1]
        found += [(number, sum(map(len, parts[: index + 1])) + 1) for index in range(len(parts))]
    return found
