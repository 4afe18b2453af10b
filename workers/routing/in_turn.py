"""How many repositories are routed at the same time with one credential of a forge: a forge counts what it is asked.

A forge that takes connections and answers nothing keeps so many threads busy and no more; what is of others goes on.
Whoever finds no place leaves it to those who have one, who go on as long as something waits.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from pushboat.errors import NotConfigured
from pushboat.store import quieting, routing_jobs
from workers.routing.story import route_repository
from workers.tools import Tools, split

MOST = 40
"""GitHub bears 100 requests at a time of one user: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
(secondary limits). Letters and looks ask beside these."""


class Turns:
    """Who of this process's threads routes with which credential, and for which of them more wanted to."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._at_work: Counter[str] = Counter()
        self._turned_away: set[str] = set()
        self._lock = threading.Lock()

    @contextmanager
    def at(self, credential: str) -> Iterator[bool]:
        """Take a place for the time of the block, or say that there is none."""
        with self._lock:
            placed = self._at_work[credential] < self._most
            if placed:
                self._at_work[credential] += 1
            else:
                self._turned_away.add(credential)
        try:
            yield placed
        finally:
            if placed:
                with self._lock:
                    self._at_work[credential] -= 1

    def others_wait(self, credential: str) -> bool:
        """Say whether somebody has found no place."""
        with self._lock:
            return credential in self._turned_away

    def nobody_waits(self, credential: str) -> None:
        """Note that all who found none were served."""
        with self._lock:
            self._turned_away.discard(credential)


def route(tools: Tools, turns: Turns, repository: str) -> None:
    """Route what waits in a repository, and then what found no place meanwhile, oldest first."""
    credential = _credential(tools.by_now(), repository)
    with turns.at(credential) as placed:
        if not placed:
            return
        route_repository(tools, repository)
        while turns.others_wait(credential) and not tools.stopping.is_set():
            free = routing_jobs.next_free(tools.store, credential)
            if not free:
                turns.nobody_waits(credential)
                return
            route_repository(tools, free)


def _credential(tools: Tools, repository: str) -> str:
    forge, path = split(repository)
    try:
        return quieting.credential(forge, path, by_owner=tools.clients(forge).by_owner)
    except NotConfigured:
        return forge
