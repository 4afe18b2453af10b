"""The tables of what we know about repositories at their forges, beside those of schema.py."""

import sqlalchemy as sa

from pushboat.store.database.schema import metadata


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _time(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double, nullable=False, server_default=sa.text("0"))


identities = sa.Table(
    "identity",
    metadata,
    _key("name"),
    _text("forge"),
    _text("id"),
    _text("path"),
    _text("rival"),
    _time("seen_at"),
)
sa.Index("identity_id", identities.c.forge, identities.c.id)

heads = sa.Table(
    "head",
    metadata,
    _key("repository"),
    _key("ref"),
    _text("sha"),  # what a delivery or a look told last
    _text("before"),  # where the ref stood before, as that delivery says
    _text("found"),  # what a look found there instead, and since when no delivery has told of it
    _time("found_at"),
)

looks = sa.Table(
    "look",
    metadata,
    _key("repository"),
    _text("covered"),
    _time("next_at"),
    _text("lease_owner"),
    _time("lease_until"),
    _time("looked_at"),
    _text("trouble"),
    _time("log_at"),
    _time("log_next_at"),
    _text("log_trouble"),
)
