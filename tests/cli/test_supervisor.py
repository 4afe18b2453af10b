"""What `serve` promises about its processes, shown on small programs."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.serving import alive
from tests.until import until

SUPERVISED = Path(__file__).with_name("supervised.py")
ROOT = Path(__file__).resolve().parents[2]
Supervised = Callable[..., subprocess.Popen[str]]


@pytest.fixture(params=["executed", "forked"])
def how(request: pytest.FixtureRequest) -> str:
    """In which way programs are started."""
    return str(request.param)


@pytest.fixture
def supervise(how: str, tmp_path: Path) -> Iterator[Supervised]:
    """Start a supervisor over named programs; everything is gone afterwards."""
    started: list[subprocess.Popen[str]] = []

    def start(*programs: str, how: str = how) -> subprocess.Popen[str]:
        argv = [sys.executable, str(SUPERVISED), how, str(tmp_path), *programs]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, process_group=0
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def pid(file: Path) -> int:
    """Wait for a program's pid file and read it."""
    until(file.exists, what=f"{file.name} to be written")
    return int(file.read_text())


def test_what_dies_is_started_again(supervise: Supervised, tmp_path: Path) -> None:
    """A process killed with -9 is back within a second, and it is said what happened."""
    supervisor = supervise("web=good", "worker=good")
    first, other = pid(tmp_path / "web.pid"), pid(tmp_path / "worker.pid")

    os.kill(first, signal.SIGKILL)

    until(lambda: pid(tmp_path / "web.pid") != first, what="web to be started again")
    assert alive(other)
    supervisor.terminate()
    words, _ = supervisor.communicate(timeout=60)
    assert "pushboat | web was killed by SIGKILL; starting it again in 0.2 s" in words


def test_a_program_that_keeps_dying_is_started_less_and_less_often(supervise: Supervised, tmp_path: Path) -> None:
    """Restarts back off, so that a broken process does not eat the machine."""
    supervisor = supervise("web=good")
    for _ in range(3):
        number = pid(tmp_path / "web.pid")
        os.kill(number, signal.SIGKILL)
        until(lambda number=number: pid(tmp_path / "web.pid") != number, what="web to be started again")
    supervisor.terminate()
    words, _ = supervisor.communicate(timeout=60)
    assert re.findall(r"again in (.*) s", words) == ["0.2", "0.4", "0.8"]


def test_what_a_dead_process_had_started_dies_with_it(supervise: Supervised, tmp_path: Path) -> None:
    """A killed process leaves no helper behind that would hold its port."""
    supervise("web=parent")
    grandchild = pid(tmp_path / "web.child")
    first = pid(tmp_path / "web.pid")

    os.kill(first, signal.SIGKILL)

    until(lambda: not alive(grandchild), what="the grandchild to be gone")


def test_kill_9_of_the_supervisor_leaves_no_orphan(supervise: Supervised, tmp_path: Path) -> None:
    """When the supervisor itself is killed with -9, its children are gone at once, also those that ignore SIGTERM."""
    supervisor = supervise("broker=good", "worker=deaf")
    children = [pid(tmp_path / "broker.pid"), pid(tmp_path / "worker.pid")]

    supervisor.kill()

    until(lambda: not any(alive(child) for child in children), what="all children to be gone")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP], ids=["ctrl-c", "a closed terminal"])
def test_ctrl_c_stops_in_the_opposite_order_of_starting(
    supervise: Supervised, tmp_path: Path, number: signal.Signals
) -> None:
    """The web goes first and the broker last, each after the one before it has ended, and last words are passed on."""
    supervisor = supervise("broker=good", "worker=good", "web=good")
    for name in ("broker", "worker", "web"):
        pid(tmp_path / f"{name}.pid")

    os.killpg(supervisor.pid, number)  # as a terminal does: to the whole foreground group
    words, _ = supervisor.communicate(timeout=60)

    assert (tmp_path / "ended").read_text().split() == ["web", "worker", "broker"]
    assert supervisor.returncode == 0
    assert "web | hello from web" in words
    assert "broker | last words of broker" in words


def test_a_second_ctrl_c_ends_everything_at_once(supervise: Supervised, tmp_path: Path) -> None:
    """Nobody has to wait for a process that does not want to end."""
    supervisor = supervise("worker=deaf")
    child = pid(tmp_path / "worker.pid")
    said = supervisor.stdout
    assert said is not None

    supervisor.send_signal(signal.SIGINT)
    until(lambda: "Ctrl-C again" in said.readline(), what="the first Ctrl-C to be heard")
    supervisor.send_signal(signal.SIGINT)

    supervisor.wait(timeout=60)
    assert supervisor.returncode == 1
    assert not alive(child)
