"""What the tests run by fork is what a user runs: the same words lead to the same answer."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests import forked
from tests.ports import free_port
from tests.serving import Served, alive, command_line

WORDS = (
    ["--version"],
    ["status"],
    ["history", "--json"],
    ["nonsense"],
    ["health", "no-such-file"],
    ["doctor", "--help"],
)


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_a_forked_command_answers_as_a_started_one(words: list[str], home: Path, environ: dict[str, str]) -> None:
    """Output, complaint and exit code are the same, whichever way the command began."""
    argv = [sys.executable, "-m", "cli.main", *words]
    started = subprocess.run(argv, cwd=home, env=environ, capture_output=True, text=True, timeout=60, check=False)
    done = forked.pushboat(words, cwd=home, env=environ)
    assert (done.returncode, done.stdout, done.stderr) == (started.returncode, started.stdout, started.stderr)


def test_a_command_that_takes_too_long_is_killed(home: Path, environ: dict[str, str]) -> None:
    """A test that hangs says so, and the next command is none the worse."""
    (home / "secret").write_text("x" * 32)
    hangs = ["gate", "answer", "wait", "--listen", f"127.0.0.1:{free_port()}", "--secret-file", "secret"]
    with pytest.raises(subprocess.TimeoutExpired):
        forked.pushboat(hangs, cwd=home, env=environ, within=0.5)
    assert forked.pushboat(["--version"], cwd=home, env=environ).returncode == 0


def test_one_that_serves_is_told_of_and_ended_as_one_that_was_started(home: Path, environ: dict[str, str]) -> None:
    """It runs beside the test under its own name, and how it ends is known whenever somebody asks."""
    written = yaml.safe_load((home / "pushboat.yaml").read_text())
    served = Served.start(home, {part: written[part] for part in ("forges", "clusters", "projects")}, environ)
    process = served.process
    assert isinstance(process, forked.Running)
    assert process.poll() is None
    assert command_line(process.pid).strip().endswith(f"-m cli.main --config {home}/pushboat.yaml serve")
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.01)
    assert (served.stop(), process.poll(), alive(process.pid)) == (0, 0, False)
    process.kill()  # too late, and nobody's number any more
