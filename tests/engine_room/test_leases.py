"""Leases are renewed as long as their process lives, whatever happens to one of them."""

import time

import pytest

from pushboat.errors import LeaseLost
from pushboat.model.state import State
from pushboat.store import ending, lanes
from pushboat.store.database.engine import Store
from tests.store.repository import Repository, time_passes
from tests.until import until
from workers.running.leases import LEASE, MARGIN, Leases, now

SOON = 0.05
"""Seconds between renewals; five in real life."""


def test_a_bug_in_one_renewal_ends_no_other_lease() -> None:
    """One lease meets a bug of ours when it is renewed: all others of the process are renewed for ever after."""
    renewed: list[float] = []

    def stumble() -> float:
        renewed.append(0.0)
        raise ValueError("a bug")

    def renew() -> float:
        renewed.append(1.0)
        return time.time() + 15

    with Leases(SOON) as leases, leases.holding("odd", stumble, now()):
        until(lambda: 0.0 in renewed, what="the first renewal")
        with leases.holding("even", renew, now()) as lease:
            until(lambda: 1.0 in renewed, what="a renewal after the bug")
            lease.may_write()


def test_a_lease_that_the_store_gave_away_lets_nothing_be_written(store: Store, repository: Repository) -> None:
    """Somebody else has my lane: I stop writing as soon as I ask for more time."""
    claim = repository.claim(repository.push("a"))
    time_passes(store, 16)
    ending.sweep(store)
    asked_at = now()
    with Leases(SOON) as leases, leases.holding("lane", lambda: lanes.renew(store, claim), asked_at) as lease:

        def lost() -> bool:
            try:
                lease.may_write()
            except LeaseLost:
                return now() - asked_at < LEASE - MARGIN  # sooner than it would have ended by itself
            return False

        until(lost, what="the lease to be lost")
    assert not ending.finish(store, claim, State.SUCCEEDED, "late")


def test_a_lease_ends_by_itself_where_nobody_renews_it() -> None:
    """A process that was frozen longer than its lease knows that when it wakes up, before it asks anybody."""
    taken_at = now() - 60
    with Leases() as leases, leases.holding("lane", lambda: None, taken_at) as lease, pytest.raises(LeaseLost):
        lease.may_write()
