"""Which rows are the newest ones: what tells an open page at next to no cost that nothing has happened since."""

import sqlalchemy as sa

from pushboat.store.database.engine import Store

LOOKS_ANEW_EVERY = 30.0
"""Seconds after which a page counts as old though no row is newer: some words change in their rows."""
_NEWEST = sa.text(
    "SELECT (SELECT max(id) FROM delivery) AS delivery, (SELECT max(id) FROM deployment) AS deployment, "
    "(SELECT max(id) FROM outbox) AS outbox, (SELECT max(id) FROM audit) AS audit"
)


def newest(store: Store) -> str:
    """Name the newest delivery, deployment, letter and ask; each change of a state has left one of them."""
    with store.reading() as tx:
        row = tx.row(_NEWEST)
        assert row is not None, "a query without a table has one row"
        return "-".join(str(each or 0) for each in (*row.values(), int(tx.now // LOOKS_ANEW_EVERY)))
