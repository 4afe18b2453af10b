"""The tables of asks: what was asked for, what became of it, the heads that asks are bound to, and approvals."""

import sqlalchemy as sa

from pushboat.store.database.columns import ID, flag, index_of_a_part, metadata, moment, number, text, time

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
    sa.Column("position", sa.BigInteger, nullable=True),  # in the chain; NULL: written by a version that binds nothing
    text("link"),  # a digest of this entry and of the link before it
)
sa.Index("audit_delivery", audit.c.delivery_id)
sa.Index("audit_repository", audit.c.repository, audit.c.id)
sa.Index("audit_position", audit.c.position, unique=True)
index_of_a_part("audit_unbound", audit.c.id, where="position IS NULL")

audit_stamps = sa.Table(
    "audit_stamp",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    text("link"),
    time("at"),
    text("signature"),
    text("until"),  # another signature: that retention took everything up to here
)

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
    text("merged_into"),  # the branch; empty: not merged, or nobody said
    text("merge_sha"),  # the commit that its merge made; empty: not merged, or the forge did not say
)
sa.Index("pull_request_merge_sha", pull_requests.c.repository, pull_requests.c.merge_sha)

approvals = sa.Table(
    "approval",
    metadata,
    sa.Column("id", ID, primary_key=True),
    text("repository"),
    text("environment"),
    text("sha"),
    text("who"),
    text("source"),
    number("number"),  # the pull request that it was written on; 0: elsewhere
    number("delivery_id"),  # that asked for it, whose answer says how the commit's deployment ended
    time("at"),
    moment("ended_at"),  # NULL: it counts
    text("ended"),  # why it does not any more
)
sa.Index("approval_sha", approvals.c.repository, approvals.c.environment, approvals.c.sha)

pushers = sa.Table(
    "pusher",
    metadata,
    sa.Column("id", ID, primary_key=True),
    text("repository"),
    number("number"),  # the pull request that was opened or changed; 0: a push
    text("sha"),
    text("before"),
    text("who"),  # as the forge names them
    time("at"),
)
sa.Index("pusher_sha", pushers.c.sha)
index_of_a_part("pusher_number", pushers.c.repository, pushers.c.number, where="number <> 0")  # each push has none
