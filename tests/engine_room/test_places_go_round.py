"""Places among those that work go round by repository, and a cluster may have few of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pushboat.config.operator import ClusterAccess
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository
from tests.until import until
from workers.deploying.parties import party
from workers.running.slots import Party, Slot, Slots


def in_line(slots: Slots) -> int:
    """Count those who wait, at a moment at which nobody is just being let in."""
    with slots._lock:
        return sum(map(len, slots._lines.values()))


class Crowd:
    """Threads that wait for places and work in them until they are let go."""

    def __init__(self, places: int) -> None:
        self.slots = Slots(places)
        self.at_work: list[str] = []
        self._go: dict[str, threading.Event] = {}
        self._threads: list[threading.Thread] = []

    def comes(self, name: str, line: str, cluster: str = "", most: int = 0) -> None:
        """Somebody stands in a line."""
        go = self._go[name] = threading.Event()
        party, before = Party(line=line, cluster=cluster, most=most), in_line(self.slots)

        def work() -> None:
            with self.slots.one(len(self._go), lambda: party):
                self.at_work.append(name)
                go.wait(60)

        thread = threading.Thread(target=work)
        thread.start()
        self._threads.append(thread)
        until(lambda: name in self.at_work or in_line(self.slots) > before, what="it to stand in line")

    def goes(self, name: str, begins: str) -> None:
        """One that works ends, and another one begins."""
        self._go[name].set()
        until(lambda: begins in self.at_work, what=f"{begins} to begin")

    def home(self) -> None:
        """Let all of them end."""
        for go in self._go.values():
            go.set()
        for thread in self._threads:
            thread.join(60)


@contextmanager
def crowd(places: int) -> Iterator[Crowd]:
    """Have a crowd."""
    made = Crowd(places)
    try:
        yield made
    finally:
        made.home()


def test_who_comes_after_a_long_line_is_next_of_its_own() -> None:
    """Twenty of the monorepo wait for the only place: mine, which comes last, is the next but one."""
    with crowd(1) as many:
        for number in range(20):
            many.comes(f"busy {number}", "busy")
        many.comes("mine", "mine")
        many.goes("busy 0", begins="busy 1")
        many.goes("busy 1", begins="mine")
        assert len(many.at_work) == 3


def test_a_full_cluster_leaves_places_to_others() -> None:
    """Two may work in `dev` at a time: the third waits, and what goes to `live` does not, not even behind it."""
    with crowd(4) as many:
        for number in range(3):
            many.comes(f"dev {number}", "shop", cluster="dev", most=2)
        many.comes("live", "shop", cluster="live")
        assert sorted(many.at_work) == ["dev 0", "dev 1", "live"]
        many.goes("dev 0", begins="dev 2")


def test_who_stepped_aside_comes_back_before_the_others_of_its_line() -> None:
    """It has begun already: those that have not wait for it, and others' lines take their turn."""
    slots, order = Slots(1), []
    with slots.one(1, lambda: Party(line="a")) as slot:
        assert isinstance(slot, Slot)
        slot.step_aside()
        slot.come_back()
        threads = []
        for name in ("b", "c"):

            def work(name: str = name) -> None:
                with slots.one(ord(name), lambda: Party(line="a")):
                    order.append(name)

            threads.append(threading.Thread(target=work))
            threads[-1].start()
            until(lambda: in_line(slots) == len(threads), what="it to stand in line")
    for thread in threads:
        thread.join(60)
    assert order == ["b", "c"]


def test_who_waits_no_more_takes_no_place() -> None:
    """Its deployment was superseded meanwhile."""
    slots = Slots(1)
    with slots.one(1, lambda: None) as slot:
        assert slot is None
    with slots.one(1) as slot:
        assert slot is not None


def test_a_party_that_cannot_be_asked_leaves_no_trace() -> None:
    """The store does not answer: the hint comes again, and finds a way in."""
    slots = Slots(1)

    def away() -> Party:
        raise OSError("the store is away")

    with pytest.raises(OSError, match="away"), slots.one(1, away):
        pass
    with slots.one(1) as slot:
        assert slot is not None


def test_a_deployment_stands_in_its_repositorys_line_and_counts_for_its_cluster(
    tmp_path: Path, github: FakeGitHub, store: Store, repository: Repository
) -> None:
    """What the operator's file says of the cluster holds; a deployment that waits no more stands nowhere."""
    clusters = {"dev": ClusterAccess(name="dev", deployments=3)}
    with at_work(tmp_path, store, github.configured(), {NAME: {"staging": STAGING}}, clusters) as tools:
        first = repository.push("a")
        assert party(tools, first.id) == Party(line=NAME, cluster="dev", most=3)
        second = repository.push("b")
        assert party(tools, first.id) is None, "it was superseded"
        repository.claim(second)
        assert party(tools, second.id) is None
