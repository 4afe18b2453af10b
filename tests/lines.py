"""Stand-ins of the line to a cluster: each passes on what it is asked to send, but for the one thing that it is for.

`put(cluster, stand_in)` gives the same cluster over another line.
"""

import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from tests.until import until
from workers.cluster.client.connection import Cluster
from workers.cluster.client.lines import Reply
from workers.cluster.client.streams import Stream

Query = Mapping[str, str]


def put(cluster: Cluster, stand_in: Any) -> Cluster:
    """Give a cluster that speaks over another line."""
    return replace(cluster, line=stand_in)


@dataclass
class Passing:
    """Stands where the line stood and passes everything on."""

    line: Any

    def send(self, method: str, path: str, query: Query, *rest: Any, **more: Any) -> Reply:
        """Send one request."""
        reply: Reply = self.line.send(method, path, query, *rest, **more)
        return reply

    def stream(self, path: str, *rest: Any) -> AbstractContextManager[Stream]:
        """Open a watch."""
        stream: AbstractContextManager[Stream] = self.line.stream(path, *rest)
        return stream


@dataclass
class Audit(Passing):
    """Notes what is asked, and what was deleted."""

    asked: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    def send(self, method: str, path: str, query: Query, *rest: Any, **more: Any) -> Reply:
        """Note a request and send it."""
        self.asked.append(f"{method} {path}")
        self.urls.append(f"{path}?{urlencode(query)}")
        reply = super().send(method, path, query, *rest, **more)
        if method == "DELETE" and reply.status < HTTPStatus.BAD_REQUEST:
            self.deleted.append(path)
        return reply

    def stream(self, path: str, *rest: Any) -> AbstractContextManager[Stream]:
        """Note a watch and open it."""
        self.asked.append(f"WATCH {path}")
        return super().stream(path, *rest)

    @property
    def writes(self) -> list[str]:
        """Give the requests that were no questions."""
        return [each for each in self.asked if not each.startswith(("GET ", "WATCH "))]


def audited(cluster: Cluster) -> tuple[Cluster, Audit]:
    """Give the same cluster, counted."""
    audit = Audit(cluster.line)
    return put(cluster, audit), audit


@dataclass
class Frozen(Passing):
    """Stops just before its first request that has all these words, and goes on after `meanwhile`."""

    words: str
    meanwhile: Callable[[], object] | None

    def send(self, method: str, path: str, query: Query, *rest: Any, **more: Any) -> Reply:
        """Send a request, however late."""
        meanwhile = self.meanwhile
        if meanwhile and all(word in f"{method} {path}?{urlencode(query)}" for word in self.words.split()):
            self.meanwhile = None
            meanwhile()
        return super().send(method, path, query, *rest, **more)


class Died(BaseException):
    """The worker is gone."""


def dead() -> None:
    """Die as a thread does."""
    raise Died


@dataclass
class Mortal(Passing):
    """Ends with its `life`-th write, just before it or just after; questions and dry runs cost no life."""

    life: int
    after: bool = False
    die: Callable[[], None] = dead
    gone: bool = False
    counting: threading.Lock = field(default_factory=threading.Lock)

    def send(self, method: str, path: str, query: Query, *rest: Any, **more: Any) -> Reply:
        """Send a request, unless it is too late."""
        writes = method != "GET" and "dryRun" not in query
        with self.counting:
            self.life -= writes
            last = writes and self.life == 0
        if self.gone or (last and not self.after):
            self._end()
        reply = super().send(method, path, query, *rest, **more)
        if last:
            self._end()
        return reply

    def _end(self) -> None:
        self.gone = True
        self.die()


@dataclass
class Closed(Passing):
    """Answers with a refusal below one path."""

    below: str
    code: int = HTTPStatus.FORBIDDEN

    def send(self, method: str, path: str, query: Query, *rest: Any, **more: Any) -> Reply:
        """Send a request elsewhere."""
        if path.startswith(self.below):
            message = f'forbidden: User \\"x\\" cannot get path \\"{self.below}\\"'
            return Reply(self.code, f'{{"kind": "Status", "message": "{message}"}}'.encode(), {})
        return super().send(method, path, query, *rest, **more)


@dataclass
class Meeting(Passing):
    """Keeps the writes of all objects of one name until so many of them have been sent."""

    name: str
    parties: threading.Barrier

    def send(self, method: str, path: str, query: Query, *rest: Any, **more: Any) -> Reply:
        """Send a request when the others are there."""
        if method != "GET" and path.endswith(f"/{self.name}"):
            self.parties.wait(timeout=60)
        return super().send(method, path, query, *rest, **more)


@dataclass
class Together(Passing):
    """Reads some kinds only once so many reads of theirs are under way."""

    reads: threading.Barrier
    plurals: Collection[str]

    def send(self, method: str, path: str, query: Query, *rest: Any, **more: Any) -> Reply:
        """Send a request when the others are there."""
        if method == "GET" and path.rpartition("/")[2] in self.plurals:
            self.reads.wait(timeout=20)
        return super().send(method, path, query, *rest, **more)


@dataclass
class Deaf(Passing):
    """Opens watches that never hear of anything: as if each event came too late."""

    def stream(self, path: str, query: Query, *rest: Any) -> AbstractContextManager[Stream]:
        """Open a watch for what nobody has."""
        return super().stream(path, {**query, "labelSelector": "nobody=hears-of-it"}, *rest)


@dataclass
class Slow(Passing):
    """Gives the answer to a question that was asked before only once so many seconds are over; then it is quick."""

    path: str
    seconds: float
    asked: int = 0

    def send(self, method: str, path: str, query: Query, *rest: Any, **more: Any) -> Reply:
        """Send a request, and give what was true then."""
        reply = super().send(method, path, query, *rest, **more)
        self.asked += path == self.path
        if path == self.path and self.asked == 2:
            over = time.monotonic() + self.seconds
            until(lambda: time.monotonic() >= over, what="the answer's time")
        return reply
