"""A shell that was told once completes commands and options."""

from pathlib import Path

import pytest

from tests.cli.conftest import Pushboat


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how_to_complete(pushboat: Pushboat, shell: str) -> None:
    """What is printed asks the command itself, so it knows each command that there is."""
    told = pushboat("completion", shell)
    assert (told.returncode, told.stderr, "_PUSHBOAT_COMPLETE" in told.stdout) == (0, "", True)
    where = "del" if shell == "fish" else "1"
    asks = {"_PUSHBOAT_COMPLETE": f"{shell}_complete", "COMP_WORDS": "pushboat del", "COMP_CWORD": where}
    assert "deliveries" in pushboat(**asks).stdout


def test_options_are_completed(pushboat: Pushboat) -> None:
    """Those of the command that stands on the line."""
    words = {"_PUSHBOAT_COMPLETE": "bash_complete", "COMP_WORDS": "pushboat history --st", "COMP_CWORD": "2"}
    assert pushboat(**words).stdout == "plain,--state\n"


def test_another_shell_is_usage(pushboat: Pushboat) -> None:
    """I read which there are."""
    refused = pushboat("completion", "csh")
    assert (refused.returncode, "'bash', 'zsh', 'fish'" in refused.stderr) == (2, True)


def completed(pushboat: Pushboat, line: str, **more: str) -> list[str]:
    """Press Tab at the end of a line."""
    words = {"_PUSHBOAT_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
    finished = pushboat(**words, **more)
    assert (finished.returncode, finished.stderr) == (0, "")
    return [each.removeprefix("plain,") for each in finished.stdout.splitlines() if each]


@pytest.mark.parametrize("command", ["plan", "deploy", "rollback", "diff", "logs", "history"])
def test_names_are_completed_here(pushboat: Pushboat, home: Path, command: str) -> None:
    """Repositories, then the environments of the one that stands there."""
    assert completed(pushboat, f"pushboat {command} git") == ["github/acme/shop"]
    assert completed(pushboat, f"pushboat {command} github/acme/shop st") == ["staging"]
    assert completed(pushboat, f"pushboat {command} github/acme/other st") == []
    assert completed(pushboat, f"pushboat --config {home}/pushboat.yaml {command} github/acme/shop st") == ["staging"]


def test_where_nobody_knows_names_a_shell_stays_quiet(pushboat: Pushboat) -> None:
    """There is no file, and no Pushboat where the variable says: nothing is offered, and nothing said."""
    assert completed(pushboat, "pushboat plan git") == []
    assert completed(pushboat, "pushboat plan git", PUSHBOAT_URL="http://127.0.0.1:9") == []
