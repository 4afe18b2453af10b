"""Hints: which deployments the dispatcher should tell the workers about now; when again is a matter of turns.py."""

from collections.abc import Sequence

import sqlalchemy as sa

from pushboat.store.database.engine import Store
from pushboat.store.holds import startable
from pushboat.store.turns import HINT_AT_ONCE, HINTED, may_be_hinted

# ruff: noqa: S608 - the statements are put together from constants only
_DUE = sa.text(
    "SELECT d.id FROM deployment d JOIN lane l ON l.id = d.lane_id "
    f"WHERE {startable('d', 'l')} AND {may_be_hinted('d')} "
    "ORDER BY CASE WHEN d.cause = 'moved' THEN 1 ELSE 0 END, d.hint_at, d.id LIMIT :limit"
)
_THESE = "id IN :ids AND state = 'queued'"
_ALL = "state = 'queued' AND hints > 0"
# Whoever decides about a lane may have several of its deployments. Who has one in hand and waits for another would wait
# in a circle with that one: so nobody waits here with anything in hand.
_LOCKED_BY_NOBODY = "id IN (SELECT id FROM deployment WHERE {} FOR UPDATE SKIP LOCKED)"
_HINTED = sa.text(f"UPDATE deployment SET {HINTED} WHERE {_THESE}").bindparams(sa.bindparam("ids", expanding=True))
_HINTED_UNLOCKED = sa.text(
    f"UPDATE deployment SET {HINTED} WHERE {_LOCKED_BY_NOBODY.format(_THESE)} AND state = 'queued'"
).bindparams(sa.bindparam("ids", expanding=True))
_WAKE_LANES = sa.text(f"UPDATE deployment SET {HINT_AT_ONCE} WHERE {_ALL}")
_WAKE_UNLOCKED = sa.text(f"UPDATE deployment SET {HINT_AT_ONCE} WHERE {_LOCKED_BY_NOBODY.format(_ALL)} AND {_ALL}")
_ASLEEP = sa.text(f"SELECT id FROM deployment WHERE {_ALL} ORDER BY id")
_WAKE_ONE = sa.text(f"UPDATE deployment SET {HINT_AT_ONCE} WHERE id = :id AND state = 'queued'")
_WAKE_REPOSITORIES = sa.text(f"UPDATE repository SET {HINT_AT_ONCE} WHERE hints > 0")
_ASLEEP_REPOSITORIES = sa.text("SELECT name FROM repository WHERE hints > 0 ORDER BY name")
_WAKE_REPOSITORY = sa.text(f"UPDATE repository SET {HINT_AT_ONCE} WHERE name = :name")


def due(store: Store, limit: int = 50) -> list[int]:
    """List deployments that wait for a worker and were not hinted lately."""
    with store.reading() as tx:
        return [row["id"] for row in tx.rows(_DUE, now=tx.now, far=tx.far, limit=limit)]


def hinted(store: Store, ids: Sequence[int]) -> None:
    """Remember that these were published; said after publishing, so that a crash between costs only a repetition.

    So does one that somebody decides about just now, and which is not noted for that.
    """
    if ids:
        with store.writing() as tx:
            tx.change(_HINTED_UNLOCKED if tx.postgres else _HINTED, now=tx.now, ids=list(ids))


def wake_all(store: Store) -> None:
    """Make everything that waits due at once: the broker has lost what it was told."""
    with store.writing() as tx:
        named = [row["name"] for row in tx.rows(_ASLEEP_REPOSITORIES)] if tx.postgres else []
        if not tx.postgres:
            tx.change(_WAKE_REPOSITORIES)
    for name in named:  # two dispatchers that take several at once may wait for each other
        with store.writing() as tx:
            tx.change(_WAKE_REPOSITORY, name=name)
    with store.writing() as tx:
        tx.change(_WAKE_UNLOCKED if tx.postgres else _WAKE_LANES)
        asleep = [row["id"] for row in tx.rows(_ASLEEP)] if tx.postgres else []
    for number in asleep:
        with store.writing() as tx:
            tx.change(_WAKE_ONE, id=number)
