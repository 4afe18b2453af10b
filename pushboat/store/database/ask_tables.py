"""The tables of asks: what was asked for, what became of it, and the heads that asks are bound to."""

import sqlalchemy as sa

from pushboat.store.database.columns import ID, flag, metadata, number, text, time

asks = sa.Table(
    "ask",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("delivery_id", sa.BigInteger, sa.ForeignKey("delivery.id"), nullable=False),
    text("word"),
    text("environment"),
    text("arguments"),
    text("who"),
    text("source"),
    text("repository"),
    number("number"),
    text("sha"),
    text("refusal"),
    flag("puzzled"),
    time("at"),
)
sa.Index("ask_delivery", asks.c.delivery_id)
sa.Index("ask_conversation", asks.c.repository, asks.c.number)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", ID, primary_key=True),
    time("at"),
    text("who"),
    text("source"),
    text("repository"),
    text("environment"),
    text("word"),
    text("verdict"),
    text("reason"),
    sa.Column("ask_id", sa.BigInteger, nullable=False),  # no foreign keys: an entry outlives what it speaks of
    sa.Column("delivery_id", sa.BigInteger, nullable=False),
    sa.Column("deployment_id", sa.BigInteger, nullable=True),
)
sa.Index("audit_delivery", audit.c.delivery_id)
sa.Index("audit_repository", audit.c.repository, audit.c.id)

pull_requests = sa.Table(
    "pull_request",
    metadata,
    sa.Column("repository", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    text("head"),  # the newest that we were told of
    text("before"),  # what it replaced: news of that one come late
    flag("closed"),  # merged or not
    flag("merged"),
    flag("fork"),  # or nobody says where it comes from
    text("merge_sha"),  # the commit that its merge made; empty: not merged, or the forge did not say
)
sa.Index("pull_request_merge_sha", pull_requests.c.repository, pull_requests.c.merge_sha)
