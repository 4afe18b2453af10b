"""A cluster leaves nothing behind, however it ends."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from cli.lab.devcluster import ClusterNotStarted, binary, control_plane
from tests.devcluster.api import Cluster, eventually


@contextmanager
def running(state: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run `devcluster up` until it says that it is ready, and surely not longer than the test."""
    command = [str(binary()), "up", "--state", str(state), *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == f"{state / 'kubeconfig'}\n"
            yield process
        finally:
            process.kill()


def children(pid: int) -> list[int]:
    """Return the processes that a process started."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found


def alive(pid: int) -> bool:
    """Say whether a process is there and no zombie."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def ports(pids: list[int]) -> set[int]:
    """Return the TCP ports on which these processes listen."""
    sockets = set()
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            try:
                target = str(descriptor.readlink())
            except FileNotFoundError:
                continue
            if target.startswith("socket:["):
                sockets.add(target[8:-1])
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    rows += [row.split() for row in Path("/proc/net/tcp6").read_text().splitlines()[1:]]
    listening = [row for row in rows if row[3] == "0A" and row[9] in sockets]
    assert all(row[1].startswith("0100007F:") for row in listening), "something listens beyond 127.0.0.1"
    return {int(row[1].split(":")[1], 16) for row in listening}


def refuses(port: int) -> bool:
    """Say whether nothing listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize(
    "how", [signal.SIGKILL, *(pytest.param(how, marks=pytest.mark.proof) for how in (signal.SIGTERM, signal.SIGINT))]
)
def test_nothing_outlives_it(tmp_path: Path, how: signal.Signals) -> None:
    """Killed or told to stop: no process, no open port."""
    with running(tmp_path) as process:
        started = children(process.pid)
        open_ports = ports([process.pid, *started])
        assert len(started) == 2
        assert urlsplit(Cluster(tmp_path / "kubeconfig").server).port in open_ports
        process.send_signal(how)
        process.wait(60)
        for pid in started:
            eventually(lambda pid=pid: not alive(pid), f"process {pid} is gone")
        for port in open_ports:
            eventually(lambda port=port: refuses(port), f"port {port} is closed")


def test_told_to_stop_it_keeps_only_its_logs(tmp_path: Path) -> None:
    """Other people's files in the directory are theirs."""
    (tmp_path / "notes").write_text("mine")
    with running(tmp_path) as process:
        process.terminate()
        assert process.wait(60) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["logs", "notes"]


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    """With --with-parent a closed stdin is the end, and --ephemeral takes the logs too."""
    with running(tmp_path / "state", "--with-parent", "--ephemeral") as process:
        assert process.stdin
        process.stdin.close()
        assert process.wait(60) == 0
    assert not (tmp_path / "state").exists()


def test_it_ends_with_a_python_that_is_killed(tmp_path: Path) -> None:
    """A test run that dies takes its cluster with it."""
    program = (
        "import sys, time; from pathlib import Path; from cli.lab.devcluster import control_plane\n"
        "with control_plane(Path(sys.argv[1])): print('up', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == "up\n"
        family = children(parent.pid)
        family += [grandchild for child in family for grandchild in children(child)]
        assert len(family) == 3
        parent.kill()
    for pid in family:
        eventually(lambda pid=pid: not alive(pid), f"process {pid} is gone")


@pytest.mark.proof  # two starts
def test_it_starts_over_where_a_killed_one_left_off(tmp_path: Path) -> None:
    """Leftovers of a killed cluster are no obstacle, and none of its objects come back."""
    with running(tmp_path) as process:
        Cluster(tmp_path / "kubeconfig").create("/api/v1/namespaces", {"metadata": {"name": "old"}})
        process.kill()
    with running(tmp_path):
        assert not Cluster(tmp_path / "kubeconfig").get("/api/v1/namespaces/old")


def test_two_do_not_share_a_directory(tmp_path: Path) -> None:
    """The second says so and leaves the first alone."""
    with (
        running(tmp_path),
        pytest.raises(ClusterNotStarted, match="another devcluster runs in"),
        control_plane(tmp_path),
    ):
        pass


def test_a_cluster_that_loses_a_process_says_why(tmp_path: Path) -> None:
    """The end of one is the end of all, with the log's last lines."""
    with running(tmp_path) as process:
        os.kill(children(process.pid)[0], signal.SIGKILL)
        assert process.wait(60) == 1
        assert process.stderr
        assert "kube-apiserver ended (signal: killed); the end of" in process.stderr.read()
