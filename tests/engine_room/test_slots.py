"""Places for those who work: when nobody leaves one for far too long, the worker says that it hangs."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.until import until
from workers.running.slots import Slots

STUCK_SECONDS = 0.3


@contextmanager
def somebody_waits(slots: Slots, deployment: int) -> Iterator[None]:
    """Have a thread stand in the queue as long as the block runs; there must be no place."""

    def work() -> None:
        with slots.one(deployment):
            pass

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join(timeout=60)


def pass_time(stuck_seconds: float = STUCK_SECONDS) -> None:
    """Let more time pass than a place may be held while others wait."""
    end = time.monotonic() + 2 * stuck_seconds
    until(lambda: time.monotonic() >= end, what="time to pass")


def test_a_place_held_for_ever_while_others_wait_is_a_hang() -> None:
    """The only place is never left and somebody wants it: stuck, until it is left after all."""
    slots = Slots(1, STUCK_SECONDS)
    with ExitStack() as stack, slots.one(1) as slot:
        assert slot is not None
        stack.enter_context(somebody_waits(slots, 2))
        until(slots.stuck, what="the worker to be stuck")
        slot.leave()
        until(lambda: not slots.stuck(), what="it to go on")


def test_a_long_work_that_nobody_waits_for_is_no_hang() -> None:
    """Nobody is kept waiting by it."""
    slots = Slots(1, STUCK_SECONDS)
    with slots.one(1):
        pass_time()
        assert not slots.stuck()


def test_a_wait_for_health_is_no_hang() -> None:
    """Whoever waits has given its place back, and may wait for as long as its environment says."""
    slots = Slots(1, STUCK_SECONDS)
    with slots.one(1) as slot:
        assert slot is not None
        slot.leave()
        pass_time()
        with slots.one(2):
            assert not slots.stuck()


def test_the_first_to_wait_after_a_quiet_night_is_no_hang() -> None:
    """How long ago somebody moved counts from when others began to wait for it."""
    slots = Slots(1, 5 * STUCK_SECONDS)  # on a busy machine it takes some of that to begin to wait
    with ExitStack() as stack, slots.one(1) as slot:
        assert slot is not None
        pass_time(5 * STUCK_SECONDS)
        stack.enter_context(somebody_waits(slots, 2))
        assert not slots.stuck()
        slot.leave()


def test_who_steps_aside_lets_the_next_one_in() -> None:
    """A place is lent as long as its owner waits for a login, however often they say so, and taken again after it."""
    slots = Slots(1, STUCK_SECONDS)
    with slots.one(1) as first:
        assert first is not None
        first.step_aside()
        first.step_aside()
        with slots.one(2) as second:
            assert second is not None
            back = threading.Thread(target=first.come_back)
            back.start()
            until(slots.stuck, what="the owner to wait for the place")
        back.join(60)
        assert not back.is_alive()
        with ExitStack() as stack:
            stack.enter_context(somebody_waits(slots, 3))
            until(slots.stuck, what="the place to be held again")
            first.leave()


def test_who_left_for_good_takes_no_place_again() -> None:
    """Whoever waits for health stays without a place, also where a login has to be renewed meanwhile."""
    slots = Slots(1, STUCK_SECONDS)
    with slots.one(1) as slot:
        assert slot is not None
        slot.step_aside()
        slot.leave()
        slot.step_aside()
        slot.come_back()
        with slots.one(2) as first, slots.one(2) as twice:
            assert (first is None, twice) == (False, None)
            slot.leave()
    with slots.one(3):
        pass_time()
        assert not slots.stuck()
