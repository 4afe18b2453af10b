"""What became of a press is found by the commit of its check, and what the check says is said once more."""

import pytest
import sqlalchemy as sa

from pushboat.events import Event, EventKind
from pushboat.model import status
from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.letter import StatusLetter
from pushboat.model.state import State
from pushboat.reading import check_runs
from pushboat.routing import Answer
from pushboat.routing.buttons import CHECK
from pushboat.store import audit, deliveries, ending
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import outbox
from tests.store.repository import NAME, Repository, plan

SHA = "a" * 40


def press(store: Store, repository: Repository, number: int, sha: str, check: str = "pushboat/staging") -> None:
    """Press a button below a check, and be refused."""
    event = Event(kind=EventKind.RERUN, action="requested_action", repository="acme/shop", sha=sha, title=check)
    ask = Ask(
        word="deploy",
        who=f"wendy-{number}",
        source=Source.BUTTON,
        repository=NAME,
        environment="staging",
        arguments={CHECK: check},
        sha=sha,
    )
    deliveries.accept(store, "github", f"press-{number}", event, asked=(ask,))
    repository.route_waiting(answer=Answer(verdict=AskVerdict.REFUSED, reason=f"no {number}"))


def test_the_newest_answers_about_a_commit_are_found(store: Store, repository: Repository) -> None:
    """Mine, and not those about another commit, or below a plan, which the conversation answers."""
    for number in range(4):
        press(store, repository, number, SHA)
    press(store, repository, 5, "b" * 40)
    press(store, repository, 6, SHA, check="pushboat/plan/staging")
    found = [entry.reason for entry in audit.pressed(store, NAME, "pushboat/staging", SHA, 3)]
    assert found == ["no 3", "no 2", "no 1"]
    assert audit.pressed(store, NAME, "pushboat/production", SHA, 3) == []
    press(store, repository, 7, SHA, check="")
    assert [entry.reason for entry in audit.pressed(store, NAME, "pushboat/production", SHA, 3)] == ["no 7"]


def test_a_press_has_its_check_said_again_as_it_was(store: Store, repository: Repository) -> None:
    """It may have more to say below; the sentence is the last one."""
    ending.finish(store, repository.claim(repository.push(SHA)), State.FAILED, "no such image")
    before = repository.shown(SHA)
    press(store, repository, 1, SHA)
    assert repository.shown(SHA) == [*before, ("failed", "no such image")]


def test_all_checks_of_a_commit_are_said_again(store: Store, repository: Repository) -> None:
    """Re-run all checks: each under its name, once; those of other commits are left alone."""
    for sha in (SHA, "b" * 40):
        ending.finish(store, repository.claim(repository.push(sha)), State.SUCCEEDED, "runs")
    repository.post_everything()
    press(store, repository, 1, SHA, check="")
    press(store, repository, 2, "c" * 40, check="")
    again = [envelope.stream for envelope in repository.post_everything()]
    assert again == [f"status {NAME} {SHA} pushboat/staging"]


@pytest.mark.parametrize(("fork", "there"), [(False, ["plan", "deploy"]), (True, ["plan"]), (None, ["plan"])])
def test_no_button_is_shown_whose_press_is_refused(
    store: Store, repository: Repository, fork: bool | None, there: list[str]
) -> None:
    """A fork's plan, that somebody wished for, can be made again; its commits cannot be deployed."""
    opened = Event(
        kind=EventKind.PULL_REQUEST, action="opened", repository="acme/shop", sha=SHA, number=7, fork=fork, ref="topic"
    )
    deliveries.accept(store, "github", "opened", opened)
    (made,) = repository.route_waiting(plan(SHA))
    ending.finish(store, repository.claim(made), State.SUCCEEDED, "1 to create")
    shown = status.of(repository.row(made))
    found = check_runs.output(store, NAME, StatusLetter(sha=SHA, status=shown))
    assert [each.word for each in found.buttons] == there


def test_a_check_of_long_ago_is_answered_too(store: Store, repository: Repository) -> None:
    """Production was deployed two months ago, and what was posted then is not kept: the press is answered below it."""
    ending.finish(store, repository.claim(repository.push(SHA)), State.SUCCEEDED, "12 objects: 12 created")
    repository.post_everything()
    with store.writing() as tx:
        tx.change(sa.delete(outbox))
    press(store, repository, 1, SHA, check="pushboat/production")
    assert repository.post_everything() == [], "nothing was ever said under that name"
    press(store, repository, 2, SHA)
    assert repository.shown(SHA) == [("succeeded", "12 objects: 12 created")]
