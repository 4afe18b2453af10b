"""The tables of what we know about repositories at their forges, beside those of schema.py."""

import sqlalchemy as sa

from pushboat.store.database.columns import key, metadata, text, time

identities = sa.Table(
    "identity",
    metadata,
    key("name"),
    text("forge"),
    text("id"),
    text("path"),
    text("rival"),
    time("seen_at"),
)
sa.Index("identity_id", identities.c.forge, identities.c.id)

heads = sa.Table(
    "head",
    metadata,
    key("repository"),
    key("ref"),
    text("sha"),  # what a delivery or a look told last
    text("before"),  # where the ref stood before, as that delivery says
    text("found"),  # what a look found there instead, and since when no delivery has told of it
    time("found_at"),
)

looks = sa.Table(
    "look",
    metadata,
    key("repository"),
    text("covered"),
    time("next_at"),
    text("lease_owner"),
    time("lease_until"),
    time("looked_at"),
    text("trouble"),
    time("log_at"),
    time("log_next_at"),
    text("log_trouble"),
)
