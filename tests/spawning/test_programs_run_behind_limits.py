"""A program that we start ends: with its work, at its deadline, at its limits, or with us."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pushboat.errors import MachineUnavailable
from workers.running.spawning import NOT_FOUND, Limits, TimedOut, TooMuchOutput, network_can_be_cut, run

ENVIRON = {"PATH": os.environ.get("PATH", os.defpath)}


def _python(program: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", program]


def _named(mark: str) -> list[str]:
    """List living processes whose command line holds a mark."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            if state != "Z" and mark.encode() in (entry / "cmdline").read_bytes():
                found.append(entry.name)
        except OSError:
            continue
    return found


def _gone(mark: str) -> bool:
    deadline = time.monotonic() + 60
    while _named(mark) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not _named(mark)


def test_output_code_and_input_pass_through() -> None:
    """A program gets its input and gives its output, its complaints and its exit code."""
    done = run(["sh", "-c", "cat; echo oops >&2; exit 3"], environ=ENVIRON, timeout=60, stdin=b"x" * 300_000)
    assert (done.code, done.stdout, done.errors) == (3, b"x" * 300_000, "oops")


def test_a_signal_and_a_missing_program_have_the_shells_codes() -> None:
    """A program that a signal ended says 128 plus the signal; a missing one says 127 and its name."""
    assert run(["sh", "-c", "kill -15 $$"], environ=ENVIRON, timeout=60).code == 128 + signal.SIGTERM
    done = run(["no-such-program"], environ=ENVIRON, timeout=60)
    assert done.code == NOT_FOUND
    assert "no-such-program: No such file" in done.errors


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("kill -9 $$", "killed by somebody outside"),
        ("dd if=/dev/zero of=/dev/full count=1", "is full: make room"),
        ("echo 'fatal: cannot create pack: Read-only file system' >&2; exit 128", "is read-only"),
    ],
)
def test_what_the_machine_lacks_is_no_answer_of_the_program(script: str, said: str) -> None:
    """A full disk, or who kills what needs memory, is not blamed on the commit: it is tried again."""
    with pytest.raises(MachineUnavailable, match=said):
        run(["sh", "-c", script], environ=ENVIRON, timeout=60)


def test_nothing_of_our_environment_is_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token in our environment is not in theirs, and our open files are not open there."""
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    program = "import os; print(sorted(os.environ), os.listdir('/proc/self/fd'))"
    done = run(_python(program), environ={"ONLY": "this", "LC_ALL": "C"}, timeout=60)
    assert done.stdout.decode().strip() == "['LC_ALL', 'ONLY'] ['0', '1', '2', '3']"  # 3 is the listing itself


def test_a_deadline_ends_the_whole_family() -> None:
    """At its deadline a program is ended with all its children."""
    mark = f"86{os.getpid()}1"
    with pytest.raises(TimedOut, match=r"sh was stopped after 0\.5 s"):
        run(["sh", "-c", f"sleep {mark} & sleep {mark}"], environ=ENVIRON, timeout=0.5)
    assert _gone(f"sleep\0{mark}")


def test_endless_output_is_cut_off() -> None:
    """A program that prints for ever does not fill our memory."""
    with pytest.raises(TooMuchOutput, match="yes printed more than 100000 bytes"):
        run(["yes"], environ=ENVIRON, timeout=30, max_output=100_000)
    noisy = run(["sh", "-c", "yes | head -c 3000000 >&2; echo last >&2"], environ=ENVIRON, timeout=30)
    assert noisy.errors.endswith("last")
    assert len(noisy.stderr) <= 64 << 10


def test_memory_time_files_and_sizes_are_limited(tmp_path: Path) -> None:
    """A program gets as much of the machine as we gave it."""
    limits = Limits(cpu_seconds=1, file_size=1000, open_files=16, data=64 << 20)

    def code(*argv: str) -> int:
        return run(argv, environ=ENVIRON, cwd=tmp_path, timeout=30, limits=limits).code

    assert code(*_python("while True: pass")) == 128 + signal.SIGXCPU
    assert code(*_python("bytearray(200 << 20)")) == 1
    assert code(*_python("[open('/dev/null') for _ in range(20)]")) == 1
    assert code("dd", "if=/dev/zero", "of=big", "bs=2000", "count=2") == 128 + signal.SIGXFSZ
    assert (tmp_path / "big").stat().st_size <= 1000


def test_the_network_can_be_cut() -> None:
    """A renderer can open no connection, neither by address nor by name."""
    assert network_can_be_cut()
    program = (
        "import socket\n"
        "for family in (socket.AF_INET, socket.AF_INET6):\n"
        "    try: socket.socket(family)\n"
        "    except PermissionError: print('cut')\n"
    )
    assert run(_python(program), environ=ENVIRON, timeout=60, network=False).stdout == b"cut\ncut\n"
    assert run(_python(program), environ=ENVIRON, timeout=60).stdout == b""


def test_a_killed_worker_leaves_no_orphan() -> None:
    """kill -9 of the worker ends what its threads have started, children of children included."""
    mark = f"86{os.getpid()}2"
    program = (
        "import threading\n"
        "from workers.running.spawning import run\n"
        f"script = 'sleep {mark} & sleep {mark}'\n"
        f"act = lambda: run(['sh', '-c', script], environ={ENVIRON!r}, timeout=60)\n"
        "[threading.Thread(target=act).start() for _ in range(3)]\n"
    )
    worker = subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).resolve().parents[2])
    deadline = time.monotonic() + 60
    while len(_named(f"sleep\0{mark}")) < 6 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(_named(f"sleep\0{mark}")) == 6
    worker.kill()
    worker.wait()
    assert _gone(f"sleep\0{mark}")


def test_a_thread_that_ends_does_not_end_anothers_program() -> None:
    """Programs that threads have started do not depend on each other."""
    codes: list[int] = []
    threads = [
        threading.Thread(target=lambda: codes.append(run(["sleep", "0.2"], environ=ENVIRON, timeout=60).code))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [0] * 8
