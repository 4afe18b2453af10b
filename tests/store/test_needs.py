"""A commit comes to production once it is healthy in qa: let go when it is, told when it will not be."""

import random

import pytest

from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State, Trigger
from pushboat.store import ending, hinting, holds, lanes
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, deploy

PAIR = ("qa", "production")


def needs(sha: str, environment: str = "qa") -> Hold:
    """What a deployment begins with whose file says `needs: [qa]`."""
    return Hold(kind="needs", scope=Scope(), by="production", subject=environment, sha=sha)


def pushed(repository: Repository, sha: str, *contains: Deployment) -> tuple[Deployment, Deployment]:
    """Push a commit that goes to qa, and after it to production."""
    acts = (deploy(sha, "production", holds=(needs(sha),)), deploy(sha, "qa"))
    production, qa = repository.route(*acts, contained=[each.id for each in contains])
    return qa, production


def end(store: Store, repository: Repository, deployment: Deployment, state: State = State.SUCCEEDED) -> None:
    """Let a deployment end so."""
    ending.finish(store, repository.claim(deployment), state, "so it is")


def hinted(store: Store) -> set[int]:
    """List what a worker would be told of."""
    return set(hinting.due(store))


def test_production_waits_until_qa_is_healthy(store: Store, repository: Repository) -> None:
    """My push goes to qa; production says what it waits for, and goes the moment qa is healthy."""
    qa, production = pushed(repository, "aaaaaaaa")
    row = repository.row(production)
    assert row.waits == "waits until qa is healthy at aaaaaaa"
    assert row.ends_by == f"pushboat deploy {NAME} qa --sha aaaaaaa"
    assert hinted(store) == {qa.id}
    end(store, repository, qa)
    assert hinted(store) == {production.id}
    assert holds.listed(store) == []
    assert repository.shown("aaaaaaaa", "pushboat/production")[-1] == ("queued", "waits for a free worker")


@pytest.mark.parametrize(
    ("state", "why"),
    [(State.FAILED, "it failed there"), (State.ERRORED, "it could not be brought there")],
)
def test_it_says_when_qa_is_not(store: Store, repository: Repository, state: State, why: str) -> None:
    """qa fails: production waits on, says why, and goes when somebody brings the commit to qa once more."""
    qa, production = pushed(repository, "a")
    end(store, repository, qa, state)
    assert repository.row(production).waits == f"waits until qa is healthy at a: {why}"
    assert repository.shown("a", "pushboat/production")[-1] == ("queued", f"waits until qa is healthy at a: {why}")
    (again,) = repository.route(deploy("a", "qa"))
    end(store, repository, again)
    assert hinted(store) == {production.id}


def test_what_is_healthy_there_already_is_not_waited_for(store: Store, repository: Repository) -> None:
    """Somebody brought the commit to qa before: the tag that production follows is deployed at once."""
    (qa,) = repository.route(deploy("a", "qa"))
    end(store, repository, qa)
    (production,) = repository.route(deploy("a", "production", ref="refs/tags/v1", holds=(needs("a"),)))
    assert not repository.row(production).held


def test_what_failed_there_already_says_so_at_once(store: Store, repository: Repository) -> None:
    """It failed in qa an hour ago: the tag says so from its first moment."""
    (qa,) = repository.route(deploy("a", "qa"))
    end(store, repository, qa, State.FAILED)
    (production,) = repository.route(deploy("a", "production", holds=(needs("a"),)))
    assert repository.row(production).waits == "waits until qa is healthy at a: it failed there"


def test_a_busy_repository_does_not_starve_production(store: Store, repository: Repository) -> None:
    """We push faster than qa takes: what qa had goes to production although newer commits came meanwhile."""
    qa, production = pushed(repository, "a")
    claim = repository.claim(qa)
    pushed(repository, "b", qa, production)
    ending.finish(store, claim, State.SUCCEEDED, "done")
    assert production.id in hinted(store)
    assert lanes.claim(store, production.id, "worker")


def test_what_qa_passed_over_production_passes_over_too(store: Store, repository: Repository) -> None:
    """Three pushes while qa is busy: qa takes the last, and so does production; none of the others waits for ever."""
    first = pushed(repository, "a")
    claim = repository.claim(first[0])
    second = pushed(repository, "b", *first)
    third = pushed(repository, "c", *first, *second)
    assert repository.row(second[0]).state is State.SUPERSEDED
    assert repository.row(second[1]).state is State.SUPERSEDED
    ending.finish(store, claim, State.FAILED, "no")
    assert repository.row(first[1]).state is State.SUPERSEDED
    end(store, repository, third[0])
    assert lanes.claim(store, third[1].id, "worker")


def test_needs_form_a_chain(store: Store, repository: Repository) -> None:
    """dev, then qa, then production: each goes once the one before is healthy, whatever the order in the file."""
    acts = (
        deploy("a", "production", holds=(needs("a"),)),
        deploy("a", "qa", holds=(needs("a", "dev"),)),
        deploy("a", "dev"),
    )
    for each in reversed(repository.route(*acts)):
        assert hinted(store) == {each.id}
        end(store, repository, each)


@pytest.mark.parametrize("seed", range(20))
def test_nothing_starts_early_and_nothing_waits_for_ever(store: Store, repository: Repository, seed: int) -> None:
    """Pushes, successes and failures at random: production only ever starts what is healthy in qa, and ends empty."""
    chance, made, healthy = random.Random(seed), [], set()
    for step in range(20):
        if chance.random() < 0.5 or not made:
            before = [each for pair in made for each in pair]
            made.append(pushed(repository, f"{step:02}", *before))
            continue
        for number in sorted(hinted(store)):
            claim = lanes.claim(store, number, "worker")
            if claim is None:
                continue
            row = claim.deployment
            assert row.lane.environment == "qa" or row.sha in healthy, "production started early"
            state = chance.choice([State.SUCCEEDED, State.SUCCEEDED, State.FAILED])
            ending.finish(store, claim, state, "so it is")
            if row.lane.environment == "qa" and state is State.SUCCEEDED:
                healthy.add(row.sha)
    last = pushed(repository, "last", *(each for pair in made for each in pair))
    while due := sorted(hinted(store)):
        for number in due:
            if claim := lanes.claim(store, number, "worker"):
                ending.finish(store, claim, State.SUCCEEDED, "done")
    assert repository.row(last[1]).state is State.SUCCEEDED
    assert holds.listed(store) == []


def test_what_got_through_qa_first_leaves_the_newer_one_waiting(store: Store, repository: Repository) -> None:
    """Two pushes while qa takes its time: production takes the first once qa has it, and the second after that."""
    qa, production = pushed(repository, "a")
    claim = repository.claim(qa)
    newer_qa, newer = pushed(repository, "b", qa, production)
    ending.finish(store, claim, State.SUCCEEDED, "done")
    assert repository.row(newer).state is State.QUEUED
    end(store, repository, production)
    end(store, repository, newer_qa)
    end(store, repository, newer)
    assert repository.row(newer).state is State.SUCCEEDED


def test_the_newest_takes_the_place_of_what_waits_for_its_turn(store: Store, repository: Repository) -> None:
    """Production is paused with a commit in line; the next one is healthy in qa: that one goes, and not the older."""
    there = Scope(repository=NAME, environment="production")
    holds.put(store, Hold(kind="pause", scope=there, by="ann"))
    (older,) = repository.route(deploy("a", "production"))
    qa, newer = pushed(repository, "b", older)
    end(store, repository, qa)
    assert repository.row(newer).state is State.QUEUED
    assert repository.row(older).state is State.SUPERSEDED
    holds.lift(store, "pause", there)
    assert hinted(store) == {newer.id}


def test_what_only_comes_back_there_keeps_nobody_waiting(store: Store, repository: Repository) -> None:
    """qa is being brought back to a commit that was healthy there, and that fails: production need not wait for it."""
    (qa,) = repository.route(deploy("a", "qa"))
    end(store, repository, qa)
    (back,) = repository.route(deploy("a", "qa", release=1, trigger=Trigger.ROLLBACK))
    (production,) = repository.route(deploy("a", "production", ref="refs/tags/v1", holds=(needs("a"),)))
    assert not repository.row(production).held
    end(store, repository, back, State.FAILED)
    (again,) = repository.route(deploy("a", "production", ref="refs/tags/v2", holds=(needs("a"),)))
    assert not repository.row(again).held


def test_what_is_only_queued_anew_is_waited_for(store: Store, repository: Repository) -> None:
    """Pull request 7 gets qa first, behind which my commit waits anew: production waits for it as before."""
    qa, production = pushed(repository, "a")
    pin = Hold(kind="unmerged", scope=Scope(repository=NAME, environment="qa"), by="bob", subject="#7", pull_request=7)
    holds.put(store, pin)
    repository.route(deploy("p", "qa", pull_request=7, trigger=Trigger.COMMENT))
    assert repository.row(qa).state is State.SUPERSEDED
    assert repository.row(production).waits == "waits until qa is healthy at a"
