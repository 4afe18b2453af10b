"""The tables as they are today; the migrations tell how they came to be, and a test keeps the two equal.

Times are seconds since the epoch by the store's own clock. A time of 0 means "at once": comparisons need no NULL.
"""

import sqlalchemy as sa

from pushboat.store.database.ask_tables import asks, audit, pull_requests
from pushboat.store.database.columns import ID as _ID
from pushboat.store.database.columns import flag as _flag
from pushboat.store.database.columns import index_of_a_part, metadata
from pushboat.store.database.columns import moment as _moment
from pushboat.store.database.columns import number as _number
from pushboat.store.database.columns import text as _text
from pushboat.store.database.columns import time as _time
from pushboat.store.database.letter_tables import POSTED, forge_holds, outbox

__all__ = [
    "POSTED",
    "asks",
    "audit",
    "change_sets",
    "deliveries",
    "deployments",
    "forge_holds",
    "holds",
    "lanes",
    "metadata",
    "outbox",
    "processes",
    "progress",
    "pull_requests",
    "repositories",
]


WHOLE, FORGOTTEN = "event <> ''", "event = ''"
"""Deliveries with what they said, and those of which only the id is left (or never was more: rejected ones)."""
ENDED = "finished_at IS NOT NULL"
"""Parts of tables that have an index of their own: a database uses it where a query says the very same words."""

repositories = sa.Table(
    "repository",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    _number("fence"),
    _text("lease_owner"),
    _time("lease_until"),
    _time("not_before"),
    _time("hint_at"),
    _number("hints"),
)

deliveries = sa.Table(
    "delivery",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    _text("forge"),
    sa.Column("delivery", sa.Text, nullable=True),  # NULL: rejected, nothing of it is known
    _text("repository"),
    _text("sha"),
    _text("event"),
    _text("verdict"),
    _text("reason"),
    _text("details"),
    _text("source"),
    _time("received_at"),
    _moment("routed_at"),
    sa.Column("deployments", sa.Text, nullable=False, server_default="[]"),
    _number("duplicates"),
    _number("attempts"),
    _text("stream"),  # those of one stream are routed in order; without a name: everything later waits for it
    _time("not_before"),
    _moment("trouble_since"),
    _moment("doubt_since"),
    sa.UniqueConstraint("forge", "delivery", name="delivery_once"),
)
sa.Index(
    "delivery_unrouted",
    deliveries.c.repository,
    deliveries.c.id,
    deliveries.c.routed_at,  # always NULL here; without it SQLite walks over everything that was ever routed
    sqlite_where=deliveries.c.routed_at.is_(None),
    postgresql_where=deliveries.c.routed_at.is_(None),
)
sa.Index(
    "delivery_stream",
    deliveries.c.repository,
    deliveries.c.stream,
    deliveries.c.id,
    deliveries.c.routed_at,
    sqlite_where=deliveries.c.routed_at.is_(None),
    postgresql_where=deliveries.c.routed_at.is_(None),
)
sa.Index("delivery_repository", deliveries.c.repository, deliveries.c.id)
sa.Index("delivery_sha", deliveries.c.sha)
sa.Index("delivery_verdict", deliveries.c.verdict, deliveries.c.id)
index_of_a_part("delivery_whole", deliveries.c.received_at, where=WHOLE)
index_of_a_part("delivery_forgotten", deliveries.c.received_at, where=FORGOTTEN)

lanes = sa.Table(
    "lane",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    _text("repository"),
    _text("environment"),
    _number("number"),
    _number("seq"),
    _number("fence"),
    sa.Column("running", sa.BigInteger, nullable=True),
    _text("lease_owner"),
    _time("lease_until"),
    _number("deployed_seq"),
    _text("deployed_sha"),
    _flag("took_over"),
    sa.UniqueConstraint("repository", "environment", "number", name="lane_once"),
)
sa.Index(
    "lane_running",
    lanes.c.running,
    sqlite_where=lanes.c.running.is_not(None),
    postgresql_where=lanes.c.running.is_not(None),
)

deployments = sa.Table(
    "deployment",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("lane_id", sa.BigInteger, sa.ForeignKey("lane.id"), nullable=False),
    _number("seq"),
    _text("kind"),
    _text("ref"),
    _text("sha"),
    _text("author"),
    _text("cause"),
    sa.Column("delivery_id", sa.BigInteger, nullable=True),
    _text("state"),
    _text("reason"),
    _text("details"),
    _number("attempts"),
    _number("fence"),
    _time("created_at"),
    _moment("started_at"),
    _moment("finished_at"),
    _number("created"),
    _number("configured"),
    _number("unchanged"),
    _number("deleted"),
    sa.Column("successor", sa.BigInteger, nullable=True),
    _text("successor_sha"),
    _flag("successor_contains"),
    _text("cancelled_by"),  # who told a running one to stop; it ends at the next safe point
    _flag("prune_many"),  # somebody consented to a large prune, for this one
    _flag("settled"),  # superseded, and its commit shows how the successor ended
    _time("not_before"),
    _time("hint_at"),
    _number("hints"),
    _moment("trouble_since"),
    _text("trouble_step"),
    _moment("waiting_since"),
    sa.UniqueConstraint("lane_id", "seq", name="deployment_order"),
)
_unfinished = deployments.c.state.in_(("queued", "running"))
sa.Index(
    "deployment_unfinished",
    deployments.c.lane_id,
    deployments.c.seq,
    sqlite_where=_unfinished,
    postgresql_where=_unfinished,
)
_queued = deployments.c.state == "queued"
sa.Index("deployment_hints", deployments.c.hint_at, sqlite_where=_queued, postgresql_where=_queued)
sa.Index("deployment_sha", deployments.c.sha)
sa.Index("deployment_successor", deployments.c.successor)
index_of_a_part("deployment_ended", deployments.c.finished_at, where=ENDED)
sa.Index("deployment_state", deployments.c.state, deployments.c.id)
sa.Index("deployment_lane_state", deployments.c.lane_id, deployments.c.state, deployments.c.id)

change_sets = sa.Table(
    "change_set",
    metadata,
    sa.Column("deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), primary_key=True, autoincrement=False),
    _text("changes"),
    sa.Column("meant", sa.Text, nullable=False, server_default="[]"),  # what the attempts so far set out to write
)

progress = sa.Table(
    "progress",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("deployment_id", sa.BigInteger, sa.ForeignKey("deployment.id"), nullable=False),
    _time("at"),
    _text("phase"),
    _text("text"),
)
sa.Index("progress_deployment", progress.c.deployment_id, progress.c.id)

holds = sa.Table(
    "hold",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    _text("kind"),
    _text("repository"),  # empty: of every one; so with the environment, and a deployment that is 0
    _text("environment"),
    _number("deployment"),
    _text("subject"),
    _text("by_whom"),
    _text("reason"),
    _time("since"),
    _moment("ends_at"),
    _flag("plans"),
    sa.UniqueConstraint("kind", "repository", "environment", "deployment", "subject", name="hold_once"),
)

processes = sa.Table(
    "process",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("pid", sa.BigInteger, primary_key=True, autoincrement=False),
    _time("beat_at"),
    _text("note"),
)
