"""The tables as they are today; the migrations tell how they came to be, and a test keeps the two equal.

Times are seconds since the epoch by the store's own clock. A time of 0 means "at once": comparisons need no NULL.
"""

import sqlalchemy as sa

from pushboat.store.database.ask_tables import asks, audit, pull_requests
from pushboat.store.database.caption_tables import captions
from pushboat.store.database.columns import ID, flag, index_of_a_part, metadata, moment, number, text, time
from pushboat.store.database.drift_tables import inspections
from pushboat.store.database.hook_tables import hook_runs
from pushboat.store.database.image_tables import image_sets
from pushboat.store.database.letter_tables import POSTED, forge_holds, outbox, stickies, sticky_marks
from pushboat.store.database.progress_tables import change_sets, observations, progress
from pushboat.store.database.proposal_tables import proposals
from pushboat.store.database.release_tables import footprints, releases, renders, repetitions
from pushboat.store.database.tally_tables import tallies as tallies
from pushboat.store.database.token_tables import api_tokens
from pushboat.store.database.trace_tables import traces as traces
from pushboat.store.database.verification_tables import verifications

__all__ = [
    "POSTED",
    "api_tokens",
    "asks",
    "audit",
    "captions",
    "change_sets",
    "deliveries",
    "deployments",
    "footprints",
    "forge_holds",
    "holds",
    "hook_runs",
    "image_sets",
    "inspections",
    "lanes",
    "metadata",
    "observations",
    "outbox",
    "processes",
    "progress",
    "proposals",
    "pull_requests",
    "releases",
    "renders",
    "repetitions",
    "repositories",
    "stickies",
    "sticky_marks",
    "verifications",
]

WHOLE, FORGOTTEN = "event <> ''", "event = ''"
"""Deliveries with what they said, and those of which only the id is left (or never was more: rejected ones)."""
ROUTED = "routed_at IS NOT NULL"
ENDED, REPEATS = "finished_at IS NOT NULL", "same_as > 0"
"""Parts of tables that have an index of their own: a database uses it where a query says the very same words."""

repositories = sa.Table(
    "repository",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    number("fence"),
    text("lease_owner"),
    time("lease_until"),
    time("not_before"),
    time("hint_at"),
    number("hints"),
)

deliveries = sa.Table(
    "delivery",
    metadata,
    sa.Column("id", ID, primary_key=True),
    text("forge"),
    sa.Column("delivery", sa.Text, nullable=True),  # NULL: rejected, nothing of it is known
    text("repository"),
    text("sha"),
    text("event"),
    text("verdict"),
    text("reason"),
    text("details"),
    text("headers"),  # those that its forge lets be shown, as JSON
    text("source"),
    time("received_at"),
    moment("routed_at"),
    moment("taken_up_at"),  # by the router that routed it
    sa.Column("deployments", sa.Text, nullable=False, server_default="[]"),
    number("duplicates"),
    number("attempts"),
    text("stream"),  # those of one stream are routed in order; without a name: everything later waits for it
    time("not_before"),
    moment("trouble_since"),
    moment("doubt_since"),
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
index_of_a_part("delivery_routed", deliveries.c.routed_at, where=ROUTED)
index_of_a_part("delivery_whole", deliveries.c.received_at, where=WHOLE)
index_of_a_part("delivery_forgotten", deliveries.c.received_at, where=FORGOTTEN)

lanes = sa.Table(
    "lane",
    metadata,
    sa.Column("id", ID, primary_key=True),
    text("repository"),
    text("environment"),
    number("number"),
    number("seq"),
    number("fence"),
    sa.Column("running", sa.BigInteger, nullable=True),
    text("lease_owner"),
    time("lease_until"),
    number("deployed_seq"),
    text("deployed_sha"),
    flag("took_over"),
    text("follows"),  # the ref or tags that it followed when a pull request's commit came last; empty: nobody said
    text("left_with"),  # the commit whose file has the environment no more; empty: it has, or nothing runs there
    sa.UniqueConstraint("repository", "environment", "number", name="lane_once"),
)
index_of_a_part("lane_running", lanes.c.running, where="running IS NOT NULL")

deployments = sa.Table(
    "deployment",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("lane_id", sa.BigInteger, sa.ForeignKey("lane.id"), nullable=False),
    number("seq"),
    text("kind"),
    text("ref"),
    text("sha"),
    text("author"),
    text("cause"),
    sa.Column("delivery_id", sa.BigInteger, nullable=True),
    text("state"),
    text("reason"),
    text("details"),
    number("attempts"),
    number("fence"),
    time("created_at"),
    moment("started_at"),
    moment("finished_at"),
    number("created"),
    number("configured"),
    number("unchanged"),
    number("deleted"),
    number("recreated"),
    number("refused"),
    sa.Column("successor", sa.BigInteger, nullable=True),
    text("successor_sha"),
    flag("successor_contains"),
    text("cancelled_by"),  # who told a running one to stop; it ends at the next safe point
    flag("prune_many"),  # somebody consented to a large prune, for this one
    number("again"),  # the release that a rollback brings back; 0: it is none
    number("mends"),  # the failed deployment that this rollback answers; 0: none
    flag("rolls_back"),  # what is halfway of it is answered by a rollback; known once it sets out to write
    text("aftermath"),  # what became of a failure: the end of its reason
    flag("skip_hooks"),  # a removal that is to run no hooks
    text("base"),  # the branch that a plan's commit would be merged into
    text("base_sha"),  # where that branch stood when it was planned
    number("pull_request"),  # whose commit it brings before the merge; 0: none
    number("forge_number"),  # by which the forge's own list of deployments knows it; 0: it does not
    text("url"),  # where people see what it brought
    flag("settled"),  # superseded, and its commit shows how the successor ended
    time("not_before"),
    time("hint_at"),
    number("hints"),
    moment("trouble_since"),
    text("trouble_step"),
    moment("waiting_since"),
    text("logs"),  # what containers said last, as JSON; shown in fewer places than the details
    flag("begun"),  # it has set out to write in the cluster
    text("glass"),  # why its asker broke the glass; empty: did not
    text("promoted_from"),  # the environment whose release a promotion brings on; empty: it is none
    number("promoted_release"),  # that release
    number("approvals"),  # how many it needs; they may be there
    number("same_as"),  # the deployment whose outcome it repeats, since nothing that one read has changed; 0: none
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
index_of_a_part("deployment_repeats", deployments.c.finished_at, where=REPEATS)
sa.Index("deployment_state", deployments.c.state, deployments.c.id)
sa.Index("deployment_lane_state", deployments.c.lane_id, deployments.c.state, deployments.c.id)

holds = sa.Table(
    "hold",
    metadata,
    sa.Column("id", ID, primary_key=True),
    text("kind"),
    text("repository"),  # empty: of every one; so with the environment, and a deployment that is 0
    text("environment"),
    number("deployment"),
    text("subject"),
    text("by_whom"),
    text("reason"),
    time("since"),
    moment("ends_at"),
    flag("plans"),
    sa.Column("rollbacks", sa.Boolean, nullable=False, server_default=sa.true()),
    number("pull_request"),  # whose deployments pass; 0: it stands for none
    text("sha"),  # the commit of it that was deployed last
    time("begins_at"),
    text("spares"),  # whose deployments pass; empty: nobody's
    sa.Column("begun", sa.Boolean, nullable=False, server_default=sa.true()),
    flag("breakable"),
    sa.UniqueConstraint("kind", "repository", "environment", "deployment", "subject", name="hold_once"),
)

processes = sa.Table(
    "process",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("pid", sa.BigInteger, primary_key=True, autoincrement=False),
    time("beat_at"),
    text("note"),
)
