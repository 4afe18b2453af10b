"""Plain git: the hook, the operator's file and the running Pushboat have one secret, or the doctor says who has not."""

from pathlib import Path

import pytest

from tests.cli.conftest import Pushboat
from tests.cli.plain_git import lines, pushboat_with, set_up, write_secret

OTHER = "another-secret-of-another-time"


def test_a_secret_of_another_time_beside_the_hook_is_found(
    pushboat: Pushboat, home: Path, environ: dict[str, str]
) -> None:
    """A push would be refused; the fix renews the hook, and no secret is shown."""
    with pushboat_with(environ["HOOK_SECRET"]) as running:
        repository = set_up(home, running.url)
        assert pushboat("hook", "install", repository).returncode == 0
        assert pushboat("hook", "doctor").returncode == 0

        write_secret(repository, OTHER)
        sick = pushboat("hook", "doctor", "--json")

        assert sick.returncode == 1
        line = lines(sick)["local/shop secret"]
        assert (line["result"], line["fix"]) == ("FAIL", f"pushboat hook install {repository}")
        assert OTHER not in sick.stdout + sick.stderr
        assert environ["HOOK_SECRET"] not in sick.stdout + sick.stderr
        assert pushboat("hook", "install", repository).returncode == 0
        assert pushboat("hook", "doctor").returncode == 0


@pytest.mark.parametrize("command", [("hook", "doctor"), ("doctor",)])
def test_a_pushboat_that_runs_with_an_older_secret_is_found(
    pushboat: Pushboat, home: Path, environ: dict[str, str], command: tuple[str, ...]
) -> None:
    """The secret was changed everywhere but in the process that checks it: only a restart helps."""
    with pushboat_with(environ["HOOK_SECRET"]) as running:
        repository = set_up(home, running.url)
        assert pushboat("hook", "install", repository).returncode == 0
        running.secret = OTHER
        line = lines(pushboat(*command, "--json"))["forge local: running secret"]
    assert line["result"] == "FAIL"
    assert line["sentence"] == "the running Pushboat has another secret"
    assert "restart" in line["fix"]


def test_pings_of_the_doctor_are_one_delivery(pushboat: Pushboat, home: Path, environ: dict[str, str]) -> None:
    """Looking often must not fill the list of deliveries."""
    with pushboat_with(environ["HOOK_SECRET"]) as running:
        set_up(home, running.url)
        pushboat("hook", "doctor")
        pushboat("hook", "doctor")
        assert len(running.ids) == 2
        assert len(set(running.ids)) == 1


def test_pushes_that_were_missed_are_found(pushboat: Pushboat, home: Path, environ: dict[str, str]) -> None:
    """What the hook could not deliver waits in a folder; the fix sends it."""
    with pushboat_with(environ["HOOK_SECRET"]) as running:
        repository = set_up(home, running.url)
        assert pushboat("hook", "install", repository).returncode == 0
        (repository / "pushboat-missed").mkdir()
        (repository / "pushboat-missed" / "00000000000000000001-a.json").write_text("{}")
        line = lines(pushboat("hook", "doctor", "--json"))["local/shop missed"]
    assert (line["result"], line["fix"]) == ("FAIL", f"{repository}/hooks/post-receive --catch-up")
    assert "1 push" in line["sentence"]


def test_install_says_that_the_running_pushboat_refuses(
    pushboat: Pushboat, home: Path, environ: dict[str, str]
) -> None:
    """No ✔ for a hook whose every delivery would be refused."""
    with pushboat_with(OTHER) as running:
        finished = pushboat("hook", "install", set_up(home, running.url))
    assert finished.returncode == 1
    assert "✔" not in finished.stderr
    assert "the running Pushboat has another secret" in finished.stderr
    assert "restart" in finished.stderr


def test_install_says_that_nothing_answers(pushboat: Pushboat, home: Path) -> None:
    """The hook is there and keeps what is pushed, but nobody deploys it yet: that is said, with what to start."""
    finished = pushboat("hook", "install", set_up(home, "http://127.0.0.1:9"))
    assert finished.returncode == 0
    assert "✔" not in finished.stderr
    assert "nothing answers at http://127.0.0.1:9" in finished.stderr
    assert "pushboat serve" in finished.stderr
