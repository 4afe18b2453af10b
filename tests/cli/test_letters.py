"""`pushboat letters`: what a forge would not take is seen everywhere, and is sent again once that is mended."""

import json
from pathlib import Path

import pytest

from cli.doctor.letters import check_letters
from pushboat.config import operator as operators
from pushboat.model.state import State
from pushboat.queue.bell import Bell
from pushboat.store import ending, outbox, quieting
from pushboat.store.database.engine import Store
from tests.cli.conftest import Pushboat
from tests.store.repository import Repository, time_passes
from workers.checks.words import Line, Result

SHA = "1a2b3c4" + "0" * 33
REASON = "github answered 404 when we tried to post: let our token see the repository"


@pytest.fixture
def refused(store: Store) -> int:
    """A deployment that got through, of which the forge took no status; gives its number."""
    repository = Repository(store)
    deployment = repository.push(SHA)
    ending.finish(store, repository.claim(deployment), State.SUCCEEDED, "healthy")
    while letters := outbox.due_head(store, "poster", "github"):
        for each in letters:
            outbox.dead(store, each, REASON)
    return deployment.id


def lines(home: Path) -> list[Line]:
    """What the doctor says of letters."""
    secrets = {"HOOK_SECRET": "0123456789abcdef-hook", "TOKEN": "0123456789abcdef-token"}
    return list(check_letters(operators.load(home / "pushboat.yaml", secrets)))


def test_what_was_given_up_is_listed_with_its_reason(pushboat: Pushboat, refused: int) -> None:
    """I read which commit shows nothing and why, as a program too."""
    done = pushboat("letters", "list")
    assert done.returncode == 0, done.stderr
    assert "pushboat/staging of 1a2b3c4: succeeded" in done.stdout
    assert REASON in done.stdout
    (newest, *_) = json.loads(pushboat("letters", "list", "--json", "--limit", "6").stdout)["items"]
    assert (newest["forge"], newest["repository"], newest["reason"]) == ("github", "acme/shop", REASON)


def test_a_deployment_says_that_its_commit_does_not_show_it(pushboat: Pushboat, refused: int) -> None:
    """`pushboat show` tells me why the commit is yellow though it runs, and what sends it again."""
    shown = pushboat("show", str(refused)).stdout
    assert f"The commit does not show this: {REASON}" in shown
    assert "pushboat letters resend" in shown


def test_the_doctor_names_what_was_given_up_and_who_is_left_alone(home: Path, store: Store, refused: int) -> None:
    """One line for each, with what to do."""
    quieting.quiet(store, "github", 60, "github limits our requests")
    quieting.quiet(store, "gitlab", 60, f"{quieting.UNKNOWN}: gitlab does not know our token")
    limited, unknown, lost = lines(home)
    assert (limited.result, unknown.result, lost.result) == (Result.WARN, Result.FAIL, Result.FAIL)
    assert "renew the token" in unknown.fix
    assert "6 letters given up" in lost.sentence
    assert "pushboat letters resend --all" in lost.fix


def test_it_is_sent_again_when_i_say_so(home: Path, pushboat: Pushboat, store: Store, refused: int) -> None:
    """The last word of each goes out again; the doctor is content, and a refused token is tried at once."""
    quieting.quiet(store, "github", 60, f"{quieting.UNKNOWN}: github does not know our token")
    with Bell(home / "var") as bell:
        done = pushboat("letters", "resend", "--all")
        assert bell.wait(60), "the dispatcher hears of it at once"
    assert done.returncode == 0, done.stderr
    assert "4 letters stay unsent: something newer has taken their place" in done.stderr
    assert "2 letters on the way again" in done.stderr
    assert outbox.due_forges(store) == ["github"]
    assert [line.result for line in lines(home)] == [Result.PASS]
    assert outbox.backlog(store) == 2
    assert "no letter was given up" in pushboat("letters", "resend", "--all").stderr


def test_what_no_forge_takes_for_long_is_seen_before_it_is_given_up(
    home: Path, pushboat: Pushboat, store: Store
) -> None:
    """A forge answers 500 to one letter for an hour: neither the doctor nor the list says that all is taken."""
    Repository(store).push(SHA)
    for each in outbox.due_head(store, "poster", "github", limit=1):
        outbox.retry(store, each, "github answered 500 when we tried to post", 60.0)
    assert [line.result for line in lines(home)] == [Result.PASS], "most troubles are over in a moment"
    time_passes(store, 3600)
    (late,) = lines(home)
    assert late.result is Result.WARN
    assert "1 letter not taken yet" in late.sentence
    assert "github answered 500" in late.sentence
    told = pushboat("letters", "list").stdout + pushboat("letters", "list").stderr
    assert "github answered 500" in told
    assert "took all" not in told
    assert json.loads(pushboat("letters", "list", "--json").stdout)["late"]["number"] == 1


def test_a_number_that_was_not_given_up_is_a_mistake(pushboat: Pushboat, store: Store) -> None:
    """I mistype it, or name none."""
    done = pushboat("letters", "resend", "4711")
    assert done.returncode == 1
    assert "4711: no letter of this number was given up" in done.stderr
    assert pushboat("letters", "resend").returncode == 2
