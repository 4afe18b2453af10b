"""A removal in its lane: what it supersedes, what holds it, and what becomes of pushes around it."""

from typing import Any

import pytest

from pushboat.errors import CommandRefused
from pushboat.model.ask import Ask, Source
from pushboat.model.deployment import Deployment, Lane, Late
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Cancel, Decision, Deploy, Leave
from pushboat.store import deliveries, deployments, enacting, ending, holds, leaving, routing_jobs
from pushboat.store.database.engine import Store
from tests.store.drifted import SAID, SCALED, inspected, released
from tests.store.repository import NAME, Repository, deploy, push, time_passes

STAGING = Lane(repository=NAME, environment="staging")


def removal(shop: Repository, sha: str, **more: object) -> Deployment:
    """Ask for the removal of staging."""
    return shop.route(deploy(sha, kind=Kind.REMOVAL, trigger=Trigger.COMMAND), **more)[0]


def through(shop: Repository, made: Deployment, reason: str = "fine") -> Deployment:
    """Carry a deployment out."""
    ending.finish(shop.store, shop.claim(made), State.SUCCEEDED, reason)
    return shop.row(made)


def enacted(shop: Repository, delivery: int, act: Deploy, **more: Any) -> Deployment:
    """Let a delivery lead to a deployment, whatever else waits to be routed."""
    claim = routing_jobs.claim_routing(shop.store, NAME, "router")
    assert claim
    (made,) = enacting.complete(shop.store, claim, delivery, Decision(acts=(act,), sentence="does"), **more)
    routing_jobs.release(shop.store, claim)
    return shop.row(made)


def test_a_removal_ends_what_waits_and_is_never_green(repository: Repository) -> None:
    """A push that waits is given up, in so many words; the commit that ran shows that it does not any more."""
    through(repository, repository.push("a" * 40))
    waits = repository.push("b" * 40)
    ended = through(repository, removal(repository, "a" * 40), "destroyed: 2 objects deleted")
    assert repository.row(waits).state is State.SUPERSEDED
    assert repository.shown("b" * 40)[-1] == (
        "cancelled",
        "given up for the removal of staging; to have it: pushboat deploy github/acme/shop staging --sha bbbbbbb",
    )
    assert repository.shown("a" * 40)[-1] == ("cancelled", "destroyed: 2 objects deleted")
    assert ended.state is State.SUCCEEDED
    assert deployments.is_removed(repository.store, STAGING)
    through(repository, repository.push("c" * 40))
    assert not deployments.is_removed(repository.store, STAGING)


def test_a_newer_push_goes_before_a_removal_that_waits(repository: Repository) -> None:
    """Nothing was deleted yet: the newest word counts."""
    through(repository, repository.push("a" * 40))
    waits = removal(repository, "a" * 40)
    newer = repository.push("b" * 40)
    assert repository.row(waits).state is State.SUPERSEDED
    assert repository.claim(newer)


def test_a_removal_that_was_cancelled_before_it_began_leaves_the_commit_as_it_was(repository: Repository) -> None:
    """I thought better of it: what runs is green again, and its drift is shown as ever."""
    store, made = repository.store, repository.push("a" * 40)
    ran = released(store, made)
    removal(repository, "a" * 40)
    assert repository.shown("a" * 40)[-1][0] == "queued"
    repository.route(Cancel(environment="staging", by="ann"))
    assert repository.shown("a" * 40)[-1] == ("succeeded", "healthy")
    time_passes(store, 60)
    inspected(store, ran.lane, SCALED)
    assert repository.shown("a" * 40)[-1] == ("errored", SAID)
    begun = repository.claim(removal(repository, "a" * 40))
    ending.finish(store, begun, State.CANCELLED, "cancelled by ann; what was deleted before is gone")
    assert repository.shown("a" * 40)[-1][0] == "cancelled"


def test_a_push_that_was_accepted_before_is_given_up_when_it_comes(repository: Repository) -> None:
    """Its forge was slow; it does not bring back what was destroyed since, and its commit says so, contained or not."""
    first = through(repository, repository.push("a" * 40))
    slow, slower, last = (repository.receive(sha * 40) for sha in "bcd")
    gone = through(repository, enacted(repository, last, deploy(first.sha, kind=Kind.REMOVAL)))
    late = enacted(repository, slow, deploy("b" * 40))
    contained = enacted(repository, slower, deploy("c" * 40), outdated={"staging": Late(gone.id)})
    for each in (late, contained):
        assert repository.row(each).state is State.SUPERSEDED
        way = f"pushboat deploy {NAME} staging --sha {each.sha[:7]}"
        assert repository.shown(each.sha) == [("cancelled", f"given up for the removal of staging; to have it: {way}")]
        said = deliveries.find(repository.store, each.delivery or 0)
        assert said
        assert said.reason == (
            f"nothing begins: staging was destroyed after {each.sha[:7]} was pushed; to have it back: {way}"
        )


def test_a_push_that_steps_back_for_a_newer_one_does_not_say_that_it_deploys(repository: Repository) -> None:
    """The older of two pushes came late: what its delivery says is what happens."""
    slow, fast = (repository.receive(sha * 40) for sha in "ab")
    newer = enacted(repository, fast, deploy("b" * 40))
    late = enacted(repository, slow, deploy("a" * 40), outdated={"staging": Late(newer.id)})
    found = deliveries.find(repository.store, late.delivery or 0)
    assert found
    assert found.reason == "nothing begins: aaaaaaa steps back in staging for bbbbbbb, which came first"


def test_a_pause_holds_a_removal(repository: Repository) -> None:
    """It waits like everything else, and says so."""
    through(repository, repository.push("a" * 40))
    holds.put(repository.store, Hold(kind="pause", scope=Scope(repository=NAME, environment="staging"), by="ann"))
    waits = repository.row(removal(repository, "a" * 40))
    assert waits.waits.startswith("paused by ann")


def test_the_same_commit_that_comes_twice_does_not_undo_a_removal(repository: Repository) -> None:
    """A merge arrives as two deliveries; an explicit deployment, or the next push, does bring it back."""
    first = through(repository, repository.push("a" * 40))
    through(repository, removal(repository, "a" * 40))
    assert repository.route(deploy("a" * 40, once=True))[0].id == first.id
    assert repository.route(deploy("a" * 40))[0].id != first.id


def test_a_replay_destroys_nothing(store: Store) -> None:
    """What was confirmed once is not done again without a word."""
    wanted = Ask(word="destroy", who="ann", source=Source.COMMAND, repository=NAME, environment="staging")
    number = deliveries.accept(store, "github", "ask-1", push("a"), asked=(wanted,)).id
    with pytest.raises(CommandRefused, match="is not done again by a replay"):
        deliveries.replay(store, number)


def test_who_left_is_named_until_it_is_back(repository: Repository) -> None:
    """The first commit without it is named; a rollback does not bring it back into the file, a deployment does."""
    through(repository, repository.push("a" * 40))
    for sha in ("b" * 40, "c" * 40):
        repository.route(Leave(environment="staging", sha=sha, ref="refs/heads/main", description="staging left"))
    assert leaving.left_with(repository.store) == {(NAME, "staging"): "b" * 40}
    through(repository, repository.route(deploy("a" * 40, release=1, trigger=Trigger.ROLLBACK))[0])
    assert leaving.left_with(repository.store)
    repository.push("d" * 40)
    assert leaving.left_with(repository.store) == {}
    assert repository.shown("b" * 40, "pushboat")[-1][0] == "succeeded"
