"""A shell that was told once completes commands and options."""

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
