"""What `serve` forks is in nothing but its beginning different from a program that was executed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_supervisor import Supervised, how, pid, supervise
from tests.serving import ROOT
from tests.until import until

__all__ = ["how", "supervise"]  # the fixtures
ASLR = "auxv"
"""What the kernel gave a program at its start: addresses by lot, and so equal for forks of one alone."""


def told(supervisor: "subprocess.Popen[str]") -> dict[str, Any]:
    """Read what a program says of itself."""
    assert supervisor.stdout is not None
    line = supervisor.stdout.readline().removeprefix("web | ")
    assert line.startswith("{"), line + "".join(supervisor.stdout.readline() for _ in range(9))
    return dict(json.loads(line))


@pytest.mark.parametrize("how", ["executed"], indirect=True)
def test_it_has_what_an_executed_one_has(supervise: Supervised, tmp_path: Path) -> None:
    """Its environment, files, signals, group, streams and command line: none of it is left from `serve`."""
    executed = told(supervise("web=telling"))

    forked = told(supervise("web=telling", how="forked"))

    assert forked == executed
    assert forked["files"] == ["0", "1", "2"]
    assert forked["words"].endswith(f"-m tests.cli.supervised telling {tmp_path} web")


@pytest.mark.parametrize("how", ["forked"], indirect=True)
def test_it_is_a_fork(supervise: Supervised, tmp_path: Path) -> None:
    """It has loaded nothing by itself."""
    supervisor = supervise("web=good")

    child = pid(tmp_path / "web.pid")

    assert Path(f"/proc/{child}/{ASLR}").read_bytes() == Path(f"/proc/{supervisor.pid}/{ASLR}").read_bytes()


def test_its_end_is_told(supervise: Supervised) -> None:
    """An exception shows its stack, last words get out, and the exit code is the program's."""
    supervisor = supervise("web=failing", "worker=leaving")
    assert supervisor.stdout is not None
    said: list[str] = []

    def ended() -> bool:
        said.append(supervisor.stdout.readline())  # type: ignore[union-attr]
        return {"web", "worker"} <= {line.split()[2] for line in said if "ended with exit code 1;" in line}

    until(ended, what="both to end with exit code 1")
    words = "".join(said)
    assert "web | RuntimeError: no such luck" in words
    assert "worker | without an end of linethat is all" in words


def test_longer_words_than_those_of_serve_are_shown_too() -> None:
    """`ps` shows them as far as there is room, and nothing of the environment that lay there."""
    words = ["-m one", f"-m {300 * 'x'}", f"-m {99_999 * 'x'}"]

    short, long, longest = [shown.removesuffix("\n") for shown in (of_python(CALLED, each) for each in words)]

    assert short == "/usr/bin/python -m one"
    assert long == f"/usr/bin/python -m {300 * 'x'}"
    assert set(longest.removeprefix("/usr/bin/python -m ")) == {"x"}


def test_beside_a_thread_or_an_open_store_nothing_is_forked(tmp_path: Path) -> None:
    """A fork would have the thread's locks without the thread, and SQLite's word for what it never locked itself."""
    assert of_python(ASKING, str(tmp_path)).split() == ["True", "False", "True", "False", "True", "False"]


CALLED = """
import os, sys
from cli.titles import be_called
os.environ.clear()
be_called(["/usr/bin/python", *sys.stdin.read().split()])
print(open("/proc/self/cmdline").read().rstrip("\\0").replace("\\0", " "))
"""

ASKING = """
import os, pathlib, sys, threading
from cli.forking import may_fork
from pushboat.store.database.engine import open_store
from tests.until import until
print(may_fork())
store = open_store("", pathlib.Path(sys.stdin.read()))
store.now()
print(may_fork())
store.close()
print(may_fork())
end = threading.Event()
other = threading.Thread(target=end.wait)
other.start()
print(may_fork())
end.set()
print(until(may_fork))
os.close(0)
print(may_fork())
"""


def of_python(script: str, given: str) -> str:
    """Run a script of its own process and give what it printed."""
    ran = subprocess.run([sys.executable, "-c", script], input=given, capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
