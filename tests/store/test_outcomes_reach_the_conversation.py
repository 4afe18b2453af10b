"""Whoever commented `/deploy` reads in the answer how it ended: of each command in its own answer, and nowhere else."""

import json

import sqlalchemy as sa

from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.deployment import Deployment
from pushboat.model.state import State, Trigger
from pushboat.routing import Answer, Reply
from pushboat.store import deliveries, ending
from tests.store.looking import drift, looked, release
from tests.store.repository import NAME, Repository, deploy, plan, push


def asked(shop: Repository, sha: str, number: int = 7, contains: tuple[Deployment, ...] = ()) -> Deployment:
    """Comment `/deploy staging` on a pull request (0: say it at the command line), and have it queued."""
    source = Source.COMMENT if number else Source.COMMAND
    ask = Ask(word="deploy", who="ann", source=source, repository=NAME, environment="staging", number=number, sha=sha)
    deliveries.accept(shop.store, "github", f"comment-{sha}-{number}", push(sha), asked=[ask])
    answers = [Reply(number=number, body=f"Deploying {sha}.")] if number else []
    contained = [each.id for each in contains]
    return shop.route_waiting(deploy(sha, trigger=Trigger.COMMENT), *answers, contained=contained)[0]


def answers(shop: Repository) -> dict[str, list[str]]:
    """List what each answer says, in order, by its marker."""
    found: dict[str, list[str]] = {}
    with shop.store.reading() as tx:
        for row in tx.rows(sa.text("SELECT payload FROM outbox WHERE kind = 'reply' ORDER BY id")):
            letter = json.loads(row["payload"])
            found.setdefault(letter["marker"], []).append(letter["body"])
    return found


def test_an_answer_ends_with_what_came_of_it(repository: Repository) -> None:
    """First that it begins, then that it runs, in one comment; a push that nobody asked for is answered nowhere."""
    made = asked(repository, "a")
    ending.finish(repository.store, repository.claim(made), State.SUCCEEDED, "3 objects: 3 created; healthy in 8 s")
    release(repository, repository.push("b"))
    (told,) = answers(repository).values()
    assert told == ["Deploying a.", "`staging` runs `a`: `3 objects: 3 created; healthy in 8 s`"]


def test_a_failure_is_told_with_its_cause_and_made_nothing_of(repository: Repository) -> None:
    """What pods say is shown as they say it: no mention, no link, no heading."""
    made = asked(repository, "a")
    ending.finish(repository.store, repository.claim(made), State.FAILED, "web says: @all `rm`\n# [click](http://evil)")
    (told,) = answers(repository).values()
    assert told[-1] == "`a` failed in `staging`: `web says: @all 'rm' # [click](http://evil)`"


def test_two_commands_have_an_answer_each(repository: Repository) -> None:
    """The second one overtakes the first, which is not contained: each answer says what became of its own."""
    asked(repository, "a")
    second = asked(repository, "b", number=8)
    ending.finish(repository.store, repository.claim(second), State.SUCCEEDED, "fine")
    first_told, second_told = answers(repository).values()
    assert first_told == ["Deploying a.", "`a` was not deployed to `staging`: `replaced by b`"]
    assert second_told == ["Deploying b.", "`staging` runs `b`: `fine`"]


def test_the_same_commit_asked_for_twice_is_answered_twice(repository: Repository) -> None:
    """Two people deploy one commit: neither is left with an answer that says "deploying" for ever."""
    first = asked(repository, "a")
    second = asked(repository, "a", number=8, contains=(first,))
    ending.finish(repository.store, repository.claim(second), State.SUCCEEDED, "fine")
    first_told, second_told = answers(repository).values()
    assert first_told == ["Deploying a.", "`staging` runs `a`: `runs as part of a`"]
    assert second_told == ["Deploying a.", "`staging` runs `a`: `fine`"]


def test_what_was_said_at_first_is_kept_below_the_outcome(repository: Repository) -> None:
    """That it pins the environment, or lacks something of main, is as true as before once it has ended."""
    ask = Ask(word="rollback", who="ann", source=Source.COMMENT, repository=NAME, environment="staging", number=7)
    deliveries.accept(repository.store, "github", "comment", push("a"), asked=[ask])
    said = Answer(verdict=AskVerdict.DONE, reason="rolling back, pinning it there until `somebody` unlocks it")
    (made,) = repository.route_waiting(deploy("a", trigger=Trigger.COMMENT), answer=said)
    ending.finish(repository.store, repository.claim(made), State.SUCCEEDED, "fine")
    (told,) = answers(repository).values()
    first = "`rolling back, pinning it there until 'somebody' unlocks it`"
    assert told == [f"`staging` runs `a`: `fine`\n\nAsked for: {first}"]


def test_drift_of_later_days_is_no_outcome(repository: Repository) -> None:
    """The commit shows it; the conversation of long ago is left alone."""
    release(repository, asked(repository, "a"))
    before = answers(repository)
    looked(repository.store, drift())
    assert answers(repository) == before


def test_the_command_line_is_answered_at_the_command_line(repository: Repository) -> None:
    """There is no conversation to write to."""
    release(repository, asked(repository, "a", number=0))
    assert answers(repository) == {}


def test_an_answer_to_several_says_what_became_of_each(repository: Repository) -> None:
    """`/deploy plan` plans each environment: one comment, with a line for each, and a page that lists them."""
    ask = Ask(word="plan", who="ann", source=Source.COMMENT, repository=NAME, number=7, sha="a")
    deliveries.accept(repository.store, "github", "comment", push("a"), asked=[ask])
    both = [plan("a", name) for name in ("production", "staging")]
    made = repository.route_waiting(*both, Reply(number=7, body="Planning."))
    for each, state in zip(made, (State.SUCCEEDED, State.FAILED), strict=True):
        ending.finish(repository.store, repository.claim(each), state, f"{state} here")
    (told,) = answers(repository).values()
    assert told == [
        "Planning.",
        "The plan of `a` for `production`: `succeeded here`\n\n`a` in `staging`: `waits for a free worker`",
        "The plan of `a` for `production`: `succeeded here`\n\nNo plan of `a` for `staging`: `failed here`",
    ]
