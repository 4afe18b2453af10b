"""The story of a delivery after its 202: per repository and in order, from event to deployments.

Each step commits on its own; a worker that dies between two leaves the rest to the next one. Where the forge does not
answer, the delivery waits at the head of its repository's queue: a later one never overtakes it.
"""

import logging
from dataclasses import replace
from functools import partial

from pushboat import routing
from pushboat.errors import (
    CheckoutFailed,
    CommandRefused,
    ForgeRefused,
    LeaseLost,
    NotConfigured,
    Outrun,
    PushboatError,
    StoreUnavailable,
    Unavailable,
)
from pushboat.model.delivery import DeliveryRow
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Decision, Deploy, Facts
from pushboat.store import enacting, routing_jobs
from pushboat.store.enacting import RoutingClaim
from workers.routing.gathering import gather
from workers.routing.ordering import order
from workers.running.leases import LEASE, now
from workers.tools import Tools

LONGEST_DELAY = 60.0
REFUSED_DELAY = 60.0
"""Seconds until we ask again where the forge refused us: our operator has to act, so there is no hurry."""

GIVE_UP_AFTER = 5
"""Tries of a delivery that meets a bug of ours, or of a comment that the forge will not let us read about."""

logger = logging.getLogger(__name__)


def route_repository(tools: Tools, repository: str) -> None:
    """Route everything that waits for one repository, oldest first."""
    asked_at = now()
    claim = routing_jobs.claim_routing(tools.store, repository, tools.owner, LEASE)
    if claim is None:
        return
    with tools.leases.holding(claim.turn, asked_at):
        try:
            while not tools.stopping.is_set() and (row := routing_jobs.next_unrouted(tools.store, claim)):
                if not _route_one(tools, claim, row):
                    break
                tools.ring()
        except LeaseLost:
            return
    routing_jobs.release(tools.store, claim)


def _route_one(tools: Tools, claim: RoutingClaim, row: DeliveryRow) -> bool:
    """Route one delivery; False where it has to wait, and with it everything behind it."""
    tired = row.attempts >= GIVE_UP_AFTER
    try:
        _enact(tools, claim, row)
    except (LeaseLost, StoreUnavailable):
        raise
    except Unavailable as trouble:
        delay = trouble.retry_after or min(LONGEST_DELAY, 2.0 ** min(row.attempts, 6))
        return _wait(tools, claim, row, trouble, delay)
    except ForgeRefused as refusal:
        if row.ask and tired:  # its pull request may be gone, which nobody will mend
            return _give_up(tools, claim, row, refusal)
        return _wait(tools, claim, row, refusal, REFUSED_DELAY)
    except NotConfigured as refusal:
        return _give_up(tools, claim, row, refusal)
    except Outrun as change:
        return _wait(tools, claim, row, change, 0.0)
    except Exception as bug:  # the last door: one delivery that meets a bug of ours must not hold all others up
        logger.exception("delivery %s met a bug", row.id)
        fault = Unavailable(f"Pushboat's own fault ({type(bug).__name__}); its log has the details")
        return (_give_up if tired else partial(_wait, delay=REFUSED_DELAY))(tools, claim, row, fault)
    return True


def _enact(tools: Tools, claim: RoutingClaim, row: DeliveryRow) -> None:
    decision = _decide(tools, claim.repository, row)
    place = order(tools, claim.repository, row.event, decision)
    if row.replayed:
        decision = _again(decision)
    enacting.complete(tools.store, claim, row.id, decision, contained=place.contained, outdated=place.outdated)


def _wait(tools: Tools, claim: RoutingClaim, row: DeliveryRow, trouble: PushboatError, delay: float) -> bool:
    routing_jobs.postpone(tools.store, claim, row.id, f"waiting: {trouble.summary}", delay)
    return False


def _give_up(tools: Tools, claim: RoutingClaim, row: DeliveryRow, trouble: PushboatError) -> bool:
    """End a delivery that trying again does not help, in a sentence, so that those behind it get their turn."""
    enacting.complete(tools.store, claim, row.id, routing.unreadable(row.event, trouble, State.ERRORED))
    return True


def _decide(tools: Tools, repository: str, row: DeliveryRow) -> Decision:
    try:
        return routing.route(row.event, gather(tools, repository, row), row.ask)
    except CheckoutFailed as failure:
        return routing.unreadable(row.event, failure)
    except CommandRefused as refusal:
        assert row.ask, "nobody but an asker is refused"
        limits = tools.project(repository).environments
        return routing.refuse(row.ask, refusal, Facts(environments={}, limits=limits))


def _again(decision: Decision) -> Decision:
    """Deploy also what the lane's newest deployment is of already: that is what a replay asks for."""
    acts = tuple(
        replace(act, once=False, trigger=Trigger.REPLAY) if isinstance(act, Deploy) and act.kind is Kind.DEPLOY else act
        for act in decision.acts
    )
    return replace(decision, acts=acts)
