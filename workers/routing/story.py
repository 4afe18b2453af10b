"""The story of a delivery after its 202: per repository, each ref in order, from event to deployments.

Each step commits on its own; a worker that dies between two leaves the rest to the next one. Where the forge does not
answer, the delivery waits, and with it the later ones of its ref; those of other refs go on. For how long is said in
`patience.py`.
"""

import logging
import time
from dataclasses import replace
from functools import partial

from pushboat import later_words, machine, routing
from pushboat.errors import (
    CheckoutFailed,
    CommandRefused,
    ForgeRefused,
    ForgeUnavailable,
    LeaseLost,
    NotConfigured,
    Outrun,
    PushboatError,
    StoreUnavailable,
    Unavailable,
)
from pushboat.events import Event, EventKind
from pushboat.logs import about
from pushboat.model.delivery import DeliveryRow
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.status import FILE_CONTEXT
from pushboat.routing import Decision, Deploy, Facts, Leave, Mend, Post
from pushboat.store import enacting, repetitions, routing_jobs, traces
from pushboat.store.enacting import RoutingClaim
from workers.routing import patience
from workers.routing.captioning import caption
from workers.routing.carrying import carried
from workers.routing.gathering import gather
from workers.routing.ordering import order, told
from workers.routing.requesting import requested
from workers.routing.windows import with_windows
from workers.running.leases import LEASE, now
from workers.tools import Tools

GIVE_UP_AFTER = 5
"""Tries of a delivery that meets a bug of ours, or of a comment that the forge will not let us read about."""

logger = logging.getLogger(__name__)


def route_repository(tools: Tools, repository: str) -> None:
    """Route everything of one repository whose turn it is, oldest first."""
    asked_at = now()
    claim = routing_jobs.claim_routing(tools.store, repository, tools.owner, LEASE)
    if claim is None:
        return
    with tools.leases.holding(claim.turn, asked_at):
        try:
            while not tools.stopping.is_set() and (row := routing_jobs.next_unrouted(tools.store, claim)):
                trace = traces.id_of(tools.store, row.forge, row.delivery)
                with about(delivery=row.id, repository=repository, trace_id=trace):
                    _route_one(tools.by_now(), replace(claim, took_up=time.monotonic()), row)
                tools.ring()
        except LeaseLost:
            return
    routing_jobs.release(tools.store, claim)


def _route_one(tools: Tools, claim: RoutingClaim, row: DeliveryRow) -> None:
    """Route one delivery, or let it wait, and with it those behind it in its stream, or end it in a sentence."""
    started = now()
    tired = row.attempts >= GIVE_UP_AFTER
    try:
        with machine.troubles():
            _enact(tools, claim, row)
    except (LeaseLost, StoreUnavailable):
        raise
    except (Unavailable, ForgeRefused) as trouble:
        lasted = routing_jobs.in_trouble(tools.store, claim, row.id)
        if isinstance(trouble, ForgeRefused) and row.ask and tired:  # its pull request may be gone for good
            _give_up(tools, claim, row, trouble)
        elif lasted >= patience.OUTAGE_SECONDS and patience.others_are_answered(tools, claim.repository):
            _give_up(tools, claim, row, patience.given_up(row, trouble))
        else:
            # A try that hangs takes no more than half of the time that the repository's other refs have.
            _wait(tools, claim, row, trouble, max(patience.delay(row.attempts, trouble), now() - started))
    except NotConfigured as refusal:
        _give_up(tools, claim, row, refusal)
    except Outrun as change:
        _wait(tools, claim, row, change, 0.0)
    except Exception as bug:  # the last door: one delivery that meets a bug of ours must not hold all others up
        logger.exception("delivery %s met a bug", row.id)
        fault = Unavailable(f"Pushboat's own fault ({type(bug).__name__}); its log has the details")
        ending = _give_up if tired else partial(_wait, delay=patience.REFUSED_DELAY_SECONDS)
        ending(tools, claim, row, fault)


def _enact(tools: Tools, claim: RoutingClaim, row: DeliveryRow) -> None:
    _leave_to_later(row)
    decision = carried(tools, claim.repository, _decide(tools, claim.repository, row))
    repetitions.settle(tools.store, claim.repository, _concerned(decision))
    place = order(tools, claim.repository, row, decision, partial(_do_without, tools, claim, row))
    late = {each for each in _left_alone(decision) if each in place.outdated}
    if repetitions.settle(tools.store, claim.repository, late):
        raise Outrun("what leaves these environments as they are has come after a newer commit that did so too")
    decision = told(_again(decision, row) if row.replayed else decision, place.doubts)
    decision = with_windows(tools, claim.repository, decision)
    caption(tools, claim.repository, decision)
    enacting.complete(
        tools.store,
        claim,
        row.id,
        decision,
        place.contained,
        outdated=place.outdated,
        ahead=place.ahead,
        moved=row.event.branch if row.event.kind is EventKind.PUSH else "",
        between=partial(_let_begin, tools),
    )


def _leave_to_later(row: DeliveryRow) -> None:
    """Let a delivery wait that only a later version understands: where one accepted it, its worker is there, or comes.

    Raises:
        Unavailable: it is one.
    """
    words = (row.event.kind, *((row.ask.source,) if row.ask else ()))
    if strange := [word for word in words if not later_words.is_known(word)]:
        raise Unavailable(f"a newer Pushboat accepted this ({strange[0]}), and a worker of that version carries it out")


def _concerned(decision: Decision) -> set[str]:
    """Name the environments that a decision does something about, and those that this waits for; what stays as it is
    was found so by the row that it has now.
    """
    deploys = [act for act in decision.acts if isinstance(act, Deploy) and not act.same]
    needed = {hold.subject for act in deploys for hold in act.holds} - _left_alone(decision)
    left = [act.environment for act in decision.acts if isinstance(act, Leave)]
    return {*needed, *left, *(act.environment for act in deploys)}


def _left_alone(decision: Decision) -> set[str]:
    return {act.environment for act in decision.acts if isinstance(act, Deploy) and act.same}


def _let_begin(tools: Tools) -> None:
    """Let what has begun be carried out, and who waits for the store write, before the next share begins."""
    tools.ring()
    tools.store.give_way()


def _do_without(tools: Tools, claim: RoutingClaim, row: DeliveryRow, trouble: Unavailable | ForgeRefused) -> None:
    """Raise while there is time to ask again; return when the answer has to be done without."""
    left = patience.DOUBT_SECONDS - routing_jobs.in_doubt(tools.store, claim, row.id)
    if left > 0:
        summary = f"{trouble.summary}; goes on without an answer in {max(left, 1):.0f} s"
        pause = min(patience.delay(row.attempts, trouble), max(left, 1))
        raise ForgeUnavailable(summary, trouble.details, retry_after=pause) from trouble


def _wait(tools: Tools, claim: RoutingClaim, row: DeliveryRow, trouble: PushboatError, delay: float) -> None:
    routing_jobs.postpone(tools.store, claim, row.id, f"waiting: {trouble.summary}", delay)


def _give_up(tools: Tools, claim: RoutingClaim, row: DeliveryRow, trouble: PushboatError) -> None:
    """End a delivery that trying again does not help, in a sentence, so that those behind it get their turn."""
    enacting.complete(tools.store, claim, row.id, routing.unreadable(row.event, trouble, State.ERRORED))


def _decide(tools: Tools, repository: str, row: DeliveryRow) -> Decision:
    try:
        facts = replace(gather(tools, repository, row), silent=tools.is_silent(repository))
        return requested(tools, repository, routing.route(row.event, facts, row.ask))
    except CheckoutFailed as failure:
        return routing.unreadable(row.event, failure)
    except CommandRefused as refusal:
        assert row.ask, "nobody but an asker is refused"
        limits = tools.environments(repository, [row.ask.environment])
        return routing.refuse(row.ask, refusal, Facts(environments={}, limits=limits))


def _again(decision: Decision, row: DeliveryRow) -> Decision:
    """Deploy also what the lane's newest deployment is of already: that is what a replay asks for. Who is next in a
    merge queue is no news of then.

    What was wrong with the commit's file, and is no more since the operator's has changed, is taken back.
    """
    acts = tuple(
        replace(act, once=False, trigger=Trigger.REPLAY)
        if isinstance(act, Deploy) and act.kind is Kind.DEPLOY and act.trigger is not Trigger.MERGE_QUEUE
        else act
        for act in decision.acts
    )
    if any(isinstance(act, Post) and act.context == FILE_CONTEXT for act in acts):
        return replace(decision, acts=acts)
    return replace(decision, acts=(*acts, *_mended(row.event)))


def _mended(event: Event) -> tuple[Mend, ...]:
    """Say what is mended: of a head that is proposed nothing more than its file is known."""
    pushed = event.merged_sha or (event.sha if event.kind is EventKind.PUSH else "")
    proposed = event.kind is EventKind.PULL_REQUEST and event.fork is False and not pushed
    ref = f"refs/heads/{event.base_ref}" if event.merged_sha else event.ref
    only = FILE_CONTEXT if proposed else ""
    return (Mend(sha=pushed or event.sha, only=only, ref=ref),) if pushed or proposed else ()
