"""What `pushboat serve` refuses before it starts anything."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cli.locking import AlreadyServed, only_one
from tests.cli.conftest import OPERATOR, Pushboat
from tests.ports import free_port
from tests.until import until


def test_two_on_one_state_folder_are_refused(pushboat: Pushboat, home: Path) -> None:
    """The second `serve` names the process that runs already, and exits with 1."""
    (home / "var").mkdir()
    hold = "import sys, pathlib\nfrom cli.locking import only_one\nwith only_one(pathlib.Path('var')): sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", hold], cwd=home, stdin=subprocess.PIPE) as holder:
        lock = home / "var" / "serve.lock"
        until(lambda: lock.exists() and lock.read_text().strip() == str(holder.pid), what="the lock")

        finished = pushboat("serve")

        assert holder.stdin is not None
        holder.stdin.close()
        assert holder.wait(timeout=60) == 0
    assert finished.returncode == 1
    assert f"process {holder.pid}" in finished.stderr
    assert not (home / "var" / "serve.lock").exists()


def test_a_lock_whose_holder_was_killed_does_not_count(tmp_path: Path) -> None:
    """What a kill -9 left behind hinders nobody."""
    (tmp_path / "serve.lock").write_text("12345\n")
    with only_one(tmp_path), pytest.raises(AlreadyServed), only_one(tmp_path):
        raise AssertionError
    assert not (tmp_path / "serve.lock").exists()


def test_a_port_in_use_is_said_before_anything_starts(pushboat: Pushboat, home: Path) -> None:
    """The address, the reason, and what to change; nothing is left behind."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        (home / "pushboat.yaml").write_text(OPERATOR.replace("listen: 127.0.0.1:8799", f"listen: {address}"))
        finished = pushboat("serve")
    assert finished.returncode == 2
    assert f"cannot listen on {address}" in finished.stderr
    assert not (home / "var" / "serve.lock").exists()


def test_a_kubeconfig_that_is_not_there_is_named_at_the_start(
    home: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    """With its path and the fix, before anybody pushes; the rest of Pushboat starts all the same."""
    port = free_port()
    (home / "pushboat.yaml").write_text(OPERATOR.replace("8799", str(port)))
    (home / "kubeconfig").unlink()
    serving = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "serve", "--ready-file", "ready"],
        cwd=home,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(lambda: (home / "ready").exists() or serving.poll() is not None, within=120, what="the ready file")
    finally:
        serving.terminate()
        said = serving.communicate(timeout=60)[1]
    assert f"! cluster dev: there is no {home / 'kubeconfig'}" in said
    assert "clusters.dev.kubeconfig in pushboat.yaml" in said
    assert "broker" not in said, "what it says of every machine, and at every end, asks nobody for anything"
    assert serving.returncode == 0
