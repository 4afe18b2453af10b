"""`pushboat devcluster`: a Kubernetes for a terminal, which says where it is and takes itself down."""

import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.lab.devcluster import binary
from cli.lab.golang import cache
from tests import forked
from tests.devcluster.api import Cluster
from tests.serving import ROOT
from tests.until import until


def pushboat(*words: str) -> forked.Finished:
    """Run a command to its end."""
    return forked.pushboat(["devcluster", *words], cwd=ROOT, env=os.environ)


@contextmanager
def running(
    state: Path, *options: str, stdout: int = subprocess.PIPE, environ: Mapping[str, str] = os.environ
) -> Iterator[subprocess.Popen[str]]:
    """Keep one in a terminal of its own, and surely not longer than the test."""
    command = [sys.executable, "-m", "cli.main", "devcluster", "up", "--state", str(state), *options]
    pipes = {"stdout": stdout, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=environ, text=True, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def test_it_runs_until_it_is_told_otherwise(tmp_path: Path) -> None:
    """It prints its kubeconfig, is found from another terminal, is not started twice there, and ends from there."""
    with running(tmp_path) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == f"{tmp_path / 'kubeconfig'}\n"
        assert Cluster(tmp_path / "kubeconfig").get("/api/v1/namespaces")["items"]
        found = json.loads(pushboat("status", "--state", str(tmp_path), "--json").stdout)
        assert (found["runs"], found["answers"]) == (True, True)
        second = pushboat("up", "--state", str(tmp_path))
        assert (second.returncode, "another devcluster runs in" in second.stderr) == (3, True)
        assert pushboat("down", "--state", str(tmp_path)).returncode == 0
        assert process.wait(60) == 0
        assert "Ctrl-C takes everything down" in process.stderr.read()
    assert not (tmp_path / "kubeconfig").exists()
    assert pushboat("status", "--state", str(tmp_path)).returncode == 1


@pytest.mark.proof
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGHUP])
def test_ctrl_c_and_a_closed_terminal_end_it(tmp_path: Path, how: signal.Signals) -> None:
    """For a program, it prints JSON; and it goes well when its terminal does."""
    with running(tmp_path, "--json") as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(6)]
        assert json.loads("".join(lines))["kubeconfig"] == str(tmp_path / "kubeconfig")
        process.send_signal(how)
        assert process.wait(60) == 0
    assert json.loads(pushboat("status", "--state", str(tmp_path), "--json").stdout)["runs"] is False


@pytest.mark.proof
def test_ctrl_c_ends_it_well_as_soon_as_it_is_told_where_it_is(tmp_path: Path) -> None:
    """Whoever reads the kubeconfig has heard that it runs: a Ctrl-C that comes while it still says so is no failure."""
    ours, its = os.pipe()
    os.write(its, b"x" * fcntl.fcntl(its, fcntl.F_SETPIPE_SZ, 4096))
    with os.fdopen(ours, "rb") as told, running(tmp_path, stdout=its) as process:
        os.close(its)
        until(lambda: Path(f"/proc/{process.pid}/syscall").read_text().startswith("1 0x1 "))  # it writes to stdout
        process.send_signal(signal.SIGINT)
        assert told.read().endswith(f"{tmp_path / 'kubeconfig'}\n".encode())
        assert process.wait(60) == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_nobody_waits_for_a_build_that_is_not_wanted_any_more(tmp_path: Path, how: signal.Signals) -> None:
    """It is told to end while it is built, which takes minutes, here by somebody else: it ends at once, and says so."""
    build = tmp_path / "pushboat" / binary(lambda _: None).relative_to(cache())
    build.parent.mkdir(parents=True)
    with build.with_name(f"{build.name}.lock").open("w") as somebodys:
        fcntl.flock(somebodys, fcntl.LOCK_EX)
        with running(tmp_path / "state", environ={**os.environ, "XDG_CACHE_HOME": str(tmp_path)}) as process:
            assert process.stderr
            assert "starting a Kubernetes control plane" in process.stderr.readline()
            process.send_signal(how)
            assert process.wait(30) == 130
            assert process.stderr.read().strip() == "interrupted"


@pytest.mark.proof
def test_one_that_dies_is_said(tmp_path: Path) -> None:
    """Its API server is killed: the terminal says so, and the exit code is no success."""
    with running(tmp_path) as process:
        assert process.stdout
        process.stdout.readline()
        (program,) = _children(process.pid)
        os.kill(program, signal.SIGKILL)
        assert process.wait(60) == 1
        assert process.stderr
        assert "ended by itself" in process.stderr.read()


def test_what_another_program_started_is_left_alone(tmp_path: Path) -> None:
    """Nothing of another's is ended: neither where nothing runs, nor where the number in the folder is an old one."""
    assert pushboat("down", "--state", str(tmp_path / "nothing")).returncode == 0
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "started-by").write_text(str(os.getpid()))
    done = pushboat("down", "--state", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, f"nothing runs in {tmp_path}\n")


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]
