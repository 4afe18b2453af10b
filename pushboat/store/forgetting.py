"""Lets go of what is older than the table in retention.py says: few rows at a time, so that nobody waits for it.

Rows are looked for in transactions that only read. One that writes takes as few as fit into a hundredth of a second,
and judges each of them once more: what was asked for again in between stays.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile

import sqlalchemy as sa

from pushboat.config.retention import Retention
from pushboat.store import tallies
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Transaction
from pushboat.store.retention import RULES, Id, Rule

LONGEST = 0.01
"""Seconds that one writing transaction may take; the next one takes fewer rows where it took longer."""
FIRST, MOST = 10, 250
"""Rows of the first transaction, and of the largest."""

_ALONE = sa.text("SELECT pg_try_advisory_xact_lock(7371)")


Start = tuple[float, Id]
"""When the last row of a stretch became old, and its name."""


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of old rows: those of them that go, and where the next stretch begins; None: this was the last."""

    going: list[Id]
    end: Start | None


def forget(store: Store, retention: Retention, rest: Callable[[], bool]) -> dict[str, int]:
    """Go through all rules once and say how much of what went.

    Args:
        rest: called between two transactions, to let others work; True ends it early.

    Raises:
        StoreUnavailable: what went until then is gone, the next time goes on.
    """
    gone: dict[str, int] = {}
    for rule in RULES:
        rows, stopped = _follow(store, rule, retention, rest)
        if rows:
            gone[rule.what] = rows
        if stopped:
            break
    return gone


def _follow(store: Store, rule: Rule, retention: Retention, rest: Callable[[], bool]) -> tuple[int, bool]:
    few, gone, start = FIRST, 0, (0.0, rule.before_all)
    while True:
        window = _look(store, rule, retention, start, few)
        if window.going:
            rows, took = _let_go(store, rule, retention, window.going)
            gone, few = gone + rows, _next_size(few, took)
            store.checkpoint()
            if rest():
                return gone, True
        if window.end is None:
            return gone, False
        start = window.end


def _next_size(few: int, took: float) -> int:
    if took > LONGEST:
        return max(1, few // 2)
    return min(MOST, few + few // 2 + 1) if took < LONGEST / 2 else few


def _look(store: Store, rule: Rule, retention: Retention, start: Start, few: int) -> _Window:
    with store.reading() as tx:
        before = tx.now - rule.span(retention)
        stretch = _in_turn(rule, start[1]) if rule.in_turn else _by_age(rule, start, before)
        old = list(takewhile(lambda row: row["since"] <= before, tx.rows(stretch.limit(few))))
        going = [row["id"] for row in tx.rows(_going(rule, retention, [row["id"] for row in old]))] if old else []
    end = (float(old[-1]["since"]), old[-1]["id"]) if len(old) == few else None
    return _Window(going, end)


def _by_age(rule: Rule, start: Start, before: float) -> sa.Select[tuple[Id, float]]:
    since = sa.type_coerce(rule.since, sa.Double).label("since")
    old = sa.select(rule.id.label("id"), since).where(sa.text(rule.part), rule.since <= before, rule.since >= start[0])
    return old.where(sa.or_(rule.since > start[0], rule.id > start[1])).order_by(since, rule.id)


def _in_turn(rule: Rule, start: Id) -> sa.Select[tuple[Id, float]]:
    since = sa.type_coerce(rule.since, sa.Double).label("since")
    return sa.select(rule.id.label("id"), since).where(sa.text(rule.part), rule.id > start).order_by(rule.id)


def _going(rule: Rule, retention: Retention, ids: list[Id]) -> sa.Select[Id]:
    return sa.select(rule.id.label("id")).where(rule.id.in_(ids), rule.goes(retention.keep)).order_by(rule.id)


def _let_go(store: Store, rule: Rule, retention: Retention, ids: list[Id]) -> tuple[int, float]:
    """Let these go and say how many did, and how long others had to wait for that."""
    with store.writing() as tx:
        began = time.monotonic()
        if tx.postgres and not tx.scalar(_ALONE):
            return 0, 0.0  # another dispatcher is at it
        chosen = _going(rule, retention, ids).with_for_update(skip_locked=True, of=rule.table)
        rows = _remove(tx, rule, [row["id"] for row in tx.rows(chosen)])
    return rows, time.monotonic() - began


def _remove(tx: Transaction, rule: Rule, ids: list[Id]) -> int:
    if rule.blanked:
        return tx.change(sa.update(rule.table).where(rule.id.in_(ids)).values(dict.fromkeys(rule.blanked, "")))
    tallies.keep(tx, rule.table.name, ids)
    for column in rule.beside:
        tx.change(sa.delete(column.table).where(column.in_(ids)))
    return tx.change(sa.delete(rule.table).where(rule.id.in_(ids)))
