"""However `serve` and `demo` end: no process, no port, no temp folder of theirs is left."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import breaking
from tests.fakes.forge import FakeForge
from tests.serving import ROOT, Served, command_line
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.until import until
from tests.written import config_map, deployment

DEMO_ENDS_WITHIN = 120.0
Shops = Callable[[Served, str], Shop]


@dataclass
class Traces:
    """A temp folder of our own: everything started with it is found by it, whoever its parent is now."""

    folder: Path

    @property
    def environ(self) -> dict[str, str]:
        """Give what makes processes use it."""
        return {"TMPDIR": str(self.folder)}

    def processes(self) -> dict[int, str]:
        """Find every living process that was started with it."""
        mark, found = f"TMPDIR={self.folder}\0".encode(), {}
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes():
                    found[int(entry.name)] = command_line(int(entry.name))
            except OSError:
                continue
        return found

    def files(self) -> list[str]:
        """List what stands in it."""
        return sorted(str(each.relative_to(self.folder)) for each in self.folder.rglob("*"))

    def vanish(self) -> None:
        """Wait until the kernel has buried the last process."""
        until(lambda: not self.processes(), within=120, what=f"the end of {self.processes()}")


@pytest.fixture
def traces() -> Iterator[Traces]:
    """An empty temp folder, with a path that is short enough for sockets in it."""
    with tempfile.TemporaryDirectory(prefix="traces-") as folder:
        (temp := Path(folder) / "temp").mkdir()
        yield Traces(temp)


def listens(url: str) -> bool:
    """Say whether somebody listens at an address."""
    address = urlsplit(url)
    with socket.socket() as caller:
        return caller.connect_ex((str(address.hostname), int(address.port or 80))) == 0


@pytest.fixture
def serving(tmp_path: Path, traces: Traces, kubeconfig: Path, forges: dict[str, FakeForge]) -> Iterator[Served]:
    """A Pushboat of our own, in a folder whose path is too long for a socket."""
    folder = tmp_path / ("a-long-name-" * 8)
    served = Served.start(
        folder, operators_file(kubeconfig, forges), {**environ_of(forges), **traces.environ}, executed=True
    )
    yield served
    served.process.kill()
    served.process.wait()


def hanging(served: Served, shops: Shops) -> tuple[Shop, str]:
    """Push what hangs in its rollout."""
    shop = shops(served, "github")
    sha = shop.push({"deploy/web.yaml": deployment(behaviour="unready")})
    breaking.waits_for_health(shop, sha)
    return shop, sha


def test_serve_is_interrupted_in_the_middle_of_a_rollout(
    serving: Served, shops: Shops, traces: Traces, forges: dict[str, FakeForge]
) -> None:
    """Ctrl-C: all of it ends, well, though a rollout hangs; that one waits for the next start."""
    shop, sha = hanging(serving, shops)
    assert serving.stop(signal.SIGINT) == 0
    assert traces.processes() == {}
    assert traces.files() == []
    assert not listens(serving.url)
    assert not [each.name for each in serving.state.iterdir() if each.name.endswith((".sock", ".lock"))]
    environ = {**os.environ, **environ_of(forges)}
    history = json.loads(serving.command("history", shop.repository, "--json", env=environ).stdout)
    assert [row["state"] for row in history["items"]] == ["queued"]
    assert shop.states(sha)[-1] == "pending"


@pytest.mark.proof  # two more starts
def test_serve_is_killed_and_started_again(
    serving: Served, shops: Shops, traces: Traces, forges: dict[str, FakeForge]
) -> None:
    """kill -9 takes all of it down; the next start goes on where it was, and clears away what was left."""
    waiting, one = hanging(serving, shops)
    accepted = shops(serving, "gitlab")
    two = accepted.push({"deploy/settings.yaml": config_map()})
    serving.process.kill()
    serving.process.wait()
    traces.vanish()
    until(lambda: not listens(serving.url), what="the port to be free")  # a dying process lets go of its files last

    breaking.heal(waiting)
    serving.restart({**environ_of(forges), **traces.environ})
    breaking.ended_once(accepted, two)
    breaking.ended_once(waiting, one, within=breaking.LEASE_AND_AGAIN)
    assert serving.stop(signal.SIGTERM) == 0
    assert traces.processes() == {}
    assert traces.files() == []


@contextmanager
def demo(traces: Traces) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Start `pushboat demo` as a terminal would: a process group of its own, which Ctrl-C reaches as a whole."""
    said = traces.folder.with_name("said")
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "demo"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
            env={**os.environ, **traces.environ},
        )
    try:
        yield process, said
    finally:
        process.kill()
        process.wait()


def address_in(said: Path) -> str:
    """Find the page's address in what the demo said."""
    [line] = [line for line in said.read_text().splitlines() if "ready: http" in line]
    return line.partition("ready: ")[2].strip()


@pytest.mark.proof
def test_the_demo_plays_to_its_end(traces: Traces) -> None:
    """`pushboat demo` exits with 0, shows its table, and takes its control plane and its Pushboat with it."""
    with demo(traces) as (process, said):
        assert process.wait(DEMO_ENDS_WITHIN) == 0, said.read_text()
        assert "git revert brings it back" in said.read_text()
    assert traces.processes() == {}
    assert traces.files() == []
    assert not listens(address_in(said))


@pytest.mark.proof  # the second demo
def test_the_demo_is_interrupted(traces: Traces) -> None:
    """Ctrl-C in the middle of a push: exit code 130, and nothing of it is left."""
    with demo(traces) as (process, said):
        until(lambda: "remote: " in said.read_text(), within=120, what="the first push to be told")
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(DEMO_ENDS_WITHIN) == 130, said.read_text()
    assert traces.processes() == {}
    assert traces.files() == []
    assert not listens(address_in(said))


@pytest.mark.proof  # the third demo
def test_the_demo_is_killed(traces: Traces) -> None:
    """kill -9 leaves files behind, since nobody is there to remove them, but no process and no port."""
    with demo(traces) as (process, said):
        until(lambda: "remote: " in said.read_text(), within=120, what="the first push to be told")
        process.kill()
        process.wait(DEMO_ENDS_WITHIN)
        until(lambda: not listens(address_in(said)), what="the port to be free")
        until(lambda: traces.processes() == {}, what="every process to be gone")
