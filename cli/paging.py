"""A list of the API of a Pushboat elsewhere, as many rows of it as a command was asked for, a page at a time."""

from cli.elsewhere import Elsewhere, Json
from pushboat.reading.lists import Query

MOST_ON_A_PAGE = 100
"""Of the API."""


def paged(there: Elsewhere, path: str, query: Query) -> tuple[list[Json], float, int | None]:
    """Give the rows, the clock of who answered, and the id that an older page begins before."""
    items: list[Json] = []
    before = query.before or 0
    while True:
        limit = min(MOST_ON_A_PAGE, query.limit - len(items))
        answer = there.get(path, **query.filters(), limit=limit, before=before)
        items += answer.form["items"]
        before = items[-1]["id"] if items else 0
        if answer.form["next"] is None:
            return items, answer.now, None
        if len(items) >= query.limit:
            return items, answer.now, before
