"""Drift is judged as a deployment of the same release would: what another environment has or waits for is none."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from pushboat.config.operator import ClusterAccess, Limits
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.inspection import Inspection
from pushboat.model.repository import Identity
from pushboat.model.state import State
from pushboat.store import comparing, ending, inspections, repositories, routing_jobs
from pushboat.store.database.engine import Store
from tests.cluster_view import ClusterView
from tests.engine_room.test_objects_change_hands import BOTH, MOVED, House
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, deploy, time_passes
from tests.written import deployment
from workers.deploying import story
from workers.dispatching import clusters_of
from workers.inspecting import story as inspecting
from workers.reporting import Seats

API, WORKER = (Lane(repository=NAME, environment=name) for name in ("api", "worker"))


@pytest.fixture
def house(
    tmp_path: Path, github: FakeGitHub, store: Store, repository: Repository, kubeconfig: Path, cluster: ClusterView
) -> Iterator[House]:
    """Two environments in one namespace, whose drift is put back."""
    namespace = f"lent-{uuid4().hex[:8]}"
    limits = {
        name: Limits(environment=name, cluster="dev", namespaces=(namespace,), create_namespaces=True, self_heal=True)
        for name in ("api", "worker")
    }
    access = ClusterAccess(name="dev", kubeconfig=kubeconfig)
    with at_work(tmp_path, store, github.configured(), {NAME: limits}, {"dev": access}) as tools:
        yield House(github, repository, tools, cluster, namespace)


@pytest.mark.proves("shared-objects")
def test_what_another_environment_has_taken_over_is_no_drift_and_not_taken_back(house: House) -> None:
    """The worker has my object by now, and my environment has not deployed since: nothing of it is missing there."""
    first = house.deploys(house.push(BOTH), "api", "worker")
    assert {each.state for each in first.values()} == {State.SUCCEEDED}, [each.reason for each in first.values()]
    taken = taken_over(house, MOVED)
    assert taken.state is State.SUCCEEDED, taken.reason
    uid = house.uid("x")
    found = come_round(house, API)
    assert (found.found, found.trouble) == ((), "")
    edit(house, "a", {"data": {"v": "edited"}})
    (drifted,) = come_round(house, API).found
    assert drifted.ref.name == "a"
    healed = put_back(house, API)
    assert healed.state is State.SUCCEEDED, healed.reason
    assert house.uid("x") == uid
    assert house.cluster.config_map(house.namespace, "x")["data"] == {"v": "2"}
    assert come_round(house, WORKER).found == ()


@pytest.mark.proves("shared-objects")
def test_what_waits_for_its_new_environment_is_no_drift_and_not_deleted(house: House) -> None:
    """My environment let go of an object that the worker takes over later: until then nobody puts it away."""
    house.deploys(house.push(BOTH), "api", "worker")
    left = house.deploys(house.push(MOVED), "api")["api"]
    assert left.state is State.SUCCEEDED, left.reason
    uid = house.uid("x")
    found = come_round(house, API)
    assert (found.found, found.trouble) == ((), "")
    edit(house, "a", {"data": {"v": "edited"}})
    assert [each.ref.name for each in come_round(house, API).found] == ["a"]
    house.github.down = True
    healed = put_back(house, API)
    assert (healed.state, healed.counts.deleted) == (State.SUCCEEDED, 0), healed.reason
    assert house.uid("x") == uid


@pytest.mark.proves("shared-objects")
def test_what_was_taken_over_by_one_that_then_failed_is_not_taken_back(house: House) -> None:
    """The worker took my object and did not come up: it is tried again there, and mine does not fight for it."""
    house.deploys(house.push(BOTH), "api", "worker")
    broken = {**MOVED, "worker/never.yaml": deployment("never", behaviour="crash-loop"), ".pushboat.yaml": WAITS}
    failed = taken_over(house, broken)
    assert failed.state is State.FAILED, failed.reason
    assert house.cluster.config_map(house.namespace, "x")["data"] == {"v": "2"}
    found = come_round(house, API)
    assert (found.found, found.trouble) == ((), "")
    edit(house, "a", {"data": {"v": "edited"}})
    assert [each.ref.name for each in come_round(house, API).found] == ["a"]
    assert put_back(house, API).state is State.SUCCEEDED
    assert house.cluster.config_map(house.namespace, "x")["data"] == {"v": "2"}


def test_a_repository_under_its_new_name_is_compared_with_what_it_had_under_the_old(house: House) -> None:
    """My repository has another name at its forge, and its inventory still says the old name: all of it is mine."""
    house.deploys(house.push(BOTH), "api")
    for name in ("github/acme/stall", NAME):
        known = Identity(name=name, forge="github", id="7", path=name.partition("/")[2])
        repositories.keep(house.tools.store, known)
    (parent,) = house.cluster.get(f"/api/v1/namespaces/{house.namespace}/secrets")["items"]
    path = f"/api/v1/namespaces/{house.namespace}/secrets/{parent['metadata']['name']}"
    mark = {"metadata": {"annotations": {"pushboat.dev/repository": "github/acme/stall"}}}
    house.cluster.request("PATCH", path, mark, "application/merge-patch+json")
    found = come_round(house, API)
    assert (found.found, found.trouble) == ((), "")


WAITS = """environments:
  api: {branch: main, path: api, wait: 0s}
  worker: {branch: main, path: worker, wait: 1s}
"""


def taken_over(house: House, files: dict[str, str]) -> Deployment:
    """Let only the worker deploy a push; somebody cancels the other environment's."""
    sha = house.push(files)
    mine, theirs = (house.repository.route(deploy(sha, name))[0] for name in ("api", "worker"))
    story.deploy(house.tools, theirs.id)
    ending.finish(house.tools.store, house.repository.claim(mine), State.CANCELLED, "ann cancelled it")
    return house.repository.row(theirs)


def come_round(house: House, lane: Lane) -> Inspection:
    """Let the timer come round for one environment."""
    time_passes(house.tools.store, 1000)
    comparing.schedule(
        house.tools.store, clusters_of(house.tools.operator, house.tools.store), house.tools.operator.drift_every
    )
    inspections.wake(house.tools.store, lane)
    inspecting.inspect(house.tools, Seats(1), "dev")
    return next(each for each in inspections.listed(house.tools.store) if each.lane == lane)


def put_back(house: House, lane: Lane) -> Deployment:
    """Carry out what was queued to put drift back."""
    (made,) = [each for each in routing_jobs.unfinished(house.tools.store, lane) if each.heals]
    story.deploy(house.tools, made.id)
    return house.repository.row(made)


def edit(house: House, name: str, body: object) -> None:
    path = f"/api/v1/namespaces/{house.namespace}/configmaps/{name}?fieldManager=kubectl-edit"
    house.cluster.request("PATCH", path, body, "application/merge-patch+json")
