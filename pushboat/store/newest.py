"""Which rows are the newest ones: what tells an open page at next to no cost that nothing has happened since."""

import sqlalchemy as sa

from pushboat.store.database.engine import Store

LOOKS_ANEW_EVERY = 30.0
"""Seconds after which a page counts as old though no row is newer: some words change in their rows."""
MOST_COUNTED = 50
"""Deliveries that wait to be routed: one that led to nothing leaves no other row than its own."""
_NEWEST = sa.text(
    "SELECT (SELECT max(id) FROM delivery) AS delivery, (SELECT max(id) FROM deployment) AS deployment, "
    "(SELECT max(id) FROM outbox) AS outbox, (SELECT max(id) FROM audit) AS audit, "
    "(SELECT count(*) FROM (SELECT 1 FROM delivery WHERE routed_at IS NULL LIMIT :most) AS waits) AS waits"
)


def newest(store: Store) -> str:
    """Name the newest delivery, deployment, letter and ask, and how many wait; each change of a state changes that."""
    with store.reading() as tx:
        row = tx.row(_NEWEST, most=MOST_COUNTED)
        assert row is not None, "a query without a table has one row"
        return "-".join(str(each or 0) for each in (*row.values(), int(tx.now // LOOKS_ANEW_EVERY)))
