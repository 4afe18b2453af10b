"""A deployment in hand: its claim, its lease, its slot, what it says on its way, and how it ends or is given back."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from pushboat.errors import (
    Cancelled,
    DeploymentFailed,
    GaveWay,
    PushboatError,
    Stopping,
    StoreUnavailable,
    Unavailable,
    Unhealthy,
)
from pushboat.forges.answers import Limited
from pushboat.logs import learn
from pushboat.model import container_log
from pushboat.model.changeset import ChangeSet
from pushboat.model.deployment import Claim, Deployment, ids_of, short
from pushboat.model.footprint import Footprint
from pushboat.model.hold import Hold
from pushboat.model.release import Render
from pushboat.model.state import Kind, State
from pushboat.store import announcing, attempts, change_sets, ending, holds, lanes, traces
from pushboat.store.database.engine import Store
from pushboat.store.waiting import WAITS
from workers.deploying import summaries
from workers.deploying.aims import Aims
from workers.deploying.announcing import Announcements
from workers.deploying.cancellation import Cancellation
from workers.deploying.observing import Observing
from workers.deploying.parties import place
from workers.deploying.reminding import Reminder
from workers.deploying.tallying import WRITES, Tally
from workers.running.leases import LEASE, Lease, now
from workers.running.nudges import Nudges
from workers.running.progress_lines import ProgressLines
from workers.running.slots import Slot
from workers.tools import Tools

OUTAGE_SECONDS = 600.0
"""How long a deployment outlives a forge or a cluster that does not answer, from when that began."""

SHORTEST_DELAY, LONGEST_DELAY = 2.0, 30.0
ASK_FOR_NEWER_EVERY = 1.0
ASK_WHEN_NUDGED = 0.1
"""Seconds at least between two questions whether a newer commit waits: by the clock, and when one may have come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What a deployment of this worker needs on its way; `tools` are as at its claim, and for its story alone."""

    tools: Tools
    store: Store
    claim: Claim
    lease: Lease
    slot: Slot
    ring: Callable[[], None]
    cancellation: Cancellation
    tally: Tally
    nudges: Nudges
    lines: ProgressLines
    logs_in_comments: bool = False
    announcements: Announcements = field(default_factory=Announcements)
    reminder: Reminder = field(default_factory=Reminder)
    aims: Aims = field(default_factory=Aims)
    observing: Observing = field(default_factory=Observing)

    @property
    def deployment(self) -> Deployment:
        """Give the row as it stood when it was claimed."""
        return self.claim.deployment

    def say(self, phase: str, text: str) -> None:
        """Leave one line for whoever watches."""
        self.lines.say(self.deployment.id, phase, text)
        if phase == WAITS and self.deployment.kind is Kind.DEPLOY and self.reminder.due(text):
            announcing.remind(self.store, self.claim, text)

    def give_way(self) -> Callable[[], None]:
        """Make a check for the wait: raise when the lane is gone, the process ends, or a newer commit waits."""
        asked_at, heard = float("-inf"), -1

        def check() -> None:
            nonlocal asked_at, heard
            self.go_on()
            nudges, at = self.nudges.number, time.monotonic()
            if at < asked_at + (ASK_FOR_NEWER_EVERY if nudges == heard else ASK_WHEN_NUDGED):
                return
            asked_at, heard = at, nudges
            newer = lanes.newer_waits(self.store, self.claim)
            if newer is not None:
                raise GaveWay(f"{short(newer.sha)} came while this one waited for health")

        return check

    def go_on(self) -> None:
        """Raise before a write and in a wait where it must end: the lane is gone, we stop, or somebody cancelled."""
        self.lease.may_write()
        if self.tools.stopping.is_set():
            raise Stopping("Pushboat was told to stop; the deployment goes on when it is back")
        self.cancellation.refuse_to_go_on()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Carry out one step; an outage that it meets counts from here, and is over once the same step is done."""
        self.slot.come_back()
        try:
            yield
        except StoreUnavailable:
            raise
        except Unavailable:
            attempts.in_trouble(self.store, self.claim, name)
            raise
        if self.deployment.trouble_step == name:
            attempts.out_of_trouble(self.store, self.claim, name)

    def set_out(self, plan: ChangeSet) -> None:
        """Note what is about to be written, before the first of it is."""
        self.go_on()
        attempts.mean(self.store, self.claim, self.tally.plan(plan), rolls_back=self.aims.rollback is True)
        holds.set_aside(self.store, self.deployment)

    def waited(self) -> float:
        """Say for how many seconds this deployment waits for health already; what was just written starts anew."""
        anew = any(change.action in WRITES for change in self.tally.made)
        return attempts.waited(self.store, self.claim, anew=anew)

    def end(
        self,
        state: State,
        reason: str,
        changes: ChangeSet,
        details: str = "",
        logs: str = "",
        render: Render | None = None,
        footprint: Footprint | None = None,
    ) -> None:
        """Write the end: state, status, followers, release and lane in one transaction."""
        self.lines.write_down()
        ended = ending.finish(
            self.store,
            self.claim,
            state,
            reason,
            details=details,
            logs=logs,
            counts=changes.counts,
            changes=changes.changes,
            render=render and replace(render, to=self.tools.renders_of(self.deployment.lane.repository)),
            footprint=footprint,
            rollback=self.aims.rollback,
            unsure=self.tally.is_unsure,
        )
        self.ring()
        if ended is None or not ended.state.ended:  # another worker goes on, or it waits again
            return
        if changes.counts.changes_something or ended.state is not State.SUCCEEDED:
            self.announcements.tell(ended.state, reason if ended.state is state else ended.reason)

    def give_back(self, reason: str, delay: float, *, counted: bool, said: bool = True) -> None:
        """Put it back into its lane, with what is known to be written."""
        self.lines.write_down()
        attempts.keep(self.store, self.claim, (made := self.tally.changes).changes)
        ending.give_back(self.store, self.claim, reason, delay, counted=counted, counts=made.counts, said=said)
        self.ring()

    def hold_back(self, holds: Sequence[Hold]) -> None:
        """Put it back into its lane with what it waits for, before anything was written."""
        self.lines.write_down()
        ending.hold_back(self.store, self.claim, holds)
        self.ring()

    def hand_over(self, stopping: Stopping) -> None:
        """Give it back at once, for the process that comes after this one."""
        self.give_back(stopping.summary, 0.0, counted=False)

    def step_back(self, stop: GaveWay | Cancelled) -> None:
        """End before the goal: for a newer commit, or because somebody cancelled."""
        self.end(State.CANCELLED if isinstance(stop, Cancelled) else State.SUPERSEDED, stop.summary, self.tally.changes)

    def fail(self, error: PushboatError) -> None:
        """End for good: failed where the revision is at fault, errored where our operator must act."""
        state = State.FAILED if isinstance(error, DeploymentFailed) else State.ERRORED
        said = error.logs if isinstance(error, Unhealthy) else ""
        logs = container_log.for_comments(said) if self.logs_in_comments else said
        self.end(state, self._so_far(error.summary), self.tally.changes, error.details, logs)

    def try_again(self, trouble: Unavailable) -> None:
        """Give it back to the queue for a while; after ten minutes of trouble it is the world's fault for good."""
        lasted = attempts.in_trouble(self.store, self.claim, "")
        if lasted >= OUTAGE_SECONDS:
            reason = f"gave up after {lasted / 60:.0f} minutes: {self._so_far(trouble.summary)}"
            self.end(State.ERRORED, reason, self.tally.changes, trouble.details)
            return
        delay = pause(lasted, trouble.retry_after)
        self.say("retry", summaries.tried(trouble.summary, lasted, OUTAGE_SECONDS, delay))
        limited = isinstance(trouble, Limited)  # to say so at the forge would count towards it, and come too late
        self.give_back(trouble.summary, delay, counted=False, said=not limited)

    def _so_far(self, summary: str) -> str:
        return f"{self.tally.halfway}, then {summary}" if self.tally.halfway else summary

    def stumble(self, bug: Exception) -> None:
        """Try again after a fault of our own, but not often: it may be this revision that brings it out."""
        reason = f"Pushboat's own fault ({type(bug).__name__}); its log has the details"
        if self.deployment.attempts >= ending.MAX_ATTEMPTS:
            self.end(State.ERRORED, f"gave up after {self.deployment.attempts} attempts: {reason}", self.tally.changes)
            return
        self.say("retry", f"{reason}; attempt {self.deployment.attempts} of {ending.MAX_ATTEMPTS}")
        self.give_back(reason, 2.0**self.deployment.attempts, counted=True)


def pause(lasted: float, asked: float | None) -> float:
    """Say for how many seconds to leave who is in trouble alone: as they ask, but not beyond our patience."""
    return max(SHORTEST_DELAY, min(asked or min(LONGEST_DELAY, max(SHORTEST_DELAY, lasted)), OUTAGE_SECONDS - lasted))


@contextmanager
def claimed(tools: Tools, deployment: int) -> Iterator[Claimed | None]:
    """Wait for a slot and claim a deployment; None where it is not this worker's to do."""
    with place(tools, deployment) as slot:
        asked_at = now()
        tools = tools.by_now()  # it may have waited here for long
        wanted = slot is not None and not tools.stopping.is_set()
        claim = lanes.claim(tools.store, deployment, tools.owner, LEASE) if wanted else None
        if slot is None or claim is None:
            yield None
            return
        learn(**ids_of(claim.deployment), trace_id=traces.id_of_deployment(tools.store, deployment))
        limits = tools.operator.limits(claim.deployment.lane.repository, claim.deployment.lane.environment)
        with tools.leases.holding(claim.turn, asked_at) as lease:
            done, meant = change_sets.listed(tools.store, deployment), attempts.meant(tools.store, deployment)
            yield Claimed(
                tools=tools,
                store=tools.store,
                claim=claim,
                lease=lease,
                slot=slot,
                ring=tools.ring,
                cancellation=Cancellation(tools.store, deployment),
                nudges=tools.nudges,
                lines=tools.lines,
                logs_in_comments=limits is not None and limits.logs_in_comments,
                tally=Tally(done=done, meant=meant),
            )
