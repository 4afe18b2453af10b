"""Follow an ask at the terminal: its verdict, then the lines of the deployment it led to, until that has ended.

Talk goes to stderr as it comes; a long silence is filled with how long it took and how long we will still look.
"""

import time
from dataclasses import dataclass, field

from cli import output
from pushboat.errors import Unavailable
from pushboat.model.ask import AskVerdict, AuditEntry
from pushboat.model.deployment import Deployment, short
from pushboat.model.state import State
from pushboat.model.times import lasted
from pushboat.model.wording import outcome
from pushboat.routing.holds import told
from pushboat.store import deliveries, deployments, mending, progress_lines
from pushboat.store.database.engine import Store

LOOK_EVERY = 0.2
LOOKS_BEFORE_A_WORD = 5  # at a deployment that waits, before we say for what: most begin before
SPEAK_AFTER = 15.0
"""Seconds of silence until we say that we are still there."""

TAKEN_UP_WITHIN = 10.0
DONE, NO, COULD_NOT_FIND_OUT = 0, 1, 3


class OutOfTime(Unavailable):
    """It goes on, and we have looked for as long as we were told to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The exit code, and the deployment that it is about, where there is one."""

    code: int
    deployment: int | None = None


@dataclass(slots=True)
class _Watch:
    """How long we have looked and when we last said something."""

    limit: float
    what: str
    began: float = field(default_factory=time.monotonic)
    spoke: float = field(default_factory=time.monotonic)

    def say(self, sentence: str, glyph: str = "") -> None:
        output.say(sentence, glyph=glyph)
        self.spoke = time.monotonic()

    def pause(self) -> None:
        """Wait a moment.

        Raises:
            OutOfTime: the limit is over.
        """
        now = time.monotonic()
        if now - self.began >= self.limit:
            raise OutOfTime(f"not ended after {lasted(self.limit)}; it goes on: {self.what}")
        if now - self.spoke >= SPEAK_AFTER:
            self.say(f"… {lasted(now - self.began)} of at most {lasted(self.limit)}")
        time.sleep(LOOK_EVERY)


def follow(store: Store, delivery: int, ends_as: State | None, limit: float, public_url: str) -> Outcome:
    """Follow what an ask leads to and say how it ended.

    Raises:
        OutOfTime: it has not ended within `limit` seconds.
        StoreUnavailable: the store does not answer.
    """
    watch = _Watch(limit, what=f"pushboat deliveries show {delivery}")
    entry = _verdict(store, delivery, watch)
    if entry.verdict is not AskVerdict.DONE:
        watch.say(entry.reason, glyph="✗")
        return Outcome(code=NO if entry.verdict is AskVerdict.REFUSED else COULD_NOT_FIND_OUT)
    watch.say(entry.reason)
    if entry.deployment is None:
        return Outcome(code=DONE)
    ended = _end(store, entry.deployment, watch, public_url)
    watch.say(outcome(ended.state, ended.reason or "no reason was kept"), glyph=output.LOOKS[str(ended.state)][0])
    _follow_rollback(store, ended, watch, public_url)
    return Outcome(code=DONE if ended.state is ends_as else NO, deployment=ended.id)


def _follow_rollback(store: Store, failed: Deployment, watch: _Watch, public_url: str) -> None:
    """Where a rollback answers the failure, tell that one too, and what became of the failure and so runs now."""
    back = mending.answered_by(store, failed.id)
    if back is None:
        return
    ended = _end(store, back.id, watch, public_url)
    watch.say(outcome(ended.state, ended.reason or "no reason was kept"), glyph=output.LOOKS[str(ended.state)][0])
    told = deployments.find(store, failed.id)
    place = failed.lane.environment
    runs = f"what runs in {place} now may be neither this nor release {back.again} as a whole"
    if ended.id != back.id:
        runs = f"what runs in {place} now is {short(ended.sha)}" if ended.state is State.SUCCEEDED else ""
    elif ended.state is State.SUCCEEDED:
        runs = f"what runs in {place} now is release {back.again} ({short(back.sha)})"
    elif ended.state is State.SUPERSEDED:
        runs = f"what runs in {place} soon is what goes before it"
    watch.say(": ".join(each for each in (told.aftermath if told else "", runs) if each))


def _verdict(store: Store, delivery: int, watch: _Watch) -> AuditEntry:
    said, asked_aloud = "", False
    while True:
        row = deliveries.find(store, delivery)
        assert row, f"delivery {delivery} has left the store"
        if row.audit:
            return row.audit[-1]
        if row.attempts and row.reason != said:
            said = row.reason
            watch.say(said)
        if not (row.attempts or asked_aloud) and time.monotonic() - watch.began > TAKEN_UP_WITHIN:
            asked_aloud = True
            watch.say("nobody has taken it up yet: does `pushboat serve` run?")
        watch.pause()


def _end(store: Store, number: int, watch: _Watch, public_url: str) -> Deployment:
    """Tell a deployment's lines until it has ended; one that was superseded ends with its successor."""
    last, waited = 0, 0
    while True:
        row = deployments.find(store, number)
        assert row, f"deployment {number} has left the store"
        if not last:
            watch.say(f"{public_url.rstrip('/')}{row.path}")
            last = -1
        for line in progress_lines.listed(store, number, max(last, 0)):
            last = line.id
            watch.say(f"{line.phase}: {line.text}")
        waited += row.state is State.QUEUED
        if waited == LOOKS_BEFORE_A_WORD and row.state is State.QUEUED and row.waits:
            for said in map(told, row.holds) if row.holds else [row.waits]:
                watch.say(said)
        if row.state is State.SUPERSEDED and row.successor and row.successor_contains:
            watch.say(f"superseded by {short(row.successor_sha)}, which contains it")
            return _end(store, row.successor, watch, public_url)
        if row.state.ended:
            return row
        watch.pause()
