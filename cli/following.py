"""Follow an ask at the terminal: its verdict, then the lines of the deployment it led to, until that has ended.

Talk goes to stderr as it comes; a long silence is filled with how long it took and how long we will still look.
"""

import time
from dataclasses import dataclass, field
from typing import Any, Protocol

from cli import output
from pushboat import later_words
from pushboat.errors import Unavailable
from pushboat.model.ask import AskVerdict
from pushboat.model.deployment import short
from pushboat.model.state import State
from pushboat.model.times import lasted
from pushboat.model.wording import outcome
from pushboat.store.deliveries import WAITING

Json = dict[str, Any]

QUIET_BEFORE_A_WORD = 1.0  # of a deployment that waits, before we say for what: most begin before
SPEAK_AFTER = 15.0
"""Seconds of silence until we say that we are still there."""

TAKEN_UP_WITHIN = 10.0
DONE, NO, COULD_NOT_FIND_OUT = 0, 1, 3


class OutOfTime(Unavailable):
    """It goes on, and we have looked for as long as we were told to."""


class Vantage(Protocol):
    """From where we look: the store of this machine, or the API of a Pushboat elsewhere. Both say it in JSON."""

    @property
    def look_every(self) -> float:
        """Give the seconds between two looks."""

    def delivery(self, number: int) -> Json:
        """Give a delivery with its asks."""

    def deployment(self, number: int) -> Json:
        """Give a deployment, as lists have it."""

    def progress(self, number: int, after: int) -> Json:
        """Give a deployment's lines after this one, and how it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How whoever asks wants to go on: follow it, for how long, and what is printed; `sure` asks nothing back."""

    wait: bool
    limit: float
    as_json: bool
    sure: bool = False


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
    vantage: Vantage
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
        time.sleep(self.vantage.look_every)


def follow_through(vantage: Vantage, number: int, url: str, ends_as: State | None, manner: Manner) -> int:
    """Say where an ask stands, follow what becomes of it as far as that is wanted, and give the exit code."""
    output.say(f"asked, as delivery {number}: {url}")
    if not manner.wait:
        if manner.as_json:
            output.print_json(vantage.delivery(number))
        return DONE
    outcome = follow(vantage, number, ends_as, manner.limit)
    if manner.as_json and outcome.deployment:
        output.print_json(vantage.deployment(outcome.deployment))
    return outcome.code


def follow(vantage: Vantage, delivery: int, ends_as: State | None, limit: float) -> Outcome:
    """Follow what an ask leads to and say how it ended.

    Raises:
        OutOfTime: it has not ended within `limit` seconds.
        StoreUnavailable, NoAnswer: who knows does not answer.
    """
    watch = _Watch(limit, f"pushboat deliveries show {delivery}", vantage)
    ask = _decided(delivery, watch)
    if ask["verdict"] != AskVerdict.DONE:
        watch.say(ask["reason"], glyph="✗")
        return Outcome(code=NO if ask["verdict"] == AskVerdict.REFUSED else COULD_NOT_FIND_OUT)
    watch.say(ask["reason"])
    if ask["deployment"] is None:
        return Outcome(code=DONE)
    number, ended = _end(ask["deployment"], watch)
    _say_end(ended, watch)
    _follow_rollback(number, ended, watch)
    return Outcome(code=DONE if ended["state"] == ends_as else NO, deployment=number)


def _say_end(ended: Json, watch: _Watch) -> None:
    state = later_words.read(State, ended["state"])
    watch.say(outcome(state, ended["reason"] or "no reason was kept"), glyph=output.LOOKS.get(str(state), ("?",))[0])


def _follow_rollback(failed: int, story: Json, watch: _Watch) -> None:
    """Where a rollback answers the failure, tell that one too, and what became of the failure and so runs now."""
    for back in story["answered_by"]:
        number, ended = _end(back, watch)
        _say_end(ended, watch)
        told = watch.vantage.progress(failed, 0)["aftermath"]
        rollback = watch.vantage.deployment(back)
        place, release = rollback["environment"], rollback["rolled_back_to"]
        runs = f"what runs in {place} now may be neither this nor release {release} as a whole"
        if number != back:
            newer = short(watch.vantage.deployment(number)["sha"])
            runs = f"what runs in {place} now is {newer}" if ended["state"] == State.SUCCEEDED else ""
        elif ended["state"] == State.SUCCEEDED:
            runs = f"what runs in {place} now is release {release} ({short(rollback['sha'])})"
        elif ended["state"] == State.SUPERSEDED:
            runs = f"what runs in {place} soon is what goes before it"
        watch.say(": ".join(each for each in (told, runs) if each))


def _decided(delivery: int, watch: _Watch) -> Json:
    """Wait for the verdict of what a delivery asks for."""
    said, asked_aloud = WAITING, False
    while True:
        form = watch.vantage.delivery(delivery)
        ask: Json = form["asks"][-1]
        if ask["verdict"] is not None:
            return ask
        if form["reason"] not in ("", said):
            said = form["reason"]
            watch.say(said)
        if said == WAITING and not asked_aloud and time.monotonic() - watch.began > TAKEN_UP_WITHIN:
            asked_aloud = True
            watch.say("nobody has taken it up yet: does `pushboat serve` run?")
        watch.pause()


def _end(number: int, watch: _Watch) -> tuple[int, Json]:
    """Tell a deployment's lines until it has ended; one that was superseded ends with its successor."""
    watch.say(watch.vantage.deployment(number)["url"])
    last, began, asked_why = 0, time.monotonic(), False
    while True:
        story = watch.vantage.progress(number, last)
        for line in story["items"]:
            last = line["id"]
            watch.say(f"{line['phase']}: {line['text']}")
        waits = story["told"] or [each for each in (story["waits"],) if each]
        if story["state"] == State.QUEUED and time.monotonic() - began > QUIET_BEFORE_A_WORD and not asked_why:
            asked_why = bool(waits)
            for said in waits:
                watch.say(said)
        if newer := story["followed_by"]:
            watch.say(f"superseded by {short(newer['sha'])}, which contains it")
            return _end(newer["id"], watch)
        if story["ended"]:
            return number, story
        watch.pause()
