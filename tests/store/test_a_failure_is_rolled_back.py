"""`on_failure: rollback`: a failure that wrote something is answered, unless something better is about to happen."""

import pytest

from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Claim, Counts, Deployment, Promoted
from pushboat.model.hold import Hold, Scope
from pushboat.model.manifest import Ref
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Cancel
from pushboat.store import attempts, deployments, ending, holds, lanes
from tests.store.repository import NAME, Repository, deploy
from tests.store.test_releases import released, startable

STAGING = Scope(repository=NAME, environment="staging")
WROTE = Counts(configured=1)


def fails(repository: Repository, claim: Claim, counts: Counts = WROTE, reason: str = "web crashes") -> Deployment:
    """Let a deployment fail whose environment wants a rollback then, and give it."""
    assert ending.finish(repository.store, claim, State.FAILED, reason, counts=counts, rollback=True)
    return repository.row(claim.deployment)


def begun(repository: Repository, failed: Deployment) -> Deployment | None:
    """Find the rollback that answers a failure."""
    found = [each for each in deployments.listed(repository.store) if each.mends == failed.id]
    return found[0] if found else None


def pushed(repository: Repository, sha: str) -> Claim:
    """Push a commit, and claim its deployment."""
    return repository.claim(repository.push(sha))


@pytest.mark.proves("on-failure")
def test_the_newest_release_is_brought_back_and_the_failed_commit_says_so(repository: Repository) -> None:
    """My commit stays red and says what becomes of it; the commit that runs again is green again."""
    released(repository, repository.push("a"))
    failed = fails(repository, pushed(repository, "b"))
    assert failed.state is State.FAILED
    assert repository.shown("b")[-1] == ("failed", "web crashes; rolling back to release 1 (a)")
    back = begun(repository, failed)
    assert back
    assert (back.sha, back.again, back.trigger, back.author) == ("a", 1, Trigger.ON_FAILURE, "ann")
    assert startable(repository.store) == [back.id]
    assert released(repository, back, "a") == 2
    assert repository.shown("b")[-1] == ("failed", "web crashes; rolled back to release 1 (a)")
    assert repository.shown("a")[-1] == ("succeeded", "healthy")
    assert repository.row(failed).reason == "web crashes; rolled back to release 1 (a)"
    second = fails(repository, pushed(repository, "c"))
    assert second.reason == "web crashes; rolling back to release 2 (a)", "nothing is pinned, and it works once more"


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (State.FAILED, "rolling back to release 1 (a) failed as well"),
        (State.ERRORED, "rolling back to release 1 (a) could not be finished"),
    ],
)
def test_a_rollback_that_fails_is_told_and_not_answered(repository: Repository, state: State, sentence: str) -> None:
    """There is no second rollback, and no loop; the failed commit says what became of the first one."""
    released(repository, repository.push("a"))
    failed = fails(repository, pushed(repository, "b"))
    back = begun(repository, failed)
    assert back
    ending.finish(repository.store, repository.claim(back), state, "no", counts=WROTE, rollback=True)
    assert repository.shown("b")[-1] == ("failed", f"web crashes; {sentence}")
    assert begun(repository, back) is None
    assert startable(repository.store) == []


def test_nothing_is_brought_back_where_nothing_was_written(repository: Repository) -> None:
    """A commit that cannot be rendered has changed nothing; one that the world failed is not at fault."""
    released(repository, repository.push("a"))
    failed = fails(repository, pushed(repository, "b"), Counts(unchanged=3))
    assert (failed.reason, begun(repository, failed)) == ("web crashes", None)
    errored = pushed(repository, "c")
    ending.finish(repository.store, errored, State.ERRORED, "no cluster", counts=WROTE, rollback=True)
    assert repository.row(errored.deployment).reason == "no cluster"
    stays = pushed(repository, "d")
    ending.finish(repository.store, stays, State.FAILED, "web crashes", counts=WROTE)
    assert repository.row(stays.deployment).reason == "web crashes", "nobody asked for it"


def test_where_nothing_got_through_nothing_can_be_brought_back(repository: Repository) -> None:
    """The very first deployment fails."""
    failed = fails(repository, pushed(repository, "a"))
    assert failed.reason == "web crashes; not rolled back: nothing got through before"
    assert begun(repository, failed) is None


def test_what_was_destroyed_is_not_brought_back(repository: Repository) -> None:
    """Somebody destroyed the environment, and the first commit after that fails: nothing of before comes back."""
    released(repository, repository.push("a"))
    (removal,) = repository.route(deploy("a", kind=Kind.REMOVAL, trigger=Trigger.COMMAND))
    ending.finish(repository.store, repository.claim(removal), State.SUCCEEDED, "destroyed", counts=Counts(deleted=3))
    failed = fails(repository, pushed(repository, "b"))
    assert failed.reason == "web crashes; not rolled back: nothing got through before"
    assert begun(repository, failed) is None


@pytest.mark.proves("on-failure")
def test_a_newer_commit_that_waits_goes_instead(repository: Repository) -> None:
    """Perhaps it has the repair; it is not made to wait for a rollback."""
    released(repository, repository.push("a"))
    running = pushed(repository, "b")
    newer = repository.push("c", contains=[running.deployment])
    failed = fails(repository, running)
    assert failed.reason == "web crashes; not rolled back: c was waiting to be deployed instead"
    assert begun(repository, failed) is None
    assert startable(repository.store) == [newer.id]


def test_a_hold_holds_a_rollback_of_ours_too(repository: Repository) -> None:
    """Somebody paused the environment while it was deployed: nothing new starts there, and the commit says why."""
    released(repository, repository.push("a"))
    running = pushed(repository, "b")
    holds.put(repository.store, Hold(kind="pause", scope=STAGING, by="bob"))
    failed = fails(repository, running)
    assert failed.reason.startswith("web crashes; not rolled back to release 1 (a): paused by bob since ")
    assert begun(repository, failed) is None


def test_a_push_goes_before_the_rollback(repository: Repository) -> None:
    """I pushed the repair a moment after the failure: it is deployed, and the failed commit says so."""
    released(repository, repository.push("a"))
    fails(repository, pushed(repository, "b"))
    repair = repository.push("c")
    assert startable(repository.store) == [repair.id]
    assert repository.shown("b")[-1] == ("failed", "web crashes; rolling back to release 1 (a) gave way to c")


def test_a_removal_goes_before_the_rollback(repository: Repository) -> None:
    """I destroy the environment a moment after the failure: nothing is brought back, and the failed commit says so."""
    released(repository, repository.push("a"))
    failed = fails(repository, pushed(repository, "b"))
    (removal,) = repository.route(deploy("a", kind=Kind.REMOVAL, trigger=Trigger.COMMAND))
    assert startable(repository.store) == [removal.id]
    told = "web crashes; staging is to be destroyed, so release 1 (a) is not brought back"
    assert repository.row(failed).reason == told
    assert repository.shown("b")[-1] == ("failed", told)


def test_a_rollback_that_somebody_cancels_is_told(repository: Repository) -> None:
    """Cancelling is a person's last word."""
    released(repository, repository.push("a"))
    failed = fails(repository, pushed(repository, "b"))
    repository.route(Cancel(environment="staging", by="bob"))
    assert repository.row(failed).reason == "web crashes; rolling back to release 1 (a) was cancelled"


def test_commits_that_share_a_fate_share_what_becomes_of_it(repository: Repository) -> None:
    """My commit went out as part of a newer one that failed: it says that it was rolled back as well."""
    released(repository, repository.push("a"))
    mine = repository.push("b")
    newer = repository.push("c", contains=[mine])
    failed = fails(repository, repository.claim(newer))
    back = begun(repository, failed)
    assert back
    released(repository, back, "a")
    told = ("failed", "c, which contains this: web crashes; rolled back to release 1 (a)")
    assert repository.shown("b")[-1] == told


def test_a_long_failure_is_cut_before_what_became_of_it(repository: Repository) -> None:
    """Both fit into a status: why, and what is done about it."""
    released(repository, repository.push("a"))
    fails(repository, pushed(repository, "b"), reason="web crashes " * 40)
    _, sentence = repository.shown("b")[-1]
    assert 130 < len(sentence) <= 140
    assert sentence.startswith("web crashes web crashes")
    assert sentence.endswith("…; rolling back to release 1 (a)")


def test_a_commit_that_was_deployed_once_more_keeps_its_newer_word(repository: Repository) -> None:
    """Somebody deploys the failed commit again before its rollback has ended: the newer deployment speaks for it."""
    released(repository, repository.push("a"))
    failed = fails(repository, pushed(repository, "b"))
    back = begun(repository, failed)
    assert back
    claim = repository.claim(back)
    (again,) = repository.route(deploy("b", trigger=Trigger.COMMAND))
    ending.finish(repository.store, claim, State.SUCCEEDED, "healthy")
    assert repository.shown("b")[-1][0] == "queued"
    assert lanes.claim(repository.store, again.id, "worker")


def test_what_was_destroyed_in_part_is_not_brought_back(repository: Repository) -> None:
    """I destroyed half of the environment, and pushed a commit that fails: what I destroyed stays away."""
    released(repository, repository.push("a"))
    (removal,) = repository.route(deploy("a", kind=Kind.REMOVAL, trigger=Trigger.COMMAND))
    going = repository.claim(removal)
    attempts.mean(repository.store, going, {Ref("", "ConfigMap", "shop", "a"): Action.DELETED})
    ending.finish(repository.store, going, State.CANCELLED, "as far as it came")
    failed = fails(repository, pushed(repository, "b"))
    assert failed.reason == "web crashes; not rolled back: staging was destroyed in part since release 1 (a)"
    assert begun(repository, failed) is None
    second = pushed(repository, "c")
    ending.finish(repository.store, second, State.FAILED, "no such folder")
    assert begun(repository, repository.row(second.deployment)) is None


@pytest.mark.parametrize("newer", ["before the failure", "before the rollback"])
def test_a_commit_that_took_a_rollbacks_place_and_brought_nothing_is_answered_by_it(
    repository: Repository, newer: str
) -> None:
    """b left half of itself behind, and the push that was to repair it could not even be rendered: a comes back."""
    released(repository, repository.push("a"))
    running = pushed(repository, "b")
    if newer == "before the failure":
        repair = repository.push("c")
    wrote = [Change(ref=Ref("", "ConfigMap", "shop", "a"), action=Action.CONFIGURED)]
    ending.finish(repository.store, running, State.FAILED, "web crashes", counts=WROTE, changes=wrote, rollback=True)
    if newer == "before the rollback":
        repair = repository.push("c")
    ending.finish(repository.store, repository.claim(repair), State.FAILED, "no such folder")
    failed = repository.row(repair)
    assert failed.reason == "no such folder; rolling back to release 1 (a)"
    back = begun(repository, failed)
    assert back
    ending.finish(repository.store, repository.claim(back), State.FAILED, "no")
    last = pushed(repository, "d")
    ending.finish(repository.store, last, State.FAILED, "no such folder")
    assert repository.row(last.deployment).reason == "no such folder", "a rollback that failed is not tried again"


def test_what_gave_way_to_a_commit_that_fails_is_left_behind_by_both(repository: Repository) -> None:
    """b wrote, and gave way to c, which changed nothing and does not come up either: a comes back all the same."""
    released(repository, repository.push("a"))
    running = pushed(repository, "b")
    newer = repository.push("c", contains=[running.deployment])
    wrote = [Change(ref=Ref("", "ConfigMap", "shop", "a"), action=Action.CONFIGURED)]
    ending.finish(repository.store, running, State.SUPERSEDED, "c came", changes=wrote)
    failed = fails(repository, repository.claim(newer), Counts(unchanged=3))
    assert failed.reason == "web crashes; rolling back to release 1 (a)"


def test_a_promotion_that_waits_behind_the_rollback_stays_one(repository: Repository) -> None:
    """It is queued once more, and still says from which release it comes."""
    released(repository, repository.push("a"))
    failing = pushed(repository, "b")
    need, promoted = Hold(kind="needs", scope=Scope(), by="x", subject="qa"), Promoted(environment="qa", release=4)
    (first,) = repository.route(deploy("c", trigger=Trigger.PROMOTION, promoted=promoted, holds=(need,)))
    assert begun(repository, fails(repository, failing))
    found = [each for each in deployments.listed(repository.store) if each.promoted]
    assert [each.promoted for each in found if each.id > first.id] == [promoted]
