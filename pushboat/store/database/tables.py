"""All tables of a store, wherever they are described, in an order in which rows may be written."""

import sqlalchemy as sa

from pushboat.store.database import repository_tables, schema
from pushboat.store.database.columns import metadata

DESCRIBED_BY = (schema, repository_tables)
"""Whoever describes tables: what nobody has imported, SQLAlchemy does not know of."""
OURS_ALONE = {"alembic_version", "moved"}
"""What a database has beside: which version it is of, and where it has moved."""


def all_tables() -> list[sa.Table]:
    """Give each of them, those before it that it points at."""
    return list(metadata.sorted_tables)


def strange_tables(connection: sa.Connection) -> set[str]:
    """Name tables that only one of us has: the database, or this version."""
    there = set(sa.inspect(connection).get_table_names()) - OURS_ALONE
    return there ^ {table.name for table in metadata.sorted_tables}
