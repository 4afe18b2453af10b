"""How often something happened, of all that ever did: rows are counted, and those that are gone were added up before.

Whoever draws graphs takes a count that falls for one that began anew, and shows a flood that never was.
https://prometheus.io/docs/concepts/metric_types/#counter
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from pushboat.model.deployment import Deployment
from pushboat.model.state import Kind, Trigger
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Row, Transaction

# ruff: noqa: S608 - the statements are put together from constants only
Key = tuple[str, str, str]
EVERY = "1 = 1"
OF_THESE = "{row}.id IN :ids"

BOUNDS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)
"""Seconds: upper ends of the stretches into which times from push to healthy are sorted."""
LONG_BOUNDS = (60, 300, 900, 3600, 14400, 43200, 86400, 259200, 604800, 2592000)
"""Seconds, for what people take part in: a minute to thirty days."""
BEYOND = "+Inf"

DELIVERIES, DEPLOYMENTS, PLANS, HEALTHY = "deliveries", "deployments", "plans", "healthy"
OBJECTS, TAKEOVERS, CHANGES, LEAD, RESTORE = "objects", "takeovers", "changes", "lead", "restore"
OUTCOMES = SUCCEEDED, FAILED, ROLLED_BACK = "succeeded", "failed", "rolled back"
"""How changes go."""
LONG = (LEAD, RESTORE)
_STAGE = "stage "
_AGAIN = "duplicate"
_ENDED = (
    "SELECT counted.what, l.repository AS first, l.environment AS second, counted.state AS third, "
    "sum(counted.number) AS number, 0.0 AS seconds FROM (SELECT d.lane_id, d.state, "
    f"CASE d.kind WHEN 'plan' THEN '{PLANS}' ELSE '{DEPLOYMENTS}' END AS what, count(*) AS number FROM deployment d "
    "WHERE {condition} AND d.finished_at IS NOT NULL AND d.same_as = 0 GROUP BY d.lane_id, d.state, d.kind) counted "
    "JOIN lane l ON l.id = counted.lane_id GROUP BY counted.what, l.repository, l.environment, counted.state"
)
_COUNTED = {
    "delivery": (
        f"SELECT '{DELIVERIES}' AS what, v.forge AS first, v.verdict AS second, '' AS third, count(*) AS number, "
        "0.0 AS seconds FROM delivery v WHERE {condition} AND v.verdict <> 'rejected' GROUP BY v.forge, v.verdict "
        f"UNION ALL SELECT '{DELIVERIES}', v.forge, '{_AGAIN}', '', sum(v.duplicates), 0.0 FROM delivery v "
        "WHERE {condition} AND v.duplicates > 0 GROUP BY v.forge"
    ),
    "deployment": _ENDED,
}
"""The tables whose rows are counted, and how they are put together: one look at each."""
_RECEIVED = sa.text("SELECT received_at FROM delivery WHERE id = :id")
_GONE = sa.text("SELECT what, first, second, third, number, seconds FROM tally")
_ADD = sa.text(
    "INSERT INTO tally (what, first, second, third, number, seconds) "
    "VALUES (:what, :first, :second, :third, :number, :seconds) ON CONFLICT (what, first, second, third) "
    "DO UPDATE SET number = tally.number + excluded.number, seconds = tally.seconds + excluded.seconds"
)


def _statement(table: str, query: str, condition: str) -> sa.TextClause:
    return sa.text(query.replace("{condition}", condition.format(row="v" if table == "delivery" else "d")))


_ALL = [_statement(table, query, EVERY) for table, query in _COUNTED.items()]
_SOME = {
    table: _statement(table, query, OF_THESE).bindparams(sa.bindparam("ids", expanding=True))
    for table, query in _COUNTED.items()
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there were, and how long they took in all."""

    number: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallies:
    """All that ever happened, by what people sort it by."""

    by: Mapping[str, Mapping[Key, Tally]] = field(default_factory=dict)

    def of(self, what: str) -> Mapping[Key, Tally]:
        """Give the counts of one sort."""
        return self.by.get(what, {})

    def by_stage(self) -> Mapping[str, Mapping[Key, Tally]]:
        """Give the times of each stage that there was."""
        return {what.removeprefix(_STAGE): each for what, each in self.by.items() if what.startswith(_STAGE)}


def read(store: Store) -> Tallies:
    """Count everything, in one look at the store."""
    found: dict[str, dict[Key, Tally]] = {}
    with store.reading() as tx:
        for statement in (*_ALL, _GONE):
            _add_up(found, tx.rows(statement))
    return Tallies(by=found)


def keep(tx: Transaction, table: str, ids: Sequence[object]) -> None:
    """Add up rows of a table that are about to go, in the transaction in which they do."""
    if table in _SOME:
        tx.change_each(_ADD, [dict(row) for row in tx.rows(_SOME[table], ids=list(ids))])


def add(tx: Transaction, what: str, first: str, second: str, third: str, *, number: int = 1) -> None:
    """Count something of which no row says that it was."""
    tx.change(_ADD, what=what, first=first, second=second, third=third, number=number, seconds=0.0)


def took(tx: Transaction, what: str, first: str, second: str, seconds: float) -> None:
    """Sort a time into its stretch, and add it up."""
    bounds = LONG_BOUNDS if what in LONG else BOUNDS
    bound = next((str(each) for each in bounds if seconds <= each), BEYOND)
    tx.change(_ADD, what=what, first=first, second=second, third=bound, number=1, seconds=seconds)


def stage(phase: str) -> str:
    """Name the times of one stage."""
    return _STAGE + phase


def became_healthy(tx: Transaction, deployment: Deployment) -> None:
    """Note how long a push or a merge took until it was healthy, from the moment when its delivery came in."""
    if deployment.kind is not Kind.DEPLOY or deployment.trigger not in (Trigger.PUSH, Trigger.MERGE):
        return
    since = tx.scalar(_RECEIVED, id=deployment.delivery) if deployment.delivery else None
    seconds = max(0.0, tx.now - (since or deployment.created_at))
    took(tx, HEALTHY, deployment.lane.repository, deployment.lane.environment, seconds)


def was_ignored(tx: Transaction, forge: str) -> None:
    """Note that a delivery was ignored before it counted for something: it was counted as that, and stays so."""
    tx.change(_ADD, what=DELIVERIES, first=forge, second="ignored", third="", number=1, seconds=0.0)


def was_rejected(tx: Transaction, forge: str, times: int) -> None:
    """Note refusals, of which only the newest have rows; whoever sends to no forge may write any name for it: ""."""
    tx.change(_ADD, what=DELIVERIES, first=forge, second="rejected", third="", number=times, seconds=0.0)


def _add_up(found: dict[str, dict[Key, Tally]], rows: Iterable[Row]) -> None:
    for row in rows:
        into, key = found.setdefault(row["what"], {}), (row["first"], row["second"], row["third"])
        known = into.get(key, Tally())
        into[key] = Tally(known.number + int(row["number"]), known.seconds + float(row["seconds"]))
