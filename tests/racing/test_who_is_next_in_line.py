"""A lock is asked for while the one before it ends: whoever is in line has it then, and waits behind nobody."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from pushboat.errors import Outrun
from pushboat.model.hold import Hold, Scope
from pushboat.routing import PutHold
from pushboat.routing.holds import LOCK, is_in_line, lined_up, locks
from pushboat.store import holds, lifting
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository

STAGING = Scope(repository=NAME, environment="staging")


def locked(who: str) -> Hold:
    """Somebody's lock, without an end."""
    return Hold(kind=LOCK, scope=STAGING, by=who, subject=who, spares=who)


def behind(store: Store, who: str) -> PutHold:
    """Decide about somebody's lock, as things stand: its place is behind those that are there."""
    line, now = locks(holds.listed(store), STAGING, store.now()), store.now()
    return PutHold(hold=lined_up([*line, replace(locked(who), since=now)], now)[-1])


def test_the_lock_before_it_ends_while_it_is_decided(store: Store, repository: Repository) -> None:
    """Bob is put in line behind alice, and at that moment the operator ends hers: it is decided anew, and is his."""
    alices = holds.put(store, locked("alice")).hold
    bobs = behind(store, "bob")
    assert is_in_line(bobs.hold, store.now())
    assert lifting.end(store, alices.id, "root")
    with pytest.raises(Outrun, match="the line for the lock of staging has moved meanwhile"):
        repository.route(bobs)
    assert holds.listed(store) == []
    repository.route_waiting(behind(store, "bob"))
    (his,) = holds.listed(store)
    assert not is_in_line(his, store.now())


def test_another_lock_comes_while_it_is_decided(store: Store, repository: Repository) -> None:
    """Both find staging free: the second one does not hold it beside the first, nor is it lost."""
    bobs, alices = behind(store, "bob"), behind(store, "alice")
    repository.route(bobs)
    with pytest.raises(Outrun):
        repository.route(alices)
    repository.route_waiting(behind(store, "alice"))
    line = locks(holds.listed(store), STAGING, store.now())
    assert [(each.by, is_in_line(each, store.now())) for each in line] == [("bob", False), ("alice", True)]


def test_the_operator_ends_a_lock_while_somebody_gets_in_line(store: Store, repository: Repository) -> None:
    """At once, again and again: somebody holds it afterwards, or nobody is in line."""
    for _ in range(8):
        alices = holds.put(store, locked("alice")).hold
        repository.receive("a")
        bobs, together = behind(store, "bob"), threading.Barrier(2)

        def route(together: threading.Barrier = together, bobs: PutHold = bobs) -> None:
            together.wait()
            try:
                repository.route_waiting(bobs)
            except Outrun:
                repository.route_waiting(behind(store, "bob"))

        def end(together: threading.Barrier = together, number: int = alices.id) -> None:
            together.wait()
            lifting.end(store, number, "root")

        with ThreadPoolExecutor(2) as threads:
            for each in [threads.submit(route), threads.submit(end)]:
                each.result()
        (left,) = holds.listed(store)
        assert left.by == "bob"
        assert not is_in_line(left, store.now())
        holds.lift(store, LOCK, STAGING, "bob")
