"""A pull request's plans wait in lanes of their own, and together they are one status."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from pushboat.events import Event, EventKind
from pushboat.model.deployment import Counts, Deployment
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Post
from pushboat.store import deliveries, deployments, ending, lanes, plans
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import proposals
from tests.store.repository import Repository, deploy, plan, time_passes

TWO_ONE = Counts(created=2, configured=1)


@pytest.mark.proves("pain-19")
def test_all_plans_of_a_head_end_as_one_status(store: Store, repository: Repository) -> None:
    """My pull request touches two environments, and one status says what a merge would do in both."""
    production, staging = repository.route(plan("a", "production"), plan("a", "staging"))
    ending.finish(store, repository.claim(staging), State.SUCCEEDED, "2 to create", counts=TWO_ONE)
    assert repository.shown("a", "pushboat/plan") == []
    ending.finish(store, repository.claim(production), State.SUCCEEDED, "no change", counts=Counts(unchanged=4))
    summary = "production: no change; staging: 2 to create, 1 to change, 0 to delete"
    assert repository.shown("a", "pushboat/plan") == [("succeeded", summary)]
    assert repository.shown("a", "pushboat/plan/staging")[-1] == ("succeeded", "2 to create")
    assert deployments.listed(store) == []
    assert len(deployments.listed(store, kinds=(Kind.PLAN,))) == 2


def test_a_plan_that_fails_fails_the_whole_and_is_named(store: Store, repository: Repository) -> None:
    """One of my environments would break, and the status names it."""
    production, staging = repository.route(plan("a", "production"), plan("a", "staging"))
    ending.finish(store, repository.claim(staging), State.FAILED, "deploy/app.yaml:3: unknown field")
    ending.finish(store, repository.claim(production), State.SUCCEEDED, "no change")
    assert repository.shown("a", "pushboat/plan") == [("failed", "staging: deploy/app.yaml:3: unknown field")]


def test_only_the_newest_question_about_a_head_counts(store: Store, repository: Repository) -> None:
    """I point my pull request at another branch: what its merge would have broken before does not count any more."""
    (production,) = repository.route(plan("a", "production"))
    ending.finish(store, repository.claim(production), State.FAILED, "deploy/app.yaml:3: unknown field")
    summary = Post(sha="a", context="pushboat/plan", state=State.QUEUED, description="planning staging", number=7)
    (staging,) = repository.route(plan("a", "staging"), summary)
    ending.finish(store, repository.claim(staging), State.SUCCEEDED, "no change")
    assert repository.shown("a", "pushboat/plan")[-1] == ("succeeded", "staging: no change")


def test_plans_that_end_at_the_same_moment_still_sum_up(store: Store, repository: Repository) -> None:
    """Two workers finish the last two plans of my pull request at once, and the sum is posted."""
    for number in range(1, 9):
        plans = repository.route(plan(f"{number}", "production", number), plan(f"{number}", "staging", number))
        claims = [repository.claim(each) for each in plans]
        with ThreadPoolExecutor(2) as threads:
            ended = threads.map(lambda claim: ending.finish(store, claim, State.SUCCEEDED, "no change"), claims)
            assert all(ended)
        assert repository.shown(f"{number}", "pushboat/plan") == [
            ("succeeded", "production: no change; staging: no change")
        ]


def test_plans_that_an_upgrade_found_under_way_still_sum_up(store: Store, repository: Repository) -> None:
    """I upgrade while my pull request is planned, from a version that kept no answers: it is not left pending."""
    production, staging = repository.route(plan("a", "production"), plan("a", "staging"))
    ending.finish(store, repository.claim(production), State.FAILED, "no such kind")
    upgraded(store)
    ending.finish(store, repository.claim(staging), State.SUCCEEDED, "2 to create", counts=TWO_ONE)
    assert repository.shown("a", "pushboat/plan")[-1] == ("failed", "production: no such kind")


def test_a_plan_of_one_environment_forgets_no_failure_of_before_the_upgrade(
    store: Store, repository: Repository
) -> None:
    """After the upgrade I ask for staging's plan alone: production's red plan of before is not called green."""
    for each in repository.route(plan("a", "production"), plan("a", "staging")):
        ending.finish(store, repository.claim(each), State.FAILED, "no such kind")
    upgraded(store)
    (again,) = repository.route(plan("a", "staging"))
    ending.finish(store, repository.claim(again), State.SUCCEEDED, "2 to create", counts=TWO_ONE)
    assert repository.shown("a", "pushboat/plan")[-1] == ("failed", "production: no such kind")


def test_one_environment_does_not_answer_for_those_that_have_no_plan(store: Store, repository: Repository) -> None:
    """Nothing of my commit was planned yet, and I ask for staging alone: production is planned too, and only then."""
    refused = Post(sha="a", context="pushboat/plan", state=State.FAILED, description="no such cluster", number=7)
    repository.route(refused, replace(refused, context="pushboat"))
    wished = plan("a", "staging"), replace(plan("a", "production"), once=True)
    staging, production = repository.route(*wished)
    assert repository.shown("a", "pushboat")[-1][0] == "succeeded", "its file is read again, and has no mistakes"
    ending.finish(store, repository.claim(staging), State.SUCCEEDED, "no change")
    assert repository.shown("a", "pushboat/plan")[-1][0] == "failed"
    ending.finish(store, repository.claim(production), State.FAILED, "no such kind")
    assert repository.shown("a", "pushboat/plan")[-1] == ("failed", "production: no such kind")
    again, there = repository.route(*wished)
    assert (again.id > production.id, there.id) == (True, production.id)
    ending.finish(store, repository.claim(again), State.SUCCEEDED, "2 to create", counts=TWO_ONE)
    assert repository.shown("a", "pushboat/plan")[-1] == ("failed", "production: no such kind")


def upgraded(store: Store) -> None:
    """Leave what a version left that had no table of proposals."""
    with store.writing() as tx:
        tx.change(sa.delete(proposals))


def test_a_plan_of_an_older_head_gives_way_and_says_so(store: Store, repository: Repository) -> None:
    """I push to my pull request again: only the new head is planned, the old one is not left pending."""
    (older,) = repository.route(plan("a"))
    (newer,) = repository.route(plan("b"))
    assert repository.row(older).state is State.SUPERSEDED
    assert repository.shown("a", "pushboat/plan/staging")[-1] == ("succeeded", "no longer proposed")
    assert repository.shown("a", "pushboat/plan")[-1] == ("succeeded", "no longer proposed")
    ending.finish(store, repository.claim(newer), State.SUCCEEDED, "2 to create", counts=TWO_ONE)
    assert repository.shown("b", "pushboat/plan")[-1][0] == "succeeded"


def test_a_plan_holds_nobody_up(store: Store, repository: Repository) -> None:
    """A pull request is planned while staging deploys, and a second pull request beside it."""
    deploying = repository.claim(repository.push("m"))
    (seventh,) = repository.route(plan("a", number=7))
    (eighth,) = repository.route(plan("b", number=8))
    repository.claim(seventh)
    repository.claim(eighth)
    assert lanes.newer_waits(store, deploying) is None
    assert [each.sha for each in deployments.latest_by_lane(store)] == ["m"]


def test_a_plan_whose_worker_dies_every_time_ends_the_sum(store: Store, repository: Repository) -> None:
    """My plan kills its worker again and again: the pull request says errored instead of pending for ever."""
    (doomed,) = repository.route(plan("a"))
    for _ in range(ending.MAX_ATTEMPTS):
        repository.claim(doomed)
        time_passes(store, 16)
        ending.sweep(store)
    ((state, description),) = repository.shown("a", "pushboat/plan")
    assert state == "errored"
    assert description.startswith("staging: its worker died 5 times")


def test_a_deployment_finds_the_plan_that_was_shown_of_its_commit(store: Store, repository: Repository) -> None:
    """I merge what was planned: the newest good plan of this commit there, and only the first time."""
    (first,) = repository.route(plan("a"))
    ending.finish(store, repository.claim(first), State.SUCCEEDED, "2 to create")
    (second,) = repository.route(plan("a"))
    ending.finish(store, repository.claim(second), State.SUCCEEDED, "2 to create")
    (failed,) = repository.route(plan("a"))
    ending.finish(store, repository.claim(failed), State.FAILED, "no")
    repository.route(plan("b"))
    made = repository.push("a")
    found = plans.shown_plan(store, made)
    assert found is not None
    assert found.id == second.id
    claim = repository.claim(made)
    assert plans.shown_plan(store, repository.row(made)) == found
    ending.finish(store, claim, State.SUCCEEDED, "done")
    assert plans.shown_plan(store, repository.push("a")) is None, "what the plan said is done"
    assert plans.shown_plan(store, repository.push("b")) is None, "that plan has not ended"


def test_a_merged_commit_finds_the_plan_of_its_pull_request(store: Store, repository: Repository) -> None:
    """The forge makes a commit of its own when I merge: what was shown on the pull request is its plan all the same."""
    (planned,) = repository.route(plan("head"))
    ending.finish(store, repository.claim(planned), State.SUCCEEDED, "2 to create")
    pushed = repository.push("merged")
    assert plans.shown_plan(store, pushed) is None, "nobody has told yet that this is the merge"
    assert merge(repository, "head", "merged").id == pushed.id
    found = plans.shown_plan(store, pushed)
    assert found is not None
    assert (found.id, found.lane.number) == (planned.id, 7)
    ending.finish(store, repository.claim(pushed), State.SUCCEEDED, "done")
    assert plans.shown_plan(store, repository.push("merged")) is None, "what the plan said is done"


def test_what_was_deployed_from_the_pull_request_is_not_compared_again(store: Store, repository: Repository) -> None:
    """I tried my head in staging before I merged it: the plan has been followed then."""
    (planned,) = repository.route(plan("head"))
    ending.finish(store, repository.claim(planned), State.SUCCEEDED, "2 to create")
    tried = repository.push("head")
    ending.finish(store, repository.claim(tried), State.SUCCEEDED, "done")
    assert plans.shown_plan(store, merge(repository, "head", "merged")) is None


def merge(repository: Repository, head: str, sha: str) -> Deployment:
    """Let the forge tell that it has merged a pull request's head as another commit."""
    merged = Event(
        kind=EventKind.PULL_REQUEST, action="merged", repository="acme/shop", number=7, sha=head, merged_sha=sha
    )
    deliveries.accept(repository.store, "github", f"merge-of-{head}", merged)
    return repository.route_waiting(deploy(sha, trigger=Trigger.MERGE, once=True))[0]
