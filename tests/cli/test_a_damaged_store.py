"""Every command that uses the store refuses a damaged one with a sentence; `serve` seals what it closes."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pushboat.store.database import seal
from tests.forked import pushboat
from tests.power.recorder import Site, site
from tests.serving import ROOT
from tests.store import damage
from tests.until import until

COMMANDS = (
    "serve",
    "web",
    "worker",
    "dispatcher",
    "reporter",
    "db upgrade",
    "status",
    "history",
    "deliveries list",
    "deliveries replay 1",
)


@pytest.fixture
def place(tmp_path: Path) -> Site:
    """An installation whose store was closed cleanly."""
    there = site(tmp_path)
    there.state.rmdir()
    damage.closed(there.state)
    return there


def start(place: Site, command: str) -> "subprocess.Popen[bytes]":
    """Start one command of this checkout."""
    argv = [sys.executable, "-m", "cli.main", "--config", str(place.config), *command.split()]
    return subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ)


@pytest.mark.parametrize("harm", ["flipped", pytest.param("empty", marks=pytest.mark.proof)])
def test_no_command_uses_it(place: Site, harm: str) -> None:
    """Each ends with 1 and the same sentence: which file, what is wrong, what to do; the file stays as it is."""
    file = place.state / damage.NAME
    damage.flip(file, random.Random(harm))
    if harm == "empty":
        file.write_bytes(b"")
    before = damage.files(place.state)
    for command in COMMANDS:
        ended = pushboat(["--config", str(place.config), *command.split()], cwd=ROOT, env=os.environ)
        said = ended.stdout + ended.stderr
        assert ended.returncode == 1, f"{command}: {said}"
        assert f"the store {file} is damaged: it" in said, f"{command}: {said}"
        assert "put your newest backup in its place" in said
        assert "Traceback" not in said
        assert damage.files(place.state) == before, f"{command} changed the store"


def test_serve_seals_what_it_closes(place: Site) -> None:
    """While `serve` runs there is no seal, so that a kill leaves none; after its clean end the store is under seal."""
    file, ready = place.state / damage.NAME, place.config.with_name("ready")
    process = start(place, f"serve --ready-file {ready}")
    try:
        until(lambda: ready.exists() or process.poll() is not None, what="serve to be ready")
        assert process.poll() is None, process.communicate()[0].decode()
        assert not seal.of(file).exists()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert seal.of(file).exists()
    assert seal.broken(file) == ""
    status = start(place, "status")
    said = status.communicate(timeout=60)[0].decode()
    assert status.returncode == 0, said
    assert seal.of(file).exists(), "who only reads leaves the seal"
