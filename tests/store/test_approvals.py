"""Approvals in the store: given before or after, by whom they do not count, taken back, fallen away, beside a push."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from pushboat.events import ZERO_SHA, Event, EventKind
from pushboat.model.ask import AskVerdict, Source
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State, Trigger
from pushboat.routing import Answer, Approve, Unapprove
from pushboat.store import approving, asks, deliveries, ending, hinting, holds, lanes, pushers
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, deploy

SHA, NEWER = "a" * 40, "b" * 40


def needs(number: int = 1, sha: str = SHA) -> Hold:
    """What a deployment begins with that so many people must approve."""
    return Hold(kind="approval", scope=Scope(), by="whoever may write", subject=str(number), sha=sha)


def pushed(repository: Repository, sha: str = SHA, number: int = 1, **more: Any) -> Deployment:
    """Push a commit that so many people must approve."""
    return repository.route(deploy(sha, holds=(needs(number, sha),), **more))[0]


def approve(repository: Repository, who: str, sha: str = SHA) -> None:
    """Let somebody approve a commit for staging."""
    repository.route(Approve(environment="staging", sha=sha, who=who, source=Source.COMMENT, whom="whoever may write"))


def take_back(repository: Repository, who: str) -> None:
    """Let somebody take it back."""
    repository.route(Unapprove(environment="staging", sha=SHA, who=who, whom="whoever may write"))


def told(store: Store, kind: EventKind, who: str, sha: str, **more: Any) -> None:
    """Let the forge tell of a push or a pull request."""
    event = Event(kind=kind, repository="acme/shop", sha=sha, author=who, **more)
    name = f"{kind} {who} {sha} {more}"
    deliveries.accept(store, "github", name, event, ignored="told for its names alone")
    with store.writing() as tx:
        pushers.learn(tx, NAME, event)


def may_start(store: Store, deployment: Deployment) -> bool:
    """Whether a worker is told of it and gets it."""
    hinted = deployment.id in hinting.due(store)
    assert (lanes.claim(store, deployment.id, "worker") is not None) == hinted
    return hinted


def test_it_waits_until_enough_people_approved(store: Store, repository: Repository) -> None:
    """Two are needed: the first one is named while the second is missing; then it goes, and everybody sees that."""
    mine = pushed(repository, number=2)
    assert repository.row(mine).waits == "waits for 2 approvals: /deploy approve staging"
    approve(repository, "bob")
    assert repository.row(mine).waits == "waits for 1 more approval (bob approved aaaaaaa): /deploy approve staging"
    assert repository.shown(SHA)[-1] == ("queued", repository.row(mine).waits)
    assert not may_start(store, mine)
    approve(repository, "carol")
    assert repository.shown(SHA)[-1] == ("queued", "waits for a free worker")
    assert holds.listed(store) == []
    assert may_start(store, mine)


def test_an_approval_may_come_first(store: Store, repository: Repository) -> None:
    """Bob approves the head; the deployment that is asked for later does not wait for him once more."""
    approve(repository, "bob")
    assert may_start(store, pushed(repository))


@pytest.mark.parametrize("first", ["approval", "push"])
def test_an_approval_and_a_push_at_once(store: Store, repository: Repository, first: str) -> None:
    """Bob approves what he saw while the next commit comes: that one waits for its own, whichever lands first."""
    mine = pushed(repository)
    if first == "approval":
        approve(repository, "bob")
    newer = pushed(repository, NEWER)
    if first == "push":
        approve(repository, "bob")
        assert repository.row(mine).state is State.SUPERSEDED
    else:
        assert may_start(store, mine)
    assert not may_start(store, newer)
    assert repository.row(newer).waits == "waits for 1 approval: /deploy approve staging"


@pytest.mark.parametrize("who", ["ann", "ANN"])
def test_who_asked_for_it_does_not_count(store: Store, repository: Repository, who: str) -> None:
    """Ann is whose push or command it is; in capital letters she is the same."""
    mine = pushed(repository, author="ann")
    approve(repository, who)
    assert not may_start(store, mine)
    assert repository.row(mine).waits == "waits for 1 approval: /deploy approve staging"


def test_who_is_behind_the_commit_does_not_count(store: Store, repository: Repository) -> None:
    """Bob pushed some of it, carol opened its pull request, dora pushed what runs: only dora may approve."""
    runs = repository.push("r" * 40)
    ending.finish(store, repository.claim(runs), State.SUCCEEDED, "done")
    told(store, EventKind.PUSH, "dora", "r" * 40, action="updated", before="q" * 40)
    told(store, EventKind.PUSH, "bob", "c" * 40, action="created", before=ZERO_SHA, ref="refs/heads/topic")
    told(store, EventKind.PUSH, "eve", "d" * 40, action="updated", before="c" * 40, ref="refs/heads/topic")
    told(store, EventKind.PULL_REQUEST, "carol", "d" * 40, action="opened", number=3)
    told(store, EventKind.PUSH, "mona", SHA, action="updated", before="r" * 40, ref="refs/heads/main")
    with store.writing() as tx:
        merged = Event(kind=EventKind.PULL_REQUEST, action="merged", number=3, sha="d" * 40, merged_sha=SHA)
        pushers.learn(tx, NAME, merged)
        asks.learn_head(tx, NAME, merged)
    mine = pushed(repository, author="olga")
    every, behind = approving.listed(store, Lane(repository=NAME, environment="staging"), SHA)
    assert every == []
    assert behind == {
        "mona": "pushed aaaaaaa",
        "carol": "is behind #3",
        "eve": "pushed ddddddd",
        "bob": "pushed ccccccc",
    }
    for who in ("bob", "carol", "eve", "mona", "olga"):
        approve(repository, who)
    assert not may_start(store, mine)
    approve(repository, "dora")
    assert may_start(store, mine)


def test_what_is_taken_back_counts_no_more(store: Store, repository: Repository) -> None:
    """Bob changes his mind before a worker is free: it waits again, and says why; he may change it once more."""
    mine = pushed(repository)
    approve(repository, "bob")
    take_back(repository, "Bob")
    assert repository.row(mine).waits == "waits for 1 approval (bob took it back): /deploy approve staging"
    assert not may_start(store, mine)
    approve(repository, "bob")
    assert may_start(store, mine)


def test_what_comes_while_the_worker_asks_is_counted(store: Store, repository: Repository) -> None:
    """The worker finds that bob may not any more; carol approves before it says so: nothing waits for nobody."""
    mine = pushed(repository)
    approve(repository, "bob")
    claim = repository.claim(mine)
    needed, given = approving.given(store, mine, 0)
    assert (needed, [each.who for each in given]) == (1, ["bob"])
    approving.fall_away(store, NAME, given)
    approve(repository, "carol")
    assert ending.hold_back(store, claim, [needs()])
    assert holds.listed(store) == []
    assert may_start(store, mine)


def test_who_fell_away_is_said(store: Store, repository: Repository) -> None:
    """It goes back with whose approval does not count any more."""
    mine = pushed(repository)
    approve(repository, "bob")
    claim = repository.claim(mine)
    approving.fall_away(store, NAME, approving.given(store, mine, 0)[1])
    ending.hold_back(store, claim, [needs()])
    said = "waits for 1 approval (bob may not approve any more): /deploy approve staging"
    assert repository.row(mine).waits == said
    assert repository.shown(SHA)[-1] == ("running", said)
    assert repository.row(mine).attempts == 0


def test_a_release_that_comes_back_needs_another_than_the_asker(store: Store, repository: Repository) -> None:
    """Ann rolls back to what bob pushed: bob may approve that, and she may not."""
    told(store, EventKind.PUSH, "bob", SHA, action="updated", before="")
    back = pushed(repository, author="ann", trigger=Trigger.ROLLBACK, release=1)
    approve(repository, "ann")
    assert not may_start(store, back)
    approve(repository, "bob")
    assert may_start(store, back)


def test_the_approvals_answer_says_how_it_ended(store: Store, repository: Repository) -> None:
    """I read in the conversation in which bob approved that it runs; carol's, which she took back, stays as it was."""
    mine = pushed(repository)
    for who in ("bob", "carol"):
        act = Approve(environment="staging", sha=SHA, who=who, source=Source.COMMENT, number=7)
        said = Answer(verdict=AskVerdict.DONE, reason=f"{who} approved")
        repository.route(act, answer=said)
    take_back(repository, "carol")
    ending.finish(store, repository.claim(mine), State.SUCCEEDED, "12 objects")
    with store.reading() as tx:
        letters = tx.rows(sa.text("SELECT payload FROM outbox WHERE kind = 'reply' ORDER BY id"))
    (told,) = (json.loads(row["payload"]) for row in letters)
    assert (told["number"], told["path"]) == (7, mine.path)
    assert told["body"].startswith("`staging` runs `aaaaaaa`: `12 objects`")


def test_who_is_behind_what_runs_by_now_counts_again(store: Store, repository: Repository) -> None:
    """Bob pushed the commit before mine: once that one runs he is not behind mine, and his approval lets it go."""
    told(store, EventKind.PUSH, "bob", "c" * 40, action="updated", before="r" * 40)
    told(store, EventKind.PUSH, "mona", SHA, action="updated", before="c" * 40)
    before = repository.claim(repository.push("c" * 40))
    mine = pushed(repository, author="mona")
    approve(repository, "bob")
    assert repository.row(mine).held
    ending.finish(store, before, State.SUCCEEDED, "done")
    assert may_start(store, mine)
