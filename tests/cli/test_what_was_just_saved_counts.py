"""I save the operator's file and ask for what is new there at once: the worker has read it before it hears of me."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.same_file import JUST_SAVED, LIVES, await_readers
from pushboat.config.operator import Operator, load
from pushboat.store import deliveries, processes
from pushboat.store.database.engine import Store
from pushboat.store.processes import has_read
from tests.cli.conftest import Pushboat
from tests.fresh_store import fresh_store
from tests.store.repository import push, time_passes
from workers.running.heartbeat import beating

SHOP = "github/acme/shop"
OLDER = has_read("0123456789ab")
LONGEST = 1000
"""Looks after which a test takes a wait for one without end."""
HELD_UP = has_read("0123456789ab", "running on the configuration of long ago; needs a restart: listen")


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """The store of the operator's file, up to date."""
    (home / "var").mkdir()
    opened = fresh_store(home / "var")
    yield opened
    opened.close()


@pytest.fixture
def file(home: Path) -> Path:
    """The operator's file, saved at this moment."""
    place = home / "pushboat.yaml"
    place.touch()
    return place


@pytest.fixture
def operator(file: Path, environ: dict[str, str]) -> Operator:
    """What stands in it."""
    return load(file, environ)


class Worker:
    """A worker that reads the file after so many looks of the command that waits for it."""

    def __init__(self, store: Store, digest: str, after: int) -> None:
        self.store, self.digest, self.after, self.looks = store, digest, after, 0
        processes.beat(store, "worker", 41, OLDER)

    def pause(self, _seconds: float) -> None:
        """Let a moment pass."""
        self.looks += 1
        if self.looks == self.after:
            processes.beat(self.store, "worker", 41, has_read(self.digest))


def test_the_worker_has_read_it_first(
    file: Path, operator: Operator, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever asked would be told that there is no such thing; instead they wait for some seconds, and are told why."""
    worker = Worker(store, operator.digest, after=3)
    processes.beat(store, "worker", 40, has_read(operator.digest))
    await_readers(file, operator, store, worker.pause)
    assert worker.looks == 3
    assert capsys.readouterr().err.count("waiting until the worker has read it") == 1


def test_who_has_read_it_keeps_nobody(file: Path, operator: Operator, store: Store) -> None:
    """Nobody waits for what is so already, nor for a worker of a version that says nothing, nor for a dead one."""
    processes.beat(store, "worker", 40, OLDER)
    time_passes(store, LIVES + 1)
    processes.beat(store, "worker", 41, has_read(operator.digest))
    processes.beat(store, "worker", 42)
    worker = Worker(store, operator.digest, after=0)
    processes.beat(store, "worker", 41, has_read(operator.digest))
    await_readers(file, operator, store, worker.pause)
    assert worker.looks == 0


def test_a_file_that_is_another_one_altogether_is_not_waited_for(file: Path, operator: Operator, store: Store) -> None:
    """The worker on another machine has its own: no command waits for ever, nor where a clock was set."""
    worker = Worker(store, operator.digest, after=0)

    def pause(seconds: float) -> None:
        worker.pause(seconds)
        if worker.looks == 2:
            os.utime(file, (0, time.time() + JUST_SAVED * 100))

    await_readers(file, operator, store, pause)
    assert worker.looks == 2


def test_a_file_that_is_saved_again_and_again_keeps_nobody_for_ever(
    file: Path, operator: Operator, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """Something writes it every second, so no worker ever finds it left alone: my command goes on, and says so."""
    worker = Worker(store, operator.digest, after=0)

    def pause(seconds: float) -> None:
        worker.pause(seconds)
        file.touch()
        assert worker.looks < LONGEST

    await_readers(file, operator, store, pause)
    assert worker.looks > 1
    assert "the worker has not read it yet" in capsys.readouterr().err


@pytest.mark.parametrize("back", [True, False])
def test_a_file_that_is_gone_for_a_moment_stops_no_command(
    file: Path, operator: Operator, store: Store, *, back: bool
) -> None:
    """An editor moves it away and writes another one: what I asked for was read already."""
    worker = Worker(store, operator.digest, after=3 if back else 0)
    gone = file.with_suffix(".before")

    def pause(seconds: float) -> None:
        worker.pause(seconds)
        if worker.looks == 1:
            file.rename(gone)
        elif back and worker.looks == 2:
            gone.rename(file)
        assert worker.looks < LONGEST

    await_readers(file, operator, store, pause)
    assert worker.looks == 3 if back else 1 < worker.looks < LONGEST


@pytest.mark.parametrize("words", [("deploy", SHOP, "staging", "--no-wait"), ("deliveries", "replay", "latest")])
def test_a_worker_that_will_not_read_it_is_named(
    pushboat: Pushboat, file: Path, store: Store, words: tuple[str, ...]
) -> None:
    """What I changed needs a restart: I hear so before I wonder at the answer, and it is asked all the same."""
    before = deliveries.accept(store, "github", "d-1", push("a")).id
    with beating(store, "worker", lambda: HELD_UP):
        finished = pushboat(*words)
    assert finished.returncode == 0, finished.stderr
    assert "the worker goes by another file than pushboat.yaml: running on" in finished.stderr
    assert "needs a restart: listen" in finished.stderr
    assert deliveries.listed(store)[0].id > before
