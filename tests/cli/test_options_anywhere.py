"""`--config` and `--json` may stand anywhere on the line."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import OPERATOR, Pushboat
from tests.fresh_store import fresh_store

OURS = "elsewhere.yaml"


@pytest.fixture(autouse=True)
def elsewhere(home: Path) -> None:
    """An operator's file of another name, and a store that was made; none where commands look by themselves."""
    (home / "pushboat.yaml").rename(home / OURS)
    (home / "var").mkdir()
    store = fresh_store(home / "var")
    store.close()


@pytest.mark.parametrize(
    "line",
    [
        f"--config {OURS} --json status",
        f"status --config {OURS} --json",
        f"--json status --config={OURS}",
        f"status --json --config {OURS}",
        f"--json deliveries list --config {OURS}",
        f"deliveries --config {OURS} --json list",
        f"--config nowhere.yaml history --json --config {OURS}",
    ],
)
def test_config_and_json_are_heard_wherever_they_stand(pushboat: Pushboat, line: str) -> None:
    """Before the command, behind it, or behind its group; the file that stands nearest to the command wins."""
    finished = pushboat(*line.split())
    assert finished.returncode == 0, finished.stderr
    assert isinstance(json.loads(finished.stdout)["items"], list)


@pytest.mark.parametrize("line", ["--json db upgrade", "db upgrade --json", "db --json upgrade"])
def test_a_command_that_has_nothing_for_programs_says_so(pushboat: Pushboat, line: str) -> None:
    """Whoever asks for JSON gets JSON or exit code 2, never prose."""
    finished = pushboat("--config", OURS, *line.split())
    assert finished.returncode == 2
    assert "No such option" in finished.stderr


def test_the_help_of_a_command_names_both(pushboat: Pushboat) -> None:
    """People look for options behind the command."""
    printed = pushboat("status", "--help").stdout
    assert "--config" in printed
    assert "--json" in printed


def test_the_file_of_the_environment_still_counts(pushboat: Pushboat, home: Path) -> None:
    """PUSHBOAT_CONFIG names the file where the line does not."""
    assert OPERATOR
    assert pushboat("status", PUSHBOAT_CONFIG=str(home / OURS)).returncode == 0
