"""Changes of many rows that nobody in particular makes: on Postgres they leave what somebody has in hand just now.

Whoever has one row and waits for another may wait in a circle with one who has that and waits for this, which Postgres
ends by an error. A statement about many rows takes them in an order of its own, also one that another process runs at
the same moment: updated rows stand elsewhere for who looks later. So nobody waits here with anything in hand.
https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS
"""

import sqlalchemy as sa

Texts = tuple[sa.TextClause, sa.TextClause]
"""What SQLite is told, which has one writer at a time, and what Postgres is: `texts[tx.postgres]`."""


def unheld(change: str, table: str, key: str, condition: str, *many: str, giving: str = "") -> Texts:
    """Write a change of the rows of which a condition holds.

    Args:
        change: how the statement begins, as `UPDATE look SET next_at = 0`.
        key: the table's primary key, its columns with commas between them.
        many: the parameters that are lists.
        giving: how it ends, as ` RETURNING id`.
    """
    ours = f"({key}) IN (SELECT {key} FROM {table} WHERE {condition} FOR UPDATE SKIP LOCKED)"  # noqa: S608 - constants
    lists: list[sa.BindParameter[object]] = [sa.bindparam(name, expanding=True) for name in many]
    plain, left = f"{change} WHERE {condition}{giving}", f"{change} WHERE {ours} AND ({condition}){giving}"
    return sa.text(plain).bindparams(*lists), sa.text(left).bindparams(*lists)
