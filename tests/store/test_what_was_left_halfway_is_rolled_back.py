"""What wrote and did not get through is taken back, also where nobody can read what the next commit wants of that."""

import pytest

from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Claim, Deployment
from pushboat.model.manifest import Ref
from pushboat.model.state import State
from pushboat.reading.environments import standings
from pushboat.store import attempts, ending
from tests.store.repository import NAME, Repository, time_passes
from tests.store.test_a_failure_is_rolled_back import pushed
from tests.store.test_releases import released

SETTINGS = Ref("", "ConfigMap", "shop", "a")


def left_halfway(repository: Repository, claim: Claim, *, rolls_back: bool, by: str) -> None:
    """Let a deployment write something, and end without having got through."""
    attempts.mean(repository.store, claim, {SETTINGS: Action.CONFIGURED}, rolls_back=rolls_back)
    if by == "dying":
        time_passes(repository.store, 16)
        assert ending.sweep(repository.store) == 1
        return
    wrote = [Change(ref=SETTINGS, action=Action.CONFIGURED)]
    state = State.SUPERSEDED if by == "giving way" else State.ERRORED
    ending.finish(repository.store, claim, state, "c came", changes=wrote, rollback=rolls_back)


def unrendered(repository: Repository, waits: Deployment, said: bool | None = None) -> str:
    """Let a deployment fail that has written nothing itself, and say why it did."""
    claim = repository.claim(waits)
    ending.finish(repository.store, claim, State.FAILED, "no such folder", rollback=said, unsure=claim.took_over)
    return repository.row(waits).reason


@pytest.mark.proves("on-failure")
@pytest.mark.parametrize("by", ["giving way", "dying", "an outage"])
def test_what_gave_way_to_a_commit_that_cannot_be_rendered_is_taken_back(repository: Repository, by: str) -> None:
    """b wrote and did not come up; nobody can read what c wants. b's word holds, and half of b does not stay."""
    released(repository, repository.push("a"))
    running = pushed(repository, "b")
    newer = repository.push("c", contains=[running.deployment])
    left_halfway(repository, running, rolls_back=True, by=by)
    (standing,) = standings(repository.store, NAME, ["staging"])
    assert standing.halfway == repository.row(running.deployment)
    assert unrendered(repository, newer) == "no such folder; rolling back to release 1 (a)"


def test_what_wants_no_rollback_is_given_none(repository: Repository) -> None:
    """b's environment says `stay`: what b left stays; where c can be read, c's own word holds."""
    released(repository, repository.push("a"))
    for said, rolls_back in ((None, False), (False, True)):
        running = pushed(repository, "b")
        newer = repository.push("c", contains=[running.deployment])
        left_halfway(repository, running, rolls_back=rolls_back, by="giving way")
        assert unrendered(repository, newer, said) == "no such folder"


def test_what_a_dead_worker_left_is_taken_back(repository: Repository) -> None:
    """b's worker died in the middle, and b is gone from the forge when the next one takes over: a comes back."""
    released(repository, repository.push("a"))
    running = pushed(repository, "b")
    left_halfway(repository, running, rolls_back=True, by="dying")
    assert unrendered(repository, running.deployment) == "no such folder; rolling back to release 1 (a)"
