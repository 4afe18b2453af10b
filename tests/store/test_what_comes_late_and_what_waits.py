"""A delivery that is routed late finds something newer that waits for its own: both are deployed, in their order."""

import json
from itertools import permutations

import pytest
import sqlalchemy as sa

from pushboat.model.deployment import Deployment, Late
from pushboat.model.forge_letters import DeploymentLetter
from pushboat.model.hold import Hold, Scope
from pushboat.model.letter import KINDS
from pushboat.model.state import State, Trigger
from pushboat.routing import Decision
from pushboat.routing.holds import PIN
from pushboat.store import deployments, enacting, ending, forge_deployments, holds, lanes, routing_jobs
from pushboat.store.database import schema
from pushboat.store.database.engine import Store
from pushboat.store.requeueing import CARRIED
from tests.store.repository import NAME, Repository, deploy

STAGING = Scope(repository=NAME, environment="staging")
ANEW = {
    *("id", "seq", "state", "reason", "details", "attempts", "fence", "started_at", "finished_at", "created"),
    *("configured", "unchanged", "deleted", "recreated", "refused", "successor", "successor_sha", "successor_contains"),
    *("cancelled_by", "rolls_back", "aftermath", "base_sha", "url", "settled", "not_before", "hint_at", "hints"),
    *("trouble_since", "trouble_step", "waiting_since", "logs", "begun", "same_as"),
    *("again", "mends"),  # a rollback is never what is moved behind something
}
"""What became of a deployment so far: it begins anew with what is queued once more."""


def routed(repository: Repository, number: int, sha: str, *waits_for: str, late: Late | None = None) -> Deployment:
    """Route one of the deliveries, in whatever order the test wants."""
    claim = routing_jobs.claim_routing(repository.store, NAME, "router")
    assert claim
    own = tuple(Hold(kind="needs", scope=Scope(), by="staging", subject=each, sha=sha) for each in waits_for)
    decision = Decision(acts=(deploy(sha, holds=own),), sentence="deploys")
    (made,) = enacting.complete(repository.store, claim, number, decision, outdated={"staging": late} if late else {})
    routing_jobs.release(repository.store, claim)
    return repository.row(made)


def queued(store: Store) -> list[Deployment]:
    """List what waits, in its order."""
    return sorted(deployments.listed(store, state="queued"), key=lambda each: each.id)


def let_go(store: Store, deployment: Deployment, need: str) -> None:
    """End what a deployment waits for."""
    scope = Scope(repository=NAME, environment="staging", deployment=deployment.id)
    assert holds.lift(store, "needs", scope, need).hold


@pytest.mark.parametrize("forge_says", [False, True], ids=["accepted later", "the forge says so"])
def test_the_newer_one_waits_on_behind_it(store: Store, repository: Repository, forge_says: bool) -> None:
    """A tag is routed after a push to main that waits for qa: the tag runs, then main's commit, which is not lost."""
    early, later = repository.receive("a", "refs/tags/v1"), repository.receive("b")
    newer = routed(repository, later, "b", "qa")
    late = routed(repository, early, "a", late=Late(newer.id) if forge_says else None)
    assert late.state is State.QUEUED
    first, second = queued(store)
    assert (first.sha, second.sha) == ("a", "b")
    assert second.waits == "waits until qa is healthy at b"
    ending.finish(store, repository.claim(first), State.SUCCEEDED, "healthy")
    assert lanes.claim(store, second.id, "worker") is None
    let_go(store, second, "qa")
    assert lanes.claim(store, second.id, "worker")


@pytest.mark.parametrize("order", list(permutations("abc")), ids="".join)
def test_in_whatever_order_they_are_routed(store: Store, repository: Repository, order: tuple[str, ...]) -> None:
    """a waits for nothing, b and c for qa: in every order a runs first, and c is what the lane ends at."""
    numbers = {sha: repository.receive(sha, f"refs/tags/{sha}") for sha in "abc"}
    for sha in order:
        routed(repository, numbers[sha], sha, *(("qa",) if sha != "a" else ()))
    waiting = queued(store)
    assert [each.sha for each in waiting if not each.held] == ["a"]
    assert waiting[-1].sha == "c"
    ending.finish(store, repository.claim(waiting[0]), State.SUCCEEDED, "healthy")
    for each in queued(store):
        let_go(store, each, "qa")
    (last,) = queued(store)
    assert last.sha == "c"
    assert lanes.claim(store, last.id, "worker")


def test_both_wait_and_the_older_one_is_let_go_last(store: Store, repository: Repository) -> None:
    """The late one waits too, for something else, and longer: it does not run over the newer one afterwards."""
    early, later = repository.receive("a", "refs/tags/v1"), repository.receive("b")
    routed(repository, later, "b", "qa")
    routed(repository, early, "a", "canary")
    older, newer = queued(store)
    assert (older.sha, newer.sha) == ("a", "b")
    let_go(store, newer, "qa")
    ending.finish(store, repository.claim(newer), State.SUCCEEDED, "healthy")
    assert repository.row(older).state is State.SUPERSEDED


def test_what_is_queued_once_more_is_what_was_asked_for() -> None:
    """Whoever adds a column says whether it goes along: the forge's number was forgotten once."""
    carried = set(CARRIED.split(", "))
    assert carried | ANEW == {column.name for column in schema.deployments.columns}
    assert not carried & ANEW


def test_the_forges_deployment_goes_on_behind_a_pin(store: Store, repository: Repository) -> None:
    """Another program's deployment waits behind a rollback: its list keeps it, under its number, not as replaced."""
    holds.put(store, Hold(kind=PIN, scope=STAGING, by="ann", subject="release 1"))
    (theirs,) = repository.route(deploy("a", forge_number=77))
    repository.route(deploy("r", trigger=Trigger.ROLLBACK, release=1))
    again = repository.row(theirs).successor
    assert again
    letters = [each for each in of_the_list(store) if each.deployment in (theirs.id, again)]
    assert State.SUPERSEDED not in [each.state for each in letters]
    newest = letters[-1]
    assert (newest.deployment, forge_deployments.completed(store, newest).number) == (again, 77)


def of_the_list(store: Store) -> list[DeploymentLetter]:
    """Read the letters that were put for the forge's list, in their order."""
    with store.reading() as tx:
        rows = tx.rows(sa.text("SELECT payload FROM outbox WHERE kind = 'deployment' ORDER BY id"))
    read = (KINDS["deployment"].read(json.loads(row["payload"])) for row in rows)
    return [each for each in read if isinstance(each, DeploymentLetter)]
