"""Ask for each environment once what it needs is back, and see how each ends. Many are on their way at once.

Who is held back by people is told of, and not waited for: it comes by itself once whoever holds it lets go. What the
clock ends in our time is waited for, and said.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from cli import output
from cli.asker import asker
from cli.patience import PATIENCE, while_the_store_is_away
from cli.recovering.ends import End, Ended, due, held, over_by, recovered
from cli.recovering.targets import Target
from pushboat.errors import StoreUnavailable
from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.deployment import Deployment, Lane, short
from pushboat.model.state import Kind, State
from pushboat.model.wording import outcome
from pushboat.routing.command import GLASS
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import Store

LOOK_EVERY = 0.2
TAKEN_UP_WITHIN = 10.0
HELD_FOR = 1.5
"""Seconds for which something must have held one until it is told of: most holds that begin with it end at once."""


@dataclass(slots=True, kw_only=True)
class _OnItsWay:
    """One that was asked for, or that came by itself: what is known of it."""

    target: Target
    delivery: int = 0
    deployment: int = 0
    said: str = ""
    held_since: float | None = None
    asked_at: float = field(default_factory=time.monotonic)


@dataclass(slots=True, kw_only=True)
class Recovery:
    """All of it: what waits for others, what is on its way, and what has ended.

    `say` hears each step, and `tell` what keeps us from seeing one: on a pipe too, where nothing else is said before
    the end.
    """

    store: Store
    glass: str
    ring: Callable[[], object]
    say: Callable[[Lane, str], object]
    limit: float
    tell: Callable[[str], object] = output.say
    lost: frozenset[Lane] = frozenset()
    among: frozenset[Lane] = frozenset()
    until: float = 0.0
    waiting: list[Target] = field(default_factory=list)
    on_their_way: list[_OnItsWay] = field(default_factory=list)
    ended: dict[Lane, Ended] = field(default_factory=dict)

    def carry_out(self, targets: Sequence[Target]) -> list[Ended]:
        """Bring all of them back, as far as that goes, and give how each ended, in the order in which they came."""
        self.waiting, self.among = list(targets), frozenset(each.lane for each in targets)
        self.until = time.monotonic() + self.limit
        while self.waiting or self.on_their_way:
            try:
                while_the_store_is_away(self._step, self.tell, min(PATIENCE, self.limit))
            except StoreUnavailable as trouble:
                self._give_up(f"it may go on, and nobody can say: {trouble.summary}")
                break
            if time.monotonic() >= self.until:
                self._give_up("it goes on, and was not waited for any longer")
                break
            if self.on_their_way:
                time.sleep(LOOK_EVERY)
        return list(self.ended.values())

    def _step(self) -> None:
        """Ask for what may come now and look at what is on its way; where it broke off, it goes on the next time."""
        self._begin()
        for one in list(self.on_their_way):
            if ended := self._look(one):
                self.on_their_way.remove(one)
                self.ended[one.target.lane] = ended

    def _begin(self) -> None:
        ready, lost = due(self.waiting, self.ended, self.among, self.lost)
        if not (ready or lost or self.on_their_way):  # of different commits, each of which needs the other
            sentence = "it needs what needs it: name one of them with --environment, then the others"
            lost = [Ended(target=each, end=End.NOT_ASKED, sentence=sentence) for each in self.waiting]
        for ended in lost:
            self.ended[ended.target.lane] = ended
            self.waiting.remove(ended.target)
        for target in ready:
            self.on_their_way.append(self._asked(target) if not target.comes else self._coming(target))
            self.waiting.remove(target)

    def _coming(self, target: Target) -> _OnItsWay:
        self.say(target.lane, f"deployment {target.comes} is on its way, and does all of it")
        return _OnItsWay(target=target, deployment=target.comes)

    def _asked(self, target: Target) -> _OnItsWay:
        lane = target.lane
        wanted = Ask(
            word="recover",
            who=asker(),
            source=Source.COMMAND,
            repository=lane.repository,
            environment=lane.environment,
            arguments={GLASS: self.glass} if self.glass else {},
        )
        number = deliveries.accept_ask(self.store, wanted)
        self.ring()
        self.say(
            lane, f"release {target.release.number} ({short(target.release.sha)}) is asked for, as delivery {number}"
        )
        return _OnItsWay(target=target, delivery=number)

    def _look(self, one: _OnItsWay) -> Ended | None:
        if not one.deployment:
            return self._verdict(one)
        row = deployments.find(self.store, one.deployment)
        assert row, f"deployment {one.deployment} has left the store"
        if row.state is State.SUPERSEDED and row.successor:
            one.deployment, one.held_since = row.successor, None
            return None
        if row.state.ended:
            return self._ended(one, row)
        if not row.held:
            one.held_since = None
        elif not _for_long(one):
            return None
        elif not self._ends_in_time(row):
            return held(one.target, row)
        self._tell(one, row)
        return None

    def _ends_in_time(self, row: Deployment) -> bool:
        """Say whether nobody has to act: while we look, the clock ends all that holds it, or a gate is asked again."""
        left = self.until - time.monotonic()
        return over_by(row.holds, self.store.now() + left)

    def _verdict(self, one: _OnItsWay) -> Ended | None:
        """Find out what is answered to an ask."""
        row = deliveries.find(self.store, one.delivery)
        assert row, f"delivery {one.delivery} has left the store"
        if not row.audit:
            if time.monotonic() - one.asked_at > TAKEN_UP_WITHIN and not one.said:
                one.said = "nobody has taken it up yet: does `pushboat serve` run?"
                self.tell(one.said)
            return None
        answered = row.audit[-1]
        if answered.deployment:  # what it led to, or what came in between, and brings all of it as well
            one.deployment = answered.deployment
            if answered.verdict is AskVerdict.REFUSED:
                one.target = replace(one.target, comes=one.deployment)
                self.say(one.target.lane, answered.reason)
            return None
        end = End.UNKNOWN if answered.verdict is AskVerdict.UNKNOWN else End.REFUSED
        return Ended(target=one.target, end=end, sentence=answered.reason)

    def _ended(self, one: _OnItsWay, row: Deployment) -> Ended | None:
        target = one.target
        if row.state is State.SUCCEEDED and row.kind is not Kind.REMOVAL:
            return recovered(target, row)
        if target.comes and row.state is not State.SUCCEEDED:  # what was there before it comes back all the same
            self.say(target.lane, f"deployment {row.id} {outcome(row.state, row.reason)}")
            self.on_their_way[self.on_their_way.index(one)] = self._asked(replace(target, comes=0))
            return None
        return Ended(target=target, end=End.FAILED, sentence=outcome(row.state, row.reason), deployment=row.id)

    def _tell(self, one: _OnItsWay, row: Deployment) -> None:
        said = row.waits or str(row.state)
        if said != one.said and row.held:
            self.tell(f"{one.target.lane.repository} {one.target.lane.environment}: {said}")
        elif said != one.said:
            self.say(one.target.lane, said)
        one.said = said

    def _give_up(self, sentence: str) -> None:
        for one in self.on_their_way:
            self.ended[one.target.lane] = Ended(
                target=one.target, end=End.UNKNOWN, sentence=sentence, deployment=one.deployment
            )
        end = End.NOT_ASKED if self.on_their_way else End.UNKNOWN
        why = "what it needs was not back in time" if self.on_their_way else sentence
        for target in self.waiting:
            self.ended[target.lane] = Ended(target=target, end=end, sentence=why)


def _for_long(one: _OnItsWay) -> bool:
    now = time.monotonic()
    if one.held_since is None:
        one.held_since = now
    return now - one.held_since >= HELD_FOR
