"""What one wait looks at: a watch for each kind and place, read when it is first asked for and followed from then on.

Most waits need three: one kind of workload, its replica sets and its pods. They belong to one wait because their
selectors do; their threads only read, and a wait sleeps until one of them has something new.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable
from workers.cluster.client.connection import Cluster
from workers.cluster.objects import Object
from workers.cluster.reading.listing import Place
from workers.cluster.reading.watching import Watch

Question = tuple[Place, str]
"""A place, and the label selector of what is wanted there."""


class Watches:
    """All watches of one wait; ends them with the block.

    `secrets` are bodies whose values no wait may tell, whatever it waits for.
    """

    def __init__(self, cluster: Cluster, secrets: Sequence[Mapping[str, Any]] = ()) -> None:
        self.cluster = cluster
        self.secrets = secrets
        self._watches: dict[Question, Watch] = {}
        self._early: dict[Question, Watch] = {}
        self._past: dict[Question, list[Watch]] = {}
        self._earlier: dict[Question, Watch] = {}
        self._were_there: set[str] = set()
        self._closed: set[Question] = set()
        self._changed = threading.Event()

    def __enter__(self) -> "Watches":
        return self

    def __exit__(self, *_: object) -> None:
        for each in (*self._watches.values(), *self._early.values()):
            each.end()

    @property
    def clock_ahead(self) -> float:
        """Say by how much the API server's clock is ahead of ours, as the newest LISTs tell."""
        return max((each.ahead for each in self._watches.values()), default=0.0)

    def of(self, questions: Iterable[Question]) -> list[Object]:
        """Give what is in these places now; new ones are read first, several at once.

        Raises:
            ClusterUnavailable, ClusterRefused: one of them cannot be read.
        """
        wanted = list(dict.fromkeys(questions))
        new = {each: self._watch(each) for each in wanted if each not in self._watches}
        list(self.cluster.pool.map(Watch.read, new.values()))
        self._watches |= new
        return [live for each in wanted for live in self._watches[each].objects()]

    def perhaps(self, questions: Iterable[Question]) -> list[Object]:
        """Give what is in these places, as far as it can be read: what was refused once is not asked for again."""
        found: list[Object] = []
        for each in dict.fromkeys(questions):
            try:
                found += () if each in self._closed else self.of([each])
            except (ApplyRejected, ClusterRefused):
                self._closed.add(each)
            except ClusterUnavailable:
                continue  # the next look asks again
        return found

    def held(self) -> list[Object]:
        """Give all that is known of the places that are followed, each object once."""
        found: dict[str, Object] = {}
        for each in self._watches.values():
            with suppress(ApplyRejected, ClusterRefused, ClusterUnavailable):  # whoever needs it hears of that
                found |= {live["metadata"]["uid"]: live for live in each.objects()}
        return list(found.values())

    def foresee(self, questions: Iterable[Question]) -> None:
        """Follow places from now on, before anything is written there, for what may be gone when it is asked for."""
        self._early = {each: self._watch(each) for each in questions}
        for each in self._early.values():
            each.read()
            self._were_there |= {live["metadata"]["uid"] for live in each.objects()}
            each.follow()

    def gone(self, questions: Iterable[Question]) -> list[Object]:
        """Give what was deleted in these places since they were first asked for, or came and went before that."""
        asked = list(questions)
        before = [live for each in asked if each in self._early for live in self._early[each].gone()]
        came = [live for live in before if live["metadata"]["uid"] not in self._were_there]
        here = [watch for each in asked for watch in (*self._past.get(each, ()), self._watches.get(each)) if watch]
        return came + [live for each in here for live in each.gone()]

    def anew(self) -> None:
        """Read every place again when it is asked for: what was just written may be news to who watches it."""
        for question, watch in self._watches.items():
            watch.end()
            self._past.setdefault(question, []).append(watch)
        self._watches, self._earlier = {}, {}

    def again(self) -> None:
        """Read every place that is followed once more within a wait, all at once; what cannot be read now is later.

        What was there and is not found then has gone.
        """
        followed, earlier = [*self._watches], {**self._earlier, **self._watches}
        self.anew()
        self._earlier = earlier
        read = {each: self._watch(each) for each in followed}
        could = self.cluster.pool.map(_could_be_read, read.values())
        self._watches |= {each: watch for (each, watch), is_read in zip(read.items(), could, strict=True) if is_read}

    def known(self, question: Question) -> bool:
        """Say whether a place is followed already."""
        return question in self._watches

    def follow(self) -> None:
        """Keep all places up to date from now on."""
        for each in self._watches.values():
            each.follow()

    def sleep(self, seconds: float) -> bool:
        """Sleep until something changes, at most so long; say whether it did."""
        self.follow()
        changed = self._changed.wait(seconds)
        self._changed.clear()
        return changed

    def rest(self, seconds: float, ask_every: float, go_on: Callable[[], None]) -> None:
        """Sleep so too, and ask every so many seconds whether to go on."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self.sleep(min(left, ask_every)):
            go_on()

    def wake(self) -> None:
        """End the sleep: something is to be looked at, here or elsewhere."""
        self._changed.set()

    def _watch(self, question: Question) -> Watch:
        place, labels = question
        return Watch(self.cluster, place, {"labelSelector": labels}, self.wake, self._earlier.get(question))


def _could_be_read(watch: Watch) -> bool:
    with suppress(ApplyRejected, ClusterRefused, ClusterUnavailable):
        watch.read()
        return True
    return False
