"""Every process of `serve` tells by its pipe that its work loop turns: only then, and whatever else is missing."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cli.processes import command
from pushboat.config import operator as operator_file
from pushboat.pulse import PULSE_FD, SHOW_STACKS
from pushboat.queue.embedded import broker_socket
from pushboat.store.database.engine import Store
from pushboat.store.processes import beats
from tests.cli.conftest import OPERATOR
from tests.cli.consuming import NAME, app
from tests.fresh_store import fresh_store
from tests.ports import free_port
from tests.serving import ROOT, alive
from tests.until import until

PROCESSES = ("dispatcher", "worker", "reporter", "web", "dashboard")


class Started:
    """A process with a pipe of ours for its beats."""

    def __init__(self, argv: list[str], environ: dict[str, str], folder: Path) -> None:
        self.pipe, writing = os.pipe()
        os.set_blocking(self.pipe, False)
        self.errors, errors = os.pipe()
        self.full = errors
        self.process = subprocess.Popen(
            argv,
            cwd=folder,
            env={**environ, PULSE_FD: str(writing)},
            pass_fds=(writing,),
            stdout=errors,
            stderr=errors,
            process_group=0,
        )
        os.close(writing)
        self.count = 0

    def beats(self) -> int:
        """Count the beats so far."""
        with suppress(BlockingIOError):
            self.count += len(os.read(self.pipe, 4096))
        return self.count

    def beats_again(self, times: int = 3, within: float = 120.0) -> None:
        """Wait for so many beats from now on."""
        before = self.beats()
        until(lambda: self.beats() >= before + times, within=within, what=f"{times} beats")

    def said(self) -> str:
        """Read what waits in the pipe of its standard error."""
        return os.read(self.errors, 1 << 20).decode() if select.select([self.errors], [], [], 0)[0] else ""

    def fill_its_standard_error(self) -> None:
        """Leave no place for what it would say: whoever says something then waits until somebody reads."""
        while select.select([], [self.full], [], 0)[1]:
            os.write(self.full, b" " * select.PIPE_BUF)

    def end(self) -> None:
        """Kill it, with what it forked."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for end in (self.pipe, self.errors, self.full):
            os.close(end)


Start = Callable[[str], Started]


@pytest.fixture
def config(home: Path) -> Path:
    """An operator's file for a free port."""
    (home / "pushboat.yaml").write_text(OPERATOR.replace("8799", str(free_port())))
    return home / "pushboat.yaml"


@pytest.fixture
def store(config: Path) -> Iterator[Store]:
    """The store of these processes."""
    (config.parent / "var").mkdir()
    store = fresh_store(config.parent / "var")
    yield store
    store.close()


@pytest.fixture
def start(config: Path, store: Store, environ: dict[str, str]) -> Iterator[Start]:
    """Start processes of ours as serve does; all are gone afterwards."""
    operator = operator_file.load(config, environ)
    started: list[Started] = []

    def start(name: str) -> Started:
        more = {"PUSHBOAT_CONFIG": str(config), "PYTHONUNBUFFERED": "1"}
        started.append(Started(command(name, operator), {**environ, **more}, ROOT))
        return started[-1]

    yield start
    for one in started:
        one.end()


@pytest.fixture
def consuming(start: Start, config: Path, environ: dict[str, str]) -> Iterator[tuple[Started, Path]]:
    """A worker with our consumer, one thread, and one task in hand that waits."""
    broker, folder = broker_socket(config.parent / "var"), config.parent
    start("broker")
    until(broker.exists, what="the broker")
    program = Path(__file__).with_name("consuming.py")
    worker = Started([sys.executable, str(program), str(broker), str(folder)], environ, ROOT)
    app(str(broker)).send_task(NAME)
    until((folder / "taken").exists, what="the only thread to be taken")
    yield worker, folder
    worker.end()


def falls_silent(process: Started) -> bool:
    """Listen for a few seconds and say whether nothing came."""
    before, end = process.beats(), time.monotonic() + 4
    until(lambda: time.monotonic() >= end, what="four seconds to pass")
    return process.beats() == before


@pytest.mark.parametrize("name", PROCESSES)
def test_each_beats_and_shows_its_stacks(start: Start, name: str) -> None:
    """A process that works beats about once a second; asked for its stacks it writes them, and goes on."""
    start("broker")
    process = start(name)
    process.beats_again(2)

    os.killpg(process.process.pid, SHOW_STACKS)

    said = ""

    def told() -> bool:
        nonlocal said
        said += process.said()
        return "most recent call first" in said

    until(told, what="the stacks")
    process.beats_again(2)
    assert alive(process.process.pid)


@pytest.mark.parametrize("name", ["dispatcher", "worker", "reporter"])
def test_without_a_broker_nobody_hangs(start: Start, name: str) -> None:
    """Whoever tries to reach an absent broker again and again is not killed for it."""
    start(name).beats_again(4)


@pytest.mark.proof  # three quarters of a minute of waiting
def test_while_the_broker_is_frozen_nobody_hangs(start: Start) -> None:
    """A broker that accepts and never answers holds nobody up for longer than a lease."""
    broker, worker, dispatcher = start("broker"), start("worker"), start("dispatcher")
    for process in (worker, dispatcher):
        process.beats_again(1)
    os.kill(broker.process.pid, signal.SIGSTOP)
    for process in (worker, dispatcher):
        until(lambda process=process: "does not answer" in process.said(), what="it to notice")  # type: ignore[misc]
        for _ in range(3):
            process.beats_again(1, within=120)


def test_a_side_thread_does_not_beat(start: Start, store: Store) -> None:
    """A worker whose loop hangs falls silent, although its thread with the heartbeats goes on as if nothing was.

    Celery's answer to SIGUSR1 is long and comes from the loop's thread: where nobody reads it, the loop waits for ever.
    """
    start("broker")
    worker = start("worker")
    worker.beats_again()
    worker.fill_its_standard_error()
    os.kill(worker.process.pid, signal.SIGUSR1)

    until(lambda: falls_silent(worker), what="the worker to fall silent")
    noted = max(beat.at for beat in beats(store) if beat.name == "worker")
    until(lambda: max(beat.at for beat in beats(store) if beat.name == "worker") > noted, what="another heartbeat")
    assert alive(worker.process.pid)


def test_a_worker_whose_threads_all_wait_does_not_hang(consuming: tuple[Started, Path]) -> None:
    """Threads may wait for as long as an environment says: what counts is that the loop turns."""
    consuming[0].beats_again(4)


def test_a_worker_whose_places_do_not_move_hangs(consuming: tuple[Started, Path]) -> None:
    """Then its loop turns in vain, and the worker falls silent until somebody leaves a place."""
    worker, folder = consuming
    worker.beats_again(1)
    (folder / "stuck").touch()
    until(lambda: falls_silent(worker), what="the worker to fall silent")
    (folder / "stuck").unlink()
    worker.beats_again(2)


@pytest.mark.parametrize("number", ["", "x", "99999", "0"])
def test_without_a_pipe_a_process_is_silent(number: str) -> None:
    """Started by somebody else than serve, or with a number that is not a pipe's, it just does not beat."""
    words = "import os; from pushboat.pulse import Pulse; Pulse(os.environ).beat(); print('fine')"
    done = subprocess.run(
        [sys.executable, "-c", words],
        cwd=ROOT,
        env={**os.environ, PULSE_FD: number},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "fine\n", "")
