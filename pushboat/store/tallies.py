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
BEYOND = "+Inf"

DELIVERIES, DEPLOYMENTS, PLANS, HEALTHY = "deliveries", "deployments", "plans", "healthy"
_AGAIN = "duplicate"
_ENDED = (
    "SELECT l.repository AS first, l.environment AS second, d.state AS third, count(*) AS number, 0.0 AS seconds "
    "FROM deployment d JOIN lane l ON l.id = d.lane_id WHERE {condition} AND d.kind {kinds} "
    "AND d.finished_at IS NOT NULL AND d.same_as = 0 GROUP BY l.repository, l.environment, d.state"
)
_COUNTED = {
    DELIVERIES: (
        "delivery",
        (
            "SELECT v.forge AS first, v.verdict AS second, '' AS third, count(*) AS number, 0.0 AS seconds "
            "FROM delivery v WHERE {condition} AND v.verdict <> 'rejected' GROUP BY v.forge, v.verdict UNION ALL "
            f"SELECT v.forge, '{_AGAIN}', '', sum(v.duplicates), 0.0 FROM delivery v WHERE {{condition}} "
            "AND v.duplicates > 0 GROUP BY v.forge"
        ),
    ),
    DEPLOYMENTS: ("deployment", _ENDED.replace("{kinds}", "<> 'plan'")),
    PLANS: ("deployment", _ENDED.replace("{kinds}", "= 'plan'")),
}
"""What is counted: the table whose rows they are, and how they are put together."""
_RECEIVED = sa.text("SELECT received_at FROM delivery WHERE id = :id")
_GONE = sa.text("SELECT what, first, second, third, number, seconds FROM tally")
_ADD = sa.text(
    "INSERT INTO tally (what, first, second, third, number, seconds) "
    "VALUES (:what, :first, :second, :third, :number, :seconds) ON CONFLICT (what, first, second, third) "
    "DO UPDATE SET number = tally.number + excluded.number, seconds = tally.seconds + excluded.seconds"
)


def _statement(table: str, query: str, condition: str) -> sa.TextClause:
    return sa.text(query.replace("{condition}", condition.format(row="v" if table == "delivery" else "d")))


_ALL = {what: _statement(*of, EVERY) for what, of in _COUNTED.items()}
_SOME = {
    what: _statement(*of, OF_THESE).bindparams(sa.bindparam("ids", expanding=True)) for what, of in _COUNTED.items()
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


def read(store: Store) -> Tallies:
    """Count everything, in one look at the store."""
    found: dict[str, dict[Key, Tally]] = {what: {} for what in (*_ALL, HEALTHY)}
    with store.reading() as tx:
        for what, statement in _ALL.items():
            _add_up(found[what], tx.rows(statement))
        gone = tx.rows(_GONE)
    for what, into in found.items():
        _add_up(into, (row for row in gone if row["what"] == what))
    return Tallies(by=found)


def keep(tx: Transaction, table: str, ids: Sequence[object]) -> None:
    """Add up rows of a table that are about to go, in the transaction in which they do."""
    for what, (of, _) in _COUNTED.items():
        if of == table:
            tx.change_each(_ADD, [{"what": what, **row} for row in tx.rows(_SOME[what], ids=list(ids))])


def became_healthy(tx: Transaction, deployment: Deployment) -> None:
    """Note how long a push or a merge took until it was healthy, from the moment when its delivery came in."""
    if deployment.kind is not Kind.DEPLOY or deployment.trigger not in (Trigger.PUSH, Trigger.MERGE):
        return
    since = tx.scalar(_RECEIVED, id=deployment.delivery) if deployment.delivery else None
    took = max(0.0, tx.now - (since or deployment.created_at))
    bound = next((str(each) for each in BOUNDS if took <= each), BEYOND)
    lane = {"first": deployment.lane.repository, "second": deployment.lane.environment}
    tx.change(_ADD, what=HEALTHY, **lane, third=bound, number=1, seconds=took)


def was_ignored(tx: Transaction, forge: str) -> None:
    """Note that a delivery was ignored before it counted for something: it was counted as that, and stays so."""
    tx.change(_ADD, what=DELIVERIES, first=forge, second="ignored", third="", number=1, seconds=0.0)


def was_rejected(tx: Transaction, forge: str, times: int) -> None:
    """Note refusals, of which only the newest have rows; whoever sends to no forge may write any name for it: ""."""
    tx.change(_ADD, what=DELIVERIES, first=forge, second="rejected", third="", number=times, seconds=0.0)


def _add_up(into: dict[Key, Tally], rows: Iterable[Row]) -> None:
    for row in rows:
        key = (row["first"], row["second"], row["third"])
        known = into.get(key, Tally())
        into[key] = Tally(known.number + int(row["number"]), known.seconds + float(row["seconds"]))
