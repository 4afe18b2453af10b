"""What is kept how long: one row of the table per kind of thing that would grow for ever.

A rule names when a row became old and which rows stay however old they are. What is still to be done never goes, nor
what that points at; nor the row with the highest id, since SQLite gives an id that is free at the end out again.
How rows go, few at a time, stands in forgetting.py.
"""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.config.retention import Retention
from pushboat.store.database.ask_tables import pushers
from pushboat.store.database.release_tables import release_records
from pushboat.store.database.schema import (
    ENDED,
    FORGOTTEN,
    POSTED,
    REPEATS,
    WHOLE,
    asks,
    captions,
    change_sets,
    deliveries,
    deployments,
    hook_runs,
    image_sets,
    lanes,
    observations,
    outbox,
    progress,
    proposals,
    releases,
    renders,
    repetitions,
    verifications,
)
from pushboat.store.outliving import ended, left_to_none, not_the_last, repeated, said_of_nothing

IDS_KEPT = 365 * 24 * 3600.0
"""Seconds. Forges offer a button that sends a delivery again for days only; a year leaves no doubt."""

Condition = sa.ColumnElement[bool]
Id = int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of thing that goes.

    Args:
        what: what people call the rows.
        since: when a row became old; 0 where it may go at once.
        part: the part of the table that is looked through, in the words of its index.
        span: seconds until it goes.
        goes: which of the old rows go, given how many successes are kept.
        beside: columns of other tables that name the row; what is there goes with it.
        blanked: only these columns are emptied, and the row stays.
        key: what names a row of a table without numbers: a text.
        in_turn: rows become old in the order in which they were written, and all old ones go: no index by time is
            needed, which each new row would have to be written into.
    """

    what: str
    table: sa.Table
    since: sa.ColumnElement[float]
    part: str
    span: Callable[[Retention], float]
    goes: Callable[[int], Condition]
    beside: tuple[sa.Column[int], ...] = ()
    blanked: tuple[str, ...] = ()
    key: sa.ColumnElement[Id] | None = None
    in_turn: bool = False

    @property
    def id(self) -> sa.ColumnElement[Id]:
        """What names a row."""
        named: sa.ColumnElement[Id] = self.table.c.id if self.key is None else self.key
        return named

    @property
    def before_all(self) -> Id:
        """What comes before the name of any row."""
        return 0 if self.key is None else ""


_other = deployments.alias("other")
_newest = releases.alias("newest_release")
_UNFINISHED = "state IN ('queued', 'running')"


def _routed(_keep: int) -> Condition:
    waiting = sa.select(_other.c.delivery_id).where(sa.text(f"other.{_UNFINISHED}"), _other.c.delivery_id.is_not(None))
    return sa.and_(deliveries.c.routed_at.is_not(None), deliveries.c.id.not_in(waiting))


def _deserted(_keep: int) -> Condition:
    """Choose lanes of pull requests whose plans are all gone; an environment's lane knows what runs there."""
    return sa.and_(
        lanes.c.number != 0,
        lanes.c.running.is_(None),
        ~sa.exists().where(_other.c.lane_id == lanes.c.id),
        not_the_last(lanes),
    )


def _not_brought_back(keep: int) -> Condition:
    """Choose renders of which every release is older than the newest `keep` that were carried out in its lane."""
    carried_out = sa.select(_newest.c.number).join(_other, _other.c.id == _newest.c.deployment_id)
    carried_out = carried_out.where(_newest.c.lane_id == releases.c.lane_id, _other.c.same_as == 0)
    oldest = carried_out.order_by(_newest.c.number.desc()).limit(1).offset(keep - 1).scalar_subquery()
    held = sa.exists().where(releases.c.render_id == renders.c.id, releases.c.number >= sa.func.coalesce(oldest, 0))
    return sa.and_(~held, not_the_last(renders))


_BESIDE = tuple(
    table.c.deployment_id
    for table in (change_sets, hook_runs, image_sets, observations, progress, release_records, releases, verifications)
)
RULES = (
    Rule(
        what="what deliveries said",
        table=deliveries,
        since=deliveries.c.received_at,
        part=WHOLE,
        span=lambda retention: retention.deliveries,
        goes=_routed,
        blanked=("event", "details", "headers"),
    ),
    Rule(
        what="records of refused requests",
        table=deliveries,
        since=deliveries.c.received_at,
        part="verdict = 'rejected'",
        span=lambda retention: retention.deliveries,
        goes=lambda _keep: not_the_last(deliveries),
    ),
    Rule(
        what="ids of deliveries",
        table=deliveries,
        since=deliveries.c.received_at,
        part=FORGOTTEN,
        span=lambda retention: max(IDS_KEPT, retention.deliveries),
        goes=lambda keep: sa.and_(_routed(keep), not_the_last(deliveries)),
        beside=(asks.c.delivery_id,),
    ),
    Rule(
        what="posted letters",
        table=outbox,
        since=outbox.c.sent_at,
        part=POSTED,
        span=lambda retention: retention.deliveries,
        goes=lambda _keep: not_the_last(outbox),
    ),
    Rule(
        what="deployments that left everything as it was",
        table=deployments,
        since=deployments.c.finished_at,
        part=REPEATS,
        span=lambda retention: min(retention.deliveries, retention.deployments),
        goes=repeated,
        beside=_BESIDE,
    ),
    Rule(
        what="deployments",
        table=deployments,
        since=deployments.c.finished_at,
        part=ENDED,
        span=lambda retention: retention.deployments,
        goes=ended,
        beside=_BESIDE,
    ),
    Rule(
        what="commits that left many environments as they were",
        table=repetitions,
        since=repetitions.c.at,
        part="at > 0",
        span=lambda retention: retention.deployments,
        goes=left_to_none,
        key=repetitions.c.repository + sa.literal_column("' '") + repetitions.c.ref,
    ),
    Rule(
        what="renders of releases",
        table=renders,
        since=sa.literal(0.0),
        part="id > 0",
        span=lambda _retention: 0.0,
        goes=_not_brought_back,
    ),
    Rule(
        what="answers on commits that nobody proposes",
        table=proposals,
        since=proposals.c.asked_at,
        part="number <= 0",
        span=lambda retention: retention.deployments,
        goes=lambda _keep: not_the_last(proposals),
    ),
    Rule(
        what="who pushed what",
        table=pushers,
        since=pushers.c.at,
        part="at > 0",
        span=lambda retention: retention.deployments,
        goes=lambda _keep: not_the_last(pushers),
        in_turn=True,
    ),
    Rule(
        what="what commits say of themselves",
        table=captions,
        since=captions.c.at,
        part="at > 0",
        span=lambda retention: retention.deployments,
        goes=said_of_nothing,
        in_turn=True,
    ),
    Rule(
        what="lanes of pull requests",
        table=lanes,
        since=sa.literal(0.0),
        part="number <> 0",
        span=lambda _retention: 0.0,
        goes=_deserted,
    ),
)
"""In this order: what points goes before what it points at."""
