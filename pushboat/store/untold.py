"""What has ended and no collector was told of: the rows that traces are made of, oldest first.

Each kind is read in the order of its end by an index that is there, so that looking for what is new costs nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.model.deployment import Deployment, Progress
from pushboat.model.letter_subject import deployment_in
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import ENDED, POSTED, ROUTED, deployments, progress
from pushboat.store.database.transaction import FARTHEST_LEASE_SECONDS, Row, Transaction
from pushboat.store.deployments import SELECTED, read_all
from pushboat.store.traces import Came, Place, Places, Standing, came

SHOWS_WITHIN = 10.0
"""Seconds after its own time in which what ends on Postgres is seen by all: a transaction that takes longer than that
is told of to nobody. SQLite has one writer, and what is written there is in order."""


# ruff: noqa: S608 - the statements are put together from constants only


def _after(time: str, where: str) -> str:
    """Write the condition that a row comes after a place, in the order of `time` and number, and shows for sure."""
    return f"{where} AND {time} >= :at AND {time} <= :until AND ({time} > :at OR id > :id)"


# "= 'accepted'" would let SQLite go through all that was ever accepted, by the index that verdicts have.
_ROUTED_SINCE = f"verdict NOT IN ('ignored', 'rejected') AND {_after('routed_at', ROUTED)}"
_ENDED_SINCE = f"same_as = 0 AND {_after('finished_at', ENDED)}"
_POSTED_SINCE = _after("sent_at", POSTED)
_IN_TURN = "ORDER BY {}, id LIMIT :few"
_DELIVERIES = sa.text(f"SELECT * FROM delivery WHERE {_ROUTED_SINCE} {_IN_TURN.format('routed_at')}")
_DEPLOYMENTS = sa.text(f"SELECT id FROM deployment WHERE {_ENDED_SINCE} {_IN_TURN.format('finished_at')}")
_LETTERS = sa.text(f"SELECT * FROM outbox WHERE {_POSTED_SINCE} {_IN_TURN.format('sent_at')}")
_HOW_MANY = {
    what: sa.text(f"SELECT count(*) FROM {table} WHERE {since}")
    for what, table, since in (
        ("delivery", "delivery", _ROUTED_SINCE),
        ("deployment", "deployment", _ENDED_SINCE),
        ("letter", "outbox", _POSTED_SINCE),
    )
}
_LINES = (
    sa.select(progress.c.id, progress.c.deployment_id, progress.c.at, progress.c.phase)
    .where(progress.c.deployment_id.in_(sa.bindparam("numbers", expanding=True)))
    .order_by(progress.c.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What ended next, oldest first, and the places after it; `came` knows the deployments that are named in it."""

    installation: str
    deliveries: list[Row]
    deployments: list[Deployment]
    lines: Mapping[int, list[Progress]]
    letters: list[tuple[Row, int]]
    came: Mapping[int, Came]
    places: Places

    @property
    def number(self) -> int:
        """Count them."""
        return len(self.deliveries) + len(self.deployments) + len(self.letters)


def ended(store: Store, here: Standing, few: int) -> Ended:
    """Read what ended next, `few` of each kind at the most."""
    with store.reading() as tx:
        until = _until(tx)
        at = {what: _within(place, tx.now) for what, place in here.places.items()}
        routed = tx.rows(_DELIVERIES, at=at["delivery"].at, id=at["delivery"].id, until=until, few=few)
        of = at["deployment"]
        numbers = [row["id"] for row in tx.rows(_DEPLOYMENTS, at=of.at, id=of.id, until=until, few=few)]
        found = read_all(tx, tx.rows(SELECTED.where(deployments.c.id.in_(numbers)))) if numbers else []
        posted = tx.rows(_LETTERS, at=at["letter"].at, id=at["letter"].id, until=until, few=few)
        letters = [(row, number) for row in posted if (number := deployment_in(row["payload"]))]
        named = {*numbers, *(number for _, number in letters)}
        lines = _lines(tx, numbers)
        known = came(tx, here.installation, named)
    in_turn = sorted(found, key=lambda each: (each.finished_at or 0.0, each.id))
    last = [(each.finished_at or 0.0, each.id) for each in in_turn[-1:]]
    return Ended(
        installation=here.installation,
        deliveries=routed,
        deployments=in_turn,
        lines=lines,
        letters=letters,
        came=known,
        places={
            "delivery": Place(routed[-1]["routed_at"], routed[-1]["id"]) if routed else at["delivery"],
            "deployment": Place(*last[0]) if last else at["deployment"],
            "letter": Place(posted[-1]["sent_at"], posted[-1]["id"]) if posted else at["letter"],
        },
    )


def before(store: Store, here: Standing, seconds: float) -> tuple[Places, int]:
    """Give the places of so many seconds ago, where they are later than those of now, and count what lies between."""
    with store.reading() as tx:
        then = tx.now - seconds
        late = {what: place for what, place in here.places.items() if place.at < then}
        left = sum(tx.scalar(_HOW_MANY[what], at=place.at, id=place.id, until=then) for what, place in late.items())
    return {**here.places, **{what: Place(then, 0) for what in late}}, left


def _until(tx: Transaction) -> float:
    return tx.now - SHOWS_WITHIN if tx.postgres else tx.now


def _within(place: Place, now: float) -> Place:
    """Take a place in the future for one of before the clock was set back."""
    return place if place.at <= now + FARTHEST_LEASE_SECONDS else Place(now, 0)


def _lines(tx: Transaction, numbers: Collection[int]) -> dict[int, list[Progress]]:
    found: dict[int, list[Progress]] = {}
    for row in tx.rows(_LINES, numbers=list(numbers)) if numbers else ():
        line = Progress(id=row["id"], deployment=row["deployment_id"], at=row["at"], phase=row["phase"], text="")
        found.setdefault(line.deployment, []).append(line)
    return found
