"""The table of what was counted of rows that are gone: see tallies.py."""

import sqlalchemy as sa

from pushboat.store.database.columns import key, metadata, number, time

tallies = sa.Table(
    "tally",
    metadata,
    key("what"),
    key("first"),
    key("second"),
    key("third"),
    number("number"),
    time("seconds"),
)
