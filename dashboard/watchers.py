"""Who watches deployments: one thread asks the store and tells all of them, so that a watcher costs a socket.

Each is told by server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) as soon as there is
something new, and a browser whose connection ends comes again by itself, with the last line that it has read.
"""

import contextlib
import json
import logging
import selectors
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from pushboat.errors import StoreUnavailable

logger = logging.getLogger(__name__)
MOST = 1000
"""Watchers at once; whoever comes then is told once, and comes again."""
MOST_OF_ONE = 250
"""Of these, one visitor's: a person's, a token's or job's, else an address's, which may be that of an office."""
ASKS_EVERY = 0.5
REST_PER_QUESTION = 4.0
"""Seconds of rest for each second that asking took, so that many who watch much leave the store to the deployments."""
SAYS_IT_IS_THERE_EVERY = 15.0
"""Seconds of silence after which proxies may take a connection for dead."""
LASTS = 300.0
"""Seconds for which somebody is told on one connection; then they come again, and whether they still may is asked."""
UNREAD = 256 * 1024
"""Bytes that somebody may leave unread; then the connection ends."""
COMES_AGAIN_AFTER = 2000
"""Milliseconds after which a browser comes again."""
STILL_HERE = b": still here\n\n"

Story = dict[str, Any]
Ask = Callable[[int, int], Story | None]
"""Tells what is new of a deployment since a line: its number, the line."""


def event(story: Story, after: int) -> bytes:
    """Write one event; its id is the last line that it tells."""
    return f"id: {last_line(story, after)}\ndata: {json.dumps(story)}\n\n".encode()


def first_event(story: Story, after: int) -> bytes:
    """Write an event that says when to come again, for the beginning of an answer."""
    return f"retry: {COMES_AGAIN_AFTER}\n".encode() + event(story, after)


@dataclass(eq=False, slots=True)
class Watcher:
    """A connection on which one deployment is told to a `visitor`, and how far; `lives`: what let it in counts."""

    client: socket.socket
    number: int
    story: Story
    after: int
    lives: Callable[[], bool]
    visitor: str = ""
    unsent: bytearray = field(default_factory=bytearray)
    began_at: float = field(default_factory=time.monotonic)

    def is_news(self, story: Story) -> bool:
        """Say whether this is more than it knows."""
        return bool(story["items"]) or _beside_lines(story) != _beside_lines(self.story)

    def since(self, story: Story) -> Story:
        """Keep of a story what this one has not read."""
        return {**story, "items": [line for line in story["items"] if line["id"] > self.after]}


class Watchers:
    """All of them, and the thread that tells them; it begins with the first one."""

    def __init__(self, ask: Ask, looks_every: float = SAYS_IT_IS_THERE_EVERY, lasts: float = LASTS) -> None:
        self._ask, self._looks_every, self._lasts = ask, looks_every, lasts
        self._all: dict[socket.socket, Watcher] = {}
        self._new: list[Watcher] = []
        self._lock = threading.Lock()
        self._rope: socket.socket | None = None

    def take(self, watcher: Watcher, head: bytes) -> None:
        """Go on with an answer: say `head`, and then whatever is new since its story, while what let it in `lives`."""
        watcher.client.setblocking(False)  # noqa: FBT003 - the socket module's
        watcher.unsent += head
        with self._lock:
            self._new.append(watcher)
            if self._rope is None:
                bell, self._rope = socket.socketpair()
                threading.Thread(target=self._tell, args=(bell,), name="watchers", daemon=True).start()
        self._rope.send(b"!")

    @property
    def are_many(self) -> bool:
        """Say whether one more would be too many."""
        return len(self._all) + len(self._new) >= MOST

    def are_many_of(self, visitor: str) -> bool:
        """Say whether one more would be too many of somebody's."""
        with self._lock:
            return sum(each.visitor == visitor for each in (*self._all.values(), *self._new)) >= MOST_OF_ONE

    def _tell(self, bell: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(bell, selectors.EVENT_READ, bell)
            asks_at, said_at = 0.0, time.monotonic()
            while True:
                wait = max(0.0, asks_at - time.monotonic()) if self._all else None
                for key, events in selector.select(wait):
                    if key.data is bell:
                        bell.recv(4096)
                        self._welcome(selector)
                    else:
                        self._heard(selector, key.data, events)
                now = time.monotonic()
                if now >= said_at + self._looks_every:
                    said_at = now
                    for watcher in list(self._all.values()):
                        if now - watcher.began_at > self._lasts or not _still_may(watcher):
                            self._end(selector, watcher)
                        else:
                            self._say(selector, watcher, STILL_HERE)
                if now >= asks_at and self._all:
                    self._ask_for_all(selector)
                    asks_at = time.monotonic() + max(ASKS_EVERY, REST_PER_QUESTION * (time.monotonic() - now))

    def _welcome(self, selector: selectors.BaseSelector) -> None:
        with self._lock:
            new, self._new = self._new, []
            self._all.update({each.client: each for each in new})
        for each in new:
            selector.register(each.client, selectors.EVENT_READ, each)
            self._say(selector, each, b"")

    def _heard(self, selector: selectors.BaseSelector, watcher: Watcher, events: int) -> None:
        if watcher.client not in self._all:
            return  # it ended a moment ago
        if events & selectors.EVENT_READ and not _is_there(watcher.client):
            self._end(selector, watcher)
        elif events & selectors.EVENT_WRITE:
            self._say(selector, watcher, b"")

    def _ask_for_all(self, selector: selectors.BaseSelector) -> None:
        by_number: dict[int, list[Watcher]] = defaultdict(list)
        for watcher in self._all.values():
            by_number[watcher.number].append(watcher)
        for number, watchers in by_number.items():
            try:
                story = self._ask(number, min(each.after for each in watchers))
            except StoreUnavailable as trouble:  # the next look will tell
                logger.debug("who watches #%s is told later: %s", number, trouble.summary)
            except Exception:  # the last door: one deployment that meets a bug of ours must not silence all others
                logger.exception("who watches #%s is told no more", number)
                self._tell_those(selector, watchers, None)
            else:
                self._tell_those(selector, watchers, story)

    def _tell_those(self, selector: selectors.BaseSelector, watchers: Iterable[Watcher], story: Story | None) -> None:
        for watcher in watchers:
            if story is None:  # it has left the store
                self._end(selector, watcher)
            elif watcher.is_news(news := watcher.since(story)):
                said = event(news, watcher.after)
                watcher.story, watcher.after = story, last_line(news, watcher.after)
                self._say(selector, watcher, said)

    def _say(self, selector: selectors.BaseSelector, watcher: Watcher, said: bytes) -> None:
        watcher.unsent += said
        try:
            if watcher.unsent:
                del watcher.unsent[: watcher.client.send(watcher.unsent)]
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self._end(selector, watcher)
            return
        if len(watcher.unsent) > UNREAD or (watcher.story["ended"] and not watcher.unsent):
            self._end(selector, watcher)
            return
        wants = selectors.EVENT_WRITE if watcher.unsent else 0
        selector.modify(watcher.client, selectors.EVENT_READ | wants, watcher)

    def _end(self, selector: selectors.BaseSelector, watcher: Watcher) -> None:
        if self._all.pop(watcher.client, None) is None:
            return
        selector.unregister(watcher.client)
        with contextlib.suppress(OSError):
            watcher.client.shutdown(socket.SHUT_WR)
        watcher.client.close()


def _still_may(watcher: Watcher) -> bool:
    try:
        return watcher.lives()
    except StoreUnavailable:  # the next look will tell, and the connection ends in minutes
        return True


def last_line(story: Story, after: int) -> int:
    """Give the last line that a story tells, or the one `after` which it tells none."""
    return max((int(line["id"]) for line in story["items"]), default=after)


def _beside_lines(story: Story) -> Story:
    return {name: value for name, value in story.items() if name != "items"}


def _is_there(client: socket.socket) -> bool:
    """Read what nobody waits for; a watcher that says nothing more has gone."""
    try:
        return bool(client.recv(4096))
    except (BlockingIOError, InterruptedError):
        return True
    except OSError:
        return False
