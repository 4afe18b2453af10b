"""May a deployment start, and if not, why in one sentence: pure, over its holds and what it finds in its lane.

A new kind of hold is one row of KINDS. A hold of a kind that this version does not know (a newer one put it) binds all
the same.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pushboat.model.deployment import Deployment, short
from pushboat.model.hold import Hold, Scope
from pushboat.model.times import clock

PIN = "pin"
"""Holds an environment at the release that a rollback brought back."""

UNMERGED = "unmerged"
"""Holds an environment at a pull request that was deployed there before its merge; its deployments pass."""

PINS = (PIN, UNMERGED)
"""What `unlock` ends, and whoever names a commit at the terminal."""

FREE_WORKER = "waits for a free worker"
"""What nothing holds up: no table knows when a worker will have a hand free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldKind:
    """One kind of hold: its name, its sentence, the command that ends it (empty where only time or a deed does), and
    whether plans of pull requests and rollbacks wait for it too."""

    name: str
    sentence: Callable[[Hold], str]
    ends: Callable[[Hold], str] = lambda _: ""
    plans: bool = False
    rollbacks: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a queued deployment finds in its lane: which one runs there, and when its own pause is over."""

    running: int | None = None
    not_before: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """The answer no, with its reason; `hold` is none where the lane itself is the reason."""

    sentence: str
    hold: Hold | None = None


def _paused(hold: Hold) -> str:
    return f"paused by {hold.by}{_how_long(hold)}{_because(hold)}"


def _resume(hold: Hold) -> str:
    """Resuming ends the pause of one environment, not of everything."""
    scope = hold.scope
    one = scope.repository and scope.environment and not scope.deployment
    return f"pushboat resume {scope.repository} {scope.environment}" if one else ""


def _pinned(hold: Hold) -> str:
    return f"pinned to {hold.subject} by {hold.by}{_how_long(hold)}{_because(hold)}"


def _unmerged(hold: Hold) -> str:
    to = f"pull request #{hold.pull_request} ({short(hold.sha)})"
    return f"pinned to {to} by {hold.by}{_how_long(hold)}, until it is merged, closed or unlocked"


def _unlock(hold: Hold) -> str:
    return f"pushboat unlock {hold.scope.repository} {hold.scope.environment}"


def _how_long(hold: Hold) -> str:
    since = f" since {clock(hold.since)}" if hold.since else ""
    return f"{since}, until {clock(hold.until)}" if hold.until else since


def _because(hold: Hold) -> str:
    return f": {hold.reason}" if hold.reason else ""


def _table(*rows: HoldKind) -> Mapping[str, HoldKind]:
    return {row.name: row for row in rows}


KINDS = _table(
    HoldKind(name="pause", sentence=_paused, ends=_resume),
    HoldKind(name=PIN, sentence=_pinned, ends=_unlock, rollbacks=False),
    HoldKind(name=UNMERGED, sentence=_unmerged, ends=_unlock, rollbacks=False),
)


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
    bound = [hold for hold in holds if hold.binds(deployment, now)]
    if bound:
        oldest = min(bound, key=lambda hold: (hold.since, hold.id))
        return Waits(sentence=sentence(oldest, kinds), hold=oldest)
    if place.running is not None:
        return Waits(sentence=f"waits for {deployment.kind_word} {place.running}, which runs")
    if place.not_before > now:
        again = f"again in {math.ceil(place.not_before - now)} s"
        return Waits(sentence=f"{deployment.reason}; {again}" if deployment.reason else again)
    return None


def pins(holds: Iterable[Hold], scope: Scope) -> list[Hold]:
    """Pick what pins exactly this environment: to a release, or to a pull request."""
    return [hold for hold in holds if hold.kind in PINS and hold.scope == scope]


def unmerged(holds: Iterable[Hold], scope: Scope) -> list[Hold]:
    """Pick what pins exactly this environment to a pull request."""
    return [hold for hold in pins(holds, scope) if hold.kind == UNMERGED]


def stays_behind(held: Deployment, free: Deployment, holds: Iterable[Hold], now: float) -> bool:
    """Say whether a hold on all of the environment binds the one and spares the other, which then goes first.

    `spares` in store/superseding.py is the same in SQL.
    """
    whole = [hold for hold in holds if not hold.scope.deployment]
    return any(hold.binds(held, now) and not hold.binds(free, now) for hold in whole)


def waits(deployment: Deployment, holds: Iterable[Hold], now: float, place: Place) -> Waits:
    """Say in one sentence why a queued deployment does not run yet."""
    if reason := may_start(deployment, holds, now, place):
        return reason
    return Waits(sentence=f"{deployment.reason}; {FREE_WORKER}" if deployment.reason else FREE_WORKER)


def sentence(hold: Hold, kinds: Mapping[str, HoldKind] = KINDS) -> str:
    """Say a hold in one sentence that stands alone."""
    kind = kinds.get(hold.kind)
    return kind.sentence(hold) if kind else f"held back ({hold.kind}) by {hold.by}{_because(hold)}"


def ends_by(hold: Hold, kinds: Mapping[str, HoldKind] = KINDS) -> str:
    """Give the command that ends a hold; empty where there is none."""
    kind = kinds.get(hold.kind)
    return kind.ends(hold) if kind else ""


def told(hold: Hold, kinds: Mapping[str, HoldKind] = KINDS) -> str:
    """Say a hold, and how it is ended."""
    command = ends_by(hold, kinds)
    return f"{sentence(hold, kinds)} ({command})" if command else sentence(hold, kinds)
