"""A worker that is told to end gives a deployment back at once, also one whose render would take minutes."""

import os
import threading
import time
from pathlib import Path

import pytest

from pushboat.errors import Stopping
from tests.rendering.conftest import environment
from tests.until import until
from workers.render.choosing import render
from workers.render.concealing import KEYLESS
from workers.running import spawning
from workers.running.spawning import run
from workers.source.checkout import CheckedOut

ENVIRON = {"PATH": os.environ.get("PATH", os.defpath)}
LONG = 60.0


def test_a_program_that_may_be_begun_anew_is_not_waited_for(tmp_path: Path) -> None:
    """It is killed with all that it started, in a moment, and what began it learns why."""
    ending, began = threading.Event(), time.monotonic()
    there, child = tmp_path / "there", f"touch {tmp_path}/there; exec sleep {LONG}"
    thread = threading.Thread(target=lambda: (until(there.exists, what="it to run"), ending.set()))
    thread.start()
    with pytest.raises(Stopping, match="it goes on when it is back"):
        run(["sh", "-c", child], environ=ENVIRON, timeout=LONG, ending=ending)
    thread.join()
    assert time.monotonic() - began < LONG / 4


@pytest.mark.programs
@pytest.mark.parametrize("name", ["kustomization.yaml", "Chart.yaml"])
def test_a_render_is_one(tmp_path: Path, name: str) -> None:
    """Nothing of it is kept half, and it is nobody's mistake."""
    files = {"kustomization.yaml": "resources: []\n", "Chart.yaml": "{apiVersion: v2, name: a, version: 1.0.0}\n"}
    folder = tmp_path / "deploy"
    folder.mkdir()
    (folder / name).write_text(files[name])
    out = CheckedOut(root=tmp_path, folder="deploy", sha="a" * 40, files=(f"deploy/{name}",))
    spawning.ENDING.set()
    try:
        with pytest.raises(Stopping):
            render(out, environment("deploy"), opening=KEYLESS)
    finally:
        spawning.ENDING.clear()


def test_nothing_else_is_cut(tmp_path: Path) -> None:
    """What fetches, or asks the machine, is waited for as always."""
    spawning.ENDING.set()
    try:
        assert run(["true"], environ=ENVIRON, timeout=LONG, cwd=tmp_path).code == 0
    finally:
        spawning.ENDING.clear()
