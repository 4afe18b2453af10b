"""What the tests run by fork is what a user runs: the same words lead to the same answer."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import forked

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
    with pytest.raises(subprocess.TimeoutExpired):
        forked.pushboat(["logs", "--help"], cwd=home, env=environ, within=0.0001)
    assert forked.pushboat(["--version"], cwd=home, env=environ).returncode == 0
