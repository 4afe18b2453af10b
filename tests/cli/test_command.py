"""What holds for every command: exit codes, sentences instead of traces, near misses, colours."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from cli.engine_commands import engine_commands
from tests import forked
from tests.cli.conftest import OPERATOR, Pushboat

HEAVY = ("flask", "celery", "sqlalchemy", "kubernetes", "github", "gitlab", "pydantic", "rich")

EVERY_COMMAND = (
    *("serve", "demo", "status", "history", "simulate", "health", "doctor", *engine_commands()),
    *(
        "deliveries list",
        "deliveries show",
        "deliveries replay",
        "db upgrade",
        "hook install",
        "hook doctor",
        "hook rotate",
    ),
    *("web", "worker", "reporter", "dispatcher", "broker"),
)


def test_help_is_quick_because_it_loads_nothing_heavy(pushboat: Pushboat, environ: dict[str, str]) -> None:
    """`pushboat --help` answers at once: no SDK and no command is imported for it."""
    traced = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "cli.main", "--help"], env=environ, capture_output=True, text=True
    )
    assert traced.returncode == 0
    loaded = {line.rpartition("|")[2].strip() for line in traced.stderr.splitlines()}
    assert not loaded & {*HEAVY, "cli.serving", "cli.reading", "cli.hooks"}
    assert "Exit codes: 0 done" in traced.stdout


@pytest.mark.parametrize("command", EVERY_COMMAND)
def test_every_command_explains_itself(pushboat: Pushboat, command: str) -> None:
    """Every command answers --help."""
    finished = pushboat(*command.split(), "--help")
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.startswith(f"Usage: pushboat {command}")


def test_an_unknown_command_suggests_the_near_miss(pushboat: Pushboat) -> None:
    """A typo is answered with what was probably meant."""
    finished = pushboat("statsu")
    assert finished.returncode == 2
    assert "there is no command `statsu`. Did you mean `pushboat status`?" in finished.stderr


def test_a_missing_configuration_says_how_to_name_one(pushboat: Pushboat, tmp_path: Path) -> None:
    """Without an operator's file, exit code 2 and the two ways to give one."""
    finished = pushboat("status")
    assert finished.returncode == 2
    assert f"there is no {tmp_path}/pushboat.yaml" in finished.stderr
    assert "--config or PUSHBOAT_CONFIG" in finished.stderr
    assert "Usage:" not in finished.stderr


def test_a_command_without_its_words_shows_how_it_is_written(pushboat: Pushboat) -> None:
    """I type half a command, and see a whole one."""
    finished = pushboat("deploy")
    assert finished.returncode == 2
    assert "Missing argument 'REPOSITORY'" in finished.stderr
    assert finished.stderr.endswith("for example: pushboat deploy github/acme/shop staging\n")


def test_the_help_says_where_to_begin(pushboat: Pushboat) -> None:
    """Forty commands, and I have seen none of them: the last lines are the three that I need."""
    assert "pushboat demo" in pushboat("--help").stdout.partition("New here?")[2]


def test_whoever_stands_in_the_clone_is_told_where_the_file_is(home: Path, environ: dict[str, str]) -> None:
    """In my repository's folder, beside its .pushboat.yaml, I ask for the status: the other file lies one folder up."""
    (home / "shop").mkdir()
    (home / "shop/.pushboat.yaml").write_text("environments: {}\n")
    finished = forked.pushboat(["status"], cwd=home / "shop", env=environ)
    assert finished.returncode == 2
    assert "--config ../pushboat.yaml; .pushboat.yaml beside it is the repository's own" in finished.stderr


def test_every_mistake_of_the_configuration_is_listed(pushboat: Pushboat, home: Path) -> None:
    """All mistakes at once with file, line and column; exit code 2; no trace."""
    (home / "pushboat.yaml").write_text(OPERATOR.replace("cluster: dev", "cluster: prod") + "colour: blue\n")
    finished = pushboat("status")
    assert finished.returncode == 2
    assert finished.stderr.count(str(home / "pushboat.yaml:")) >= 2
    assert "Traceback" not in finished.stderr


def test_a_store_that_does_not_answer_is_not_a_no(pushboat: Pushboat, home: Path) -> None:
    """Exit code 3 means: could not find out."""
    (home / "pushboat.yaml").write_text(f"store: postgresql+psycopg://nobody@127.0.0.1:9/none\n{OPERATOR}")
    finished = pushboat("status")
    assert finished.returncode == 3, finished.stderr
    assert "Traceback" not in finished.stderr


def test_the_trace_is_there_for_who_asks(pushboat: Pushboat, home: Path) -> None:
    """PUSHBOAT_DEBUG=1 shows where an error comes from."""
    (home / "pushboat.yaml").write_text("colour: blue\n")
    assert "Traceback" not in pushboat("status").stderr
    assert "Traceback" in pushboat("status", PUSHBOAT_DEBUG="1").stderr


@pytest.mark.parametrize(("more", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colours_only_where_they_are_welcome(
    tmp_path: Path, environ: dict[str, str], more: dict[str, str], *, coloured: bool
) -> None:
    """A terminal gets colours, unless NO_COLOR or a dumb terminal says otherwise; a pipe never does."""
    file = tmp_path / "objects.yaml"
    file.write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: b}}")
    words = [sys.executable, "-m", "cli.main", "health", str(file)]
    ours, theirs = pty.openpty()
    terminal = {**environ, "TERM": "xterm", **more}
    subprocess.run(words, stdout=theirs, env=terminal, check=True, timeout=60)
    os.close(theirs)
    printed = os.read(ours, 65536)
    os.close(ours)
    assert (b"\x1b[3" in printed) == coloured
    piped = subprocess.run(words, capture_output=True, env=terminal, check=True, timeout=60)
    assert b"\x1b" not in piped.stdout
    assert b"ConfigMap/b/a" in piped.stdout
