"""Tables: one line for each row, cut on a terminal and whole in a pipe."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from cli.tables import fitted
from tests.cli.conftest import Pushboat

LONG = "a-name-that-is-rather-long-" * 3


@pytest.fixture
def objects(tmp_path: Path) -> Path:
    """Two objects, one with a long name; their judgements have reasons."""
    file = tmp_path / "objects.yaml"
    one = "{{apiVersion: example.com/v1, kind: Widget, metadata: {{name: {name}, namespace: shop}}}}\n"
    file.write_text(one.format(name="a") + "---\n" + one.format(name=LONG.strip("-")))
    return file


def test_a_terminal_gets_one_line_for_each_row(objects: Path, environ: dict[str, str]) -> None:
    """What is too long ends with …; nothing is wrapped."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "cli.main", "health", str(objects)]
    subprocess.run(words, stdout=theirs, env={**environ, "TERM": "dumb", "COLUMNS": "70"}, check=False, timeout=60)
    os.close(theirs)
    printed = os.read(ours, 65536).decode().splitlines()
    os.close(ours)
    assert len(printed) == 3
    assert all(len(line) <= 70 for line in printed)
    assert all("…" in line for line in printed[1:])


def test_a_pipe_gets_all_of_it_without_padding(pushboat: Pushboat, objects: Path) -> None:
    """Whole names and reasons, and no spaces at the end of a line."""
    printed = pushboat("health", objects).stdout
    assert LONG.strip("-") in printed
    assert "…" not in printed
    assert all(line == line.rstrip() for line in printed.splitlines())


def test_the_reason_gives_way_first() -> None:
    """Ids and states are what people copy; a reason can be read elsewhere."""
    assert fitted([4, 10, 200], 80) == [4, 10, 66]
    assert fitted([4, 10, 20], 80) == [4, 10, 20]
    assert fitted([4, 70, 200], 80) == [4, 52, 24]
    assert fitted([4, 10, 20], 3) == [4, 8, 8]
