"""Names: how repositories were written when something of theirs was stored.

Forges compare names without case, an index does not: so whoever asks in other letters is answered by the names that
stand here.
"""

import sqlalchemy as sa

from pushboat.store.database.engine import Store

# From each name to the next one by the index: a list of all rows would be read through for a handful of names.
_NAMES = """
WITH RECURSIVE name (name) AS (
    SELECT min(repository) FROM {table}
    UNION ALL
    SELECT (SELECT min(repository) FROM {table} WHERE repository > name.name) FROM name WHERE name.name IS NOT NULL
) SELECT name FROM name WHERE name <> ''
"""
_ALL = tuple(sa.text(_NAMES.format(table=table)) for table in ("delivery", "lane"))


def known(store: Store) -> list[str]:
    """List every name that a delivery or a deployment has, ignored ones included."""
    with store.reading() as tx:
        return sorted({row["name"] for statement in _ALL for row in tx.rows(statement)})
