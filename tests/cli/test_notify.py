"""`pushboat notify test` says who took a message, who did not and why, and shows no address."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import OPERATOR, Pushboat
from tests.fakes.listeners import Mail, Program, listening
from tests.notices.reporter import SECRET


@pytest.fixture
def mail() -> Iterator[Mail]:
    """A mail server."""
    with listening(server := Mail()):
        yield server


@pytest.fixture
def program(home: Path, environ: dict[str, str], mail: Mail) -> Iterator[Program]:
    """A program behind a webhook that the operator's file names, beside the mail server."""
    with listening(server := Program()):
        receivers = "audit: {webhook: {env: AUDIT}, secrets: [{env: SIGN}]}, team: {apprise: {env: MAIL}}"
        (home / "pushboat.yaml").write_text(f"{OPERATOR}notifications: {{{receivers}}}\n")
        environ.update(AUDIT=f"{server.url}?token=hush-hush", SIGN=SECRET, MAIL=mail.url)
        yield server


def test_each_receiver_gets_a_message_that_says_that_it_is_a_test(
    pushboat: Pushboat, program: Program, mail: Mail
) -> None:
    """I run it: both have a message, and I am told so, as a program too."""
    done = pushboat("notify", "test", "--json")
    assert done.returncode == 0, done.stderr
    assert [(each["check"], each["result"]) for each in json.loads(done.stdout)] == [
        ("notify audit", "PASS"),
        ("notify team", "PASS"),
    ]
    (told,), (message,) = program.told, mail.messages
    assert told.json["type"] == "environment.test"
    assert "this is a test" in str(message["Subject"])


def test_who_says_no_is_named_with_what_to_do(pushboat: Pushboat, program: Program, mail: Mail) -> None:
    """The address is gone, and mail is closed: I read what each needs, whoever is asked alone too, and no address."""
    program.says, mail.down = 404, True
    done = pushboat("notify", "test")
    assert done.returncode == 1
    assert "audit answered 404: the operator must give it an address that there is" in done.stdout
    assert "fix: correct it under 'notifications' of the operator's file" in done.stdout
    assert "team does not answer" in done.stdout
    assert "hush" not in done.stdout + done.stderr
    alone = pushboat("notify", "test", "team")
    assert alone.returncode == 3
    assert len(program.tried) == 1


def test_a_name_that_nobody_has_is_a_mistake(pushboat: Pushboat, program: Program) -> None:
    """I mistype the receiver: the right name is said, and nobody is told anything."""
    done = pushboat("notify", "test", "tema")
    assert done.returncode == 2
    assert "did you mean 'team'?" in done.stderr
    assert program.tried == []
