"""What a payload may carry and a database may not: NUL characters and lone halves of surrogate pairs."""

from typing import Any

import sqlalchemy as sa


def clean_parameters(engine: sa.Engine) -> None:
    """Let every text that goes into the database be one that both databases take."""

    def clean(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: object
    ) -> tuple[str, Any]:
        return statement, _cleaned(parameters)

    sa.event.listen(engine, "before_cursor_execute", clean, retval=True)


def storable(text: str) -> str:
    """Replace the characters that no database takes by a question mark or the replacement character."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else storable(value)
    if isinstance(value, dict):
        return {name: _cleaned(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_cleaned(item) for item in value)
    return value
