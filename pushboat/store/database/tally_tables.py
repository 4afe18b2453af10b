"""The table of what was counted of rows that are gone: see tallies.py."""

import sqlalchemy as sa

from pushboat.store.database.columns import metadata, number, time


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


tallies = sa.Table(
    "tally",
    metadata,
    _key("what"),
    _key("first"),
    _key("second"),
    _key("third"),
    number("number"),
    time("seconds"),
)
