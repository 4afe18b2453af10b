"""What `serve` promises about a process that hangs instead of dying, shown on small programs."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.test_supervisor import Supervised, how, pid, supervise
from tests.serving import alive
from tests.until import until

__all__ = ["how", "supervise"]  # the fixtures


def ended_words(supervisor: subprocess.Popen[str]) -> str:
    """Stop a supervisor and give all that it said."""
    supervisor.terminate()
    words, _ = supervisor.communicate(timeout=60)
    return words


def another(file: Path, than: int) -> int:
    """Wait for the process that comes in another one's place."""
    until(lambda: pid(file) != than, what=f"another {file.stem}")
    return pid(file)


def freeze_for(seconds: float, *processes: int) -> None:
    """Stop processes for a while; they go on in the order given."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    thaw_at = time.monotonic() + seconds
    until(lambda: time.monotonic() >= thaw_at, what="the frost to end")
    for process in processes:
        os.kill(process, signal.SIGCONT)


def test_what_hangs_says_where_and_is_started_again(supervise: Supervised, tmp_path: Path) -> None:
    """A work loop that stands still: its stacks are in the log, it goes with all that it started, the others stay."""
    supervisor = supervise("web=looping", "worker=looping")
    other, hanging = pid(tmp_path / "web.pid"), pid(tmp_path / "worker.pid")
    grandchild = pid(tmp_path / "worker.child")

    os.kill(hanging, signal.SIGUSR1)

    another(tmp_path / "worker.pid", than=hanging)
    assert not alive(grandchild)
    assert pid(tmp_path / "web.pid") == other
    assert alive(other)
    words = ended_words(supervisor)
    found = words.index("pushboat | worker hangs: its work loop did not turn for 4 s; killing it and starting it again")
    stacks = words.index("in take_a_lock_that_nobody_leaves")
    assert found < stacks < words.index("pushboat | worker was killed by SIGKILL; starting it again in 0.2 s")
    assert "web hangs" not in words


def test_what_is_frozen_is_started_again(supervise: Supervised, tmp_path: Path) -> None:
    """A process stopped by SIGSTOP cannot say where it is; that is said, and it is replaced all the same."""
    supervisor = supervise("worker=looping")
    frozen = pid(tmp_path / "worker.pid")

    os.kill(frozen, signal.SIGSTOP)

    another(tmp_path / "worker.pid", than=frozen)
    assert "it is stopped (SIGSTOP), so it cannot say where" in ended_words(supervisor)


def test_what_hangs_before_its_first_turn_is_started_again(supervise: Supervised, tmp_path: Path) -> None:
    """A process that never gets to work is given longer, and then replaced too."""
    supervisor = supervise("worker=mute")
    another(tmp_path / "worker.pid", than=pid(tmp_path / "worker.pid"))
    assert "worker hangs: its work loop did not turn since its start, for 12 s" in ended_words(supervisor)


@pytest.mark.parametrize("what", ["serve alone", "everything"])
def test_a_frost_of_serve_itself_kills_nobody(supervise: Supervised, tmp_path: Path, what: str) -> None:
    """After `serve` was frozen, or the whole machine slept, healthy processes go on."""
    supervisor = supervise("web=looping", "worker=good")
    web, worker = pid(tmp_path / "web.pid"), pid(tmp_path / "worker.pid")

    freeze_for(6.0, supervisor.pid, *([web] if what == "everything" else []))

    os.kill(worker, signal.SIGKILL)  # so that we see serve turn again
    another(tmp_path / "worker.pid", than=worker)
    assert pid(tmp_path / "web.pid") == web
    assert alive(web)
    assert "hangs" not in ended_words(supervisor)


def test_a_stop_is_not_held_up_by_what_hangs(supervise: Supervised, tmp_path: Path) -> None:
    """SIGTERM while one is being replaced still ends everything."""
    supervisor = supervise("web=looping", "worker=looping")
    os.kill(pid(tmp_path / "worker.pid"), signal.SIGUSR1)
    ended_words(supervisor)
    assert not alive(pid(tmp_path / "worker.pid"))
