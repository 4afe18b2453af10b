"""Statements that one store has had compiled serve the next one of its kind: each test opens a store of its own.

SQLAlchemy keeps what it compiled with the engine, for its dialect. A process of Pushboat has one engine; one that runs
tests has a thousand, and a third of its time went into compiling the same statements for each.
"""

from functools import cache

import sqlalchemy as sa

from pushboat.store.database.engine import Store


def with_known_statements(store: Store) -> Store:
    """Let a store that was just opened use what was compiled in this process before, and leave it more."""
    first = _first(store.engine.dialect.name)
    if not first:
        with store.reading():  # a dialect learns from its first connection what it speaks to
            first.append(store.engine)
    store.engine.dialect = first[0].dialect
    store.engine._compiled_cache = first[0]._compiled_cache
    return store


@cache
def _first(dialect: str) -> list[sa.Engine]:
    return []
