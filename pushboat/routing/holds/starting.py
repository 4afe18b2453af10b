"""May a deployment start, and if not, why in one sentence: pure, over its holds and what it finds in its lane."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold
from pushboat.model.status import THEN
from pushboat.pauses import LONGEST_PAUSE
from pushboat.routing.holds.kind import HoldKind
from pushboat.routing.holds.saying import in_order, sentence
from pushboat.routing.holds.table import KINDS

FREE_WORKER = "waits for a free worker"
"""What nothing holds up: no table knows when a worker will have a hand free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a queued deployment finds in its lane: which one runs there, and when its own pause is over."""

    running: int | None = None
    not_before: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """The answer no, with its reason; `holds` are empty where the lane itself is the reason."""

    sentence: str
    holds: tuple[Hold, ...] = ()


def may_start(
    deployment: Deployment,
    holds: Iterable[Hold],
    now: float,
    place: Place,
    kinds: Mapping[str, HoldKind] = KINDS,
) -> Waits | None:
    """Say what a queued deployment waits for; None where any worker that is free may start it.

    `startable` in store/holds.py is the same in SQL. That nothing newer waits in its lane is not asked here: an older
    one would not be queued any more.
    """
    bound = in_order([hold for hold in holds if hold.binds(deployment, now)], kinds)
    if bound:
        return Waits(sentence=THEN.join(sentence(hold, kinds) for hold in bound), holds=tuple(bound))
    if place.running is not None:
        return Waits(sentence=f"waits for {deployment.kind_word} {place.running}, which runs")
    if now < place.not_before <= now + LONGEST_PAUSE:  # what lies farther is of before the clock was set back
        again = f"again in {math.ceil(place.not_before - now)} s"
        return Waits(sentence=f"{deployment.reason}; {again}" if deployment.reason else again)
    return None


def waits(deployment: Deployment, holds: Iterable[Hold], now: float, place: Place) -> Waits:
    """Say in one sentence why a queued deployment does not run yet."""
    if reason := may_start(deployment, holds, now, place):
        return reason
    return Waits(sentence=f"{deployment.reason}; {FREE_WORKER}" if deployment.reason else FREE_WORKER)


def stays_behind(held: Deployment, free: Deployment, holds: Iterable[Hold], now: float) -> bool:
    """Say whether a hold on all of the environment binds the one and spares the other, which then goes first.

    `spares` in store/superseding.py is the same in SQL.
    """
    whole = [hold for hold in holds if not hold.scope.deployment]
    return any(hold.binds(held, now) and not hold.binds(free, now) for hold in whole)


def outlasts(older: Deployment, newer: Deployment, holds: Iterable[Hold], now: float) -> bool:
    """Say whether a pin keeps an older deployment for later, while a newer one brings what the pin is to.

    Other holds that bind the one and spare the other (a lock, its owner's) keep nothing: there the newer one wins.
    """
    pins = [hold for hold in holds if not hold.scope.deployment and (hold.pull_request or not hold.rollbacks)]
    return any(hold.binds(older, now) and not hold.binds(newer, now) for hold in pins)


def lags(newer: Deployment, older: Deployment, holds: Iterable[Hold], now: float) -> bool:
    """Say whether a newer deployment waits for something of its own that an older one has behind it already.

    Then it does not take the older one's place yet: an approved commit is not lost to one that nobody approves. Where
    both wait for the same, the newer one does; so it does where what the older one waits for has failed it.
    `lagging` in store/superseding.py is the same in SQL.
    """
    own = [hold for hold in holds if hold.scope.deployment]
    before = [hold for hold in own if hold.binds(older, now)]
    return any(not _waits_as_well(before, hold) for hold in own if hold.binds(newer, now))


def _waits_as_well(before: Iterable[Hold], hold: Hold) -> bool:
    same = [each for each in before if (each.kind, each.subject) == (hold.kind, hold.subject)]
    return any(each.sha == hold.sha or each.reason for each in same)
