"""What a payload may carry and a database may not: NUL characters, halves of surrogate pairs, texts without end."""

from typing import Any

import sqlalchemy as sa

LONGEST_REASON = 2_000
"""Characters of a sentence; pods and API servers quote whole files in theirs, and every list shows it."""
LONGEST_DETAILS = 100_000
LONGEST_DIFFS = 2_000_000
"""Characters of all diffs of one deployment: one page shows them."""


def bounded(text: str, longest: int) -> str:
    """Cut a text that is longer than anybody reads, with a mark."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def begins_with(column: sa.ColumnElement[str], sha: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Choose the commits that begin with this, in a way that an index answers: no hexadecimal digit comes after f."""
    return column >= sha, column < f"{sha}g"


def clean_parameters(engine: sa.Engine) -> None:
    """Let every text that goes into the database be one that both databases take."""

    def clean(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: object
    ) -> tuple[str, Any]:
        return statement, cleaned(parameters)

    sa.event.listen(engine, "before_cursor_execute", clean, retval=True)


def storable(text: str) -> str:
    """Replace the characters that no database takes by a question mark or the replacement character."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def cleaned(value: Any) -> Any:
    """Make every text in a value storable, and leave the rest as it is."""
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else storable(value)
    if isinstance(value, dict):
        return {name: cleaned(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(cleaned(item) for item in value)
    return value
