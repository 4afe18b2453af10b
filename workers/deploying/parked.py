"""Bring in what is parked while the rest of the push comes up: an operator that defines a kind, a webhook's server."""

import time
from collections.abc import Callable

from pushboat.config.environment import Environment
from pushboat.errors import Unhealthy
from workers.cluster.waiting.following import of_inventory
from workers.cluster.waiting.waiting import wait
from workers.cluster.waiting.watches import Watches
from workers.cluster.writing.applying import apply_one
from workers.cluster.writing.parking import LEAST_PATIENCE, Parking
from workers.deploying import summaries
from workers.deploying.claimed import Claimed
from workers.deploying.waves import Part

LOOKS_EVERY = 1.0
"""Seconds at most between two questions whether something is due."""


def bring_in(watches: Watches, work: Claimed, environment: Environment, part: Part, parking: Parking) -> None:
    """Try what is parked again and again, as long as the environment waits; the slot is somebody else's meanwhile.

    Raises:
        Unhealthy: what is applied does not come up.
        ApplyRejected, ClusterRefused: what was waited for never came; the sentence says who must act.
        GaveWay, LeaseLost, Cancelled: as while it waits for health.
    """
    if not parking:
        return
    work.slot.leave()
    over, began = work.waited(), time.monotonic()
    again = trying(watches, work, parking, work.give_way())
    with work.nudges.waking(watches.wake), work.step("apply"):
        _await_the_rest(watches, work, environment, part, parking, over, again)
        patience = environment.wait or LEAST_PATIENCE
        while parking:
            if over + time.monotonic() - began > patience:
                raise parking.give_up(watches.cluster.name, summaries.span(patience), part.behind)
            watches.sleep(LOOKS_EVERY)
            again()


def trying(watches: Watches, work: Claimed, parking: Parking, go_on: Callable[[], None]) -> Callable[[], None]:
    """Make what asks whether to go on, and tries what is parked where that is due."""
    cluster = watches.cluster

    def say(text: str) -> None:
        work.say("wait", text)

    def again() -> None:
        go_on()
        parking.try_again(
            cluster,
            lambda step: apply_one(
                cluster, step, fence=work.claim.fence, may_write=work.go_on, made=work.tally.made.append, say=say
            ),
            say,
        )

    return again


def _await_the_rest(
    watches: Watches,
    work: Claimed,
    environment: Environment,
    part: Part,
    parking: Parking,
    over: float,
    again: Callable[[], None],
) -> None:
    """Wait until what is applied runs: it may be what the others wait for, and if it fails that is the reason."""
    away = parking.refs
    there = [each for each in part.awaited if each.ref not in away]
    try:
        wait(
            watches,
            there,
            deadline=environment.wait,
            waited=over,
            give_way=again,
            say=lambda text: work.say("wait", text),
            labels=of_inventory(part.plan.inventory.parent.id),
            written=work.tally.written,
        )
    except Unhealthy as unhealthy:
        if not parking:
            raise
        raise Unhealthy(unhealthy.summary, f"{unhealthy.details}\n\n{parking}", logs=unhealthy.logs) from unhealthy
