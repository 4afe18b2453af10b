"""Leases are renewed as long as their process lives, whatever happens to one of them."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import count

import pytest

from pushboat.errors import LeaseLost
from pushboat.model.deployment import Subject, Turn
from pushboat.model.state import State
from pushboat.store import ending, turns
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Transaction
from tests.store.repository import Repository, deploy, time_passes
from tests.until import PATIENCE, until
from workers.running.leases import LEASE, MARGIN, Leases, now
from workers.tools import Tools

SOON = 0.05
"""Seconds between renewals; five in real life."""


TURN = Turn(subject=Subject.REPOSITORY, key="github/acme/shop", fence=1, owner="me")


def test_a_bug_in_one_renewal_ends_no_lease() -> None:
    """Renewing meets a bug of ours once: the next time all leases are renewed, for ever after."""
    renewals = count()

    def renew(held: Sequence[Turn]) -> Sequence[Turn]:
        if next(renewals) == 0:
            raise ValueError("a bug")
        return held

    taken_at = now() - LEASE + MARGIN + 1
    with Leases(renew, SOON) as leases, leases.holding(TURN, taken_at) as lease:
        until(lambda: now() > taken_at + LEASE, what="the first lease to have ended")
        lease.may_write()


def test_a_lease_that_the_store_gave_away_lets_nothing_be_written(store: Store, repository: Repository) -> None:
    """Somebody else has my lane: I stop writing as soon as I ask for more time."""
    claim = repository.claim(repository.push("a"))
    time_passes(store, 16)
    ending.sweep(store)
    asked_at = now()
    with Leases(partial(turns.renew, store, ttl=LEASE), SOON) as leases, leases.holding(claim.turn, asked_at) as lease:

        def lost() -> bool:
            try:
                lease.may_write()
            except LeaseLost:
                return now() - asked_at < LEASE - MARGIN  # sooner than it would have ended by itself
            return False

        until(lost, what="the lease to be lost")
    assert not ending.finish(store, claim, State.SUCCEEDED, "late")


def test_a_renewal_that_never_ends_is_a_hang(tools: Tools) -> None:
    """The store takes a renewal and never answers: the worker's beat stops until it does, and the end does not wait."""
    called, answered, began = threading.Event(), threading.Event(), now()

    def renew(held: Sequence[Turn]) -> Sequence[Turn]:
        called.set()
        answered.wait(60)
        return held

    with Leases(renew, SOON, stuck_seconds=1.0) as leases, leases.holding(TURN, now()):
        worker = replace(tools, leases=leases)
        called.wait(60)
        is_stuck = worker.stuck()
        assert not is_stuck or now() - began >= 1.0, "before its time"
        until(worker.stuck, what="the worker to be stuck")
        answered.set()
        until(lambda: not worker.stuck(), what="it to go on")


def test_nothing_to_renew_is_no_hang() -> None:
    """A quiet night is none: the thread turns without anything to ask for."""
    with Leases(set, SOON, stuck_seconds=1.0) as leases:
        end = now() + 1.5
        until(lambda: now() > end, what="a night to pass")
        until(lambda: not leases.stuck(), what="it to turn, also after a moment without a processor")


class Slow(Store):
    """A store that takes 100 ms for each transaction."""

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Give one transaction, late."""
        threading.Event().wait(0.1)
        with super().writing() as tx:
            yield tx


def test_a_slow_store_loses_none_of_hundreds_of_leases(store: Store, repository: Repository) -> None:
    """The database takes 100 ms for each transaction, I hold 150 lanes that end in eight seconds: I keep them all."""
    made = repository.route(*(deploy("a", f"environment-{number}") for number in range(150)))
    # None of them ends while the others are claimed, which takes a busy machine longer than a lease lasts.
    held = [repository.claim(each, ttl=PATIENCE).turn for each in made]
    left = MARGIN + 6
    taken_at = now() - LEASE + left
    assert turns.renew(store, held, ttl=left) == set(held), "from here on all of them have as long as that"
    slow = Slow(store.engine, store.turn)
    with Leases(partial(turns.renew, slow, ttl=LEASE), SOON) as leases, ExitStack() as all_held:
        kept = [all_held.enter_context(leases.holding(turn, taken_at)) for turn in held]
        until(lambda: now() > taken_at + LEASE, what="the first leases to have ended")
        for lease in kept:
            lease.may_write()


def test_a_lease_ends_by_itself_where_nobody_renews_it() -> None:
    """A process that was frozen longer than its lease knows that when it wakes up, before it asks anybody."""
    taken_at = now() - 60
    with Leases(set) as leases, leases.holding(TURN, taken_at) as lease, pytest.raises(LeaseLost):
        lease.may_write()
