"""Which deployments outlive their time: nobody's fate hangs on what goes, and the environment can do without it."""

import sqlalchemy as sa

from pushboat.store.database.schema import captions, deployments, lanes, repetitions

Condition = sa.ColumnElement[bool]

_other = deployments.alias("other")
_lane = lanes.alias("its_lane")


def not_the_last(table: sa.Table) -> Condition:
    """Choose all but the row with the highest id."""
    same = table.alias("same")
    return table.c.id < sa.select(sa.func.max(same.c.id)).scalar_subquery()


def ended(keep: int) -> Condition:
    """Choose deployments that ended for good, nobody's fate hangs on, and the environment can do without."""
    of_pull_request = sa.select(_lane.c.number).where(_lane.c.id == deployments.c.lane_id).scalar_subquery() != 0
    return sa.and_(
        deployments.c.state.not_in(("queued", "running")),
        sa.not_(_waits_for_a_fate(deployments)),
        ~sa.exists().where(_other.c.successor == deployments.c.id, _matters(_other)),
        sa.or_(of_pull_request, _only_healed(), sa.and_(_older_than_the_newest(), _older_than_the_kept(keep))),
        not_the_last(deployments),
    )


def _matters(row: sa.FromClause) -> Condition:
    return sa.or_(row.c.state.in_(("queued", "running")), _waits_for_a_fate(row))


def _waits_for_a_fate(row: sa.FromClause) -> Condition:
    return sa.and_(row.c.state == "superseded", row.c.successor_contains.is_(True), row.c.settled.is_(False))


def _only_healed() -> Condition:
    """Choose what only put drift back: it is never what runs, nor what a page shows as the latest once it has ended."""
    return deployments.c.cause == "self-heal"


def _older_than_the_newest() -> Condition:
    """Superseded ones may go; of the others the newest of each lane is what pages show as its latest."""
    newest = (
        sa.select(_other.c.seq)
        .where(
            _other.c.lane_id == deployments.c.lane_id,
            _other.c.kind == deployments.c.kind,
            _other.c.state != "superseded",
            _other.c.cause != "self-heal",
        )
        .order_by(_other.c.seq.desc())
        .limit(1)
    )
    return sa.or_(deployments.c.state == "superseded", deployments.c.seq < newest.scalar_subquery())


def _older_than_the_kept(keep: int) -> Condition:
    """Where there are fewer than `keep` the sub-query gives NULL, and nothing is older than that."""
    oldest_kept = (
        sa.select(_other.c.seq)
        .where(
            _other.c.lane_id == deployments.c.lane_id,
            _other.c.kind == deployments.c.kind,
            _other.c.state == "succeeded",
            _other.c.cause != "self-heal",
            _other.c.same_as == 0,
        )
        .order_by(_other.c.id.desc())
        .limit(1)
        .offset(keep - 1)
    )
    return sa.or_(deployments.c.state != "succeeded", deployments.c.seq < oldest_kept.scalar_subquery())


def repeated(_keep: int) -> Condition:
    """Choose what only said that a commit left its environment as it was, but for the newest of each."""
    followed = sa.exists().where(_other.c.successor == deployments.c.id, _matters(_other))
    return sa.and_(~followed, _older_than_the_newest(), not_the_last(deployments))


def left_to_none(_keep: int) -> Condition:
    """Choose commits that no environment is at by leaving it as it was: something got through in each of them since."""
    newest = sa.select(_other.c.id).where(
        _other.c.lane_id == _lane.c.id, _other.c.state == "succeeded", _other.c.cause != "self-heal"
    )
    runs = newest.order_by(_other.c.id.desc()).limit(1).correlate(_lane).scalar_subquery()
    there = sa.select(_lane.c.id).where(_lane.c.repository == repetitions.c.repository, _lane.c.number == 0)
    at_it = there.where(
        deployments.c.id == runs, deployments.c.ref == repetitions.c.ref, deployments.c.id <= repetitions.c.newest
    )
    return ~at_it.correlate(repetitions).exists()


def said_of_nothing(_keep: int) -> Condition:
    """Choose captions of commits that no deployment is of any more, and no row for many of them."""
    deployed = sa.select(_other.c.id).join(_lane, _lane.c.id == _other.c.lane_id)
    deployed = deployed.where(_other.c.sha == captions.c.sha, _lane.c.repository == captions.c.repository)
    repeats = sa.and_(repetitions.c.repository == captions.c.repository, repetitions.c.sha == captions.c.sha)
    return sa.and_(
        ~deployed.correlate(captions).exists(), ~sa.exists().where(repeats).correlate(captions), not_the_last(captions)
    )
