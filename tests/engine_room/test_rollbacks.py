"""How a rollback would lie, or break more than it mends: each of these is refused or said by name."""

import zlib
from dataclasses import replace

import pytest
import sqlalchemy as sa
import yaml

from pushboat.config.operator import Project
from pushboat.config.project import Allowed
from pushboat.model.deployment import Deployment
from pushboat.model.state import State
from pushboat.store import ending, lanes, progress_lines, releases
from tests.engine_room.rollback_stage import FILE, LANE, Stage, stage
from tests.store.repository import NAME
from tests.written import config_map, definition, repository_file
from workers.render.renderers import KUSTOMIZE

__all__ = ["stage"]


def job(image: str) -> str:
    """Write a Job that runs an image."""
    pods = {"restartPolicy": "Never", "containers": [{"name": "once", "image": f"registry.example/{image}:1"}]}
    return yaml.safe_dump(
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": "once"},
            "spec": {"template": {"spec": pods}},
        }
    )


def test_a_definition_is_not_taken_back(stage: Stage) -> None:
    """The newer CRD has a field that objects may need: it stays, my object goes back, and the status says so."""
    group = f"{stage.namespace}.example.com"
    old = definition("boats", "Boat", group)
    said = yaml.safe_load(old)
    said["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["colour"] = {
        "type": "string"
    }
    new = yaml.safe_dump(said)
    boat = {"apiVersion": f"{group}/v1", "kind": "Boat", "metadata": {"name": "ark"}, "spec": {"size": 1}}
    assert stage.release(old, yaml.safe_dump(boat)).state is State.SUCCEEDED
    bigger = {**boat, "spec": {"size": 2, "colour": "red"}}
    second = stage.release(new, yaml.safe_dump(bigger))
    assert second.state is State.SUCCEEDED, second.reason
    back = stage.back(1)
    assert back.state is State.SUCCEEDED, back.reason
    assert f"CustomResourceDefinition/boats.{group} stays: a rollback takes no definition back" in back.reason
    path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/boats.{group}"
    assert "colour" in str(stage.cluster.get(path)["spec"]["versions"])
    found = stage.cluster.get(f"/apis/{group}/v1/namespaces/{stage.namespace}/boats/ark")
    assert found["spec"] == {"size": 1}
    assert "stays" not in stage.release(new, yaml.safe_dump(bigger)).reason
    assert "stays" not in stage.back(2).reason


def test_a_rollback_that_deletes_most_asks_for_its_own_word(stage: Stage) -> None:
    """Four of five objects would go: the advice is about this rollback, not about a deployment of the branch."""
    stage.release(config_map("m0"))
    stage.release(*(config_map(f"m{number}") for number in range(5)))
    refused = stage.back(1)
    assert refused.state is State.FAILED
    assert refused.reason.startswith("say `/deploy rollback staging 1 --prune` if it is meant, else choose another")
    assert f"pushboat rollback {NAME} staging 1 --prune" in refused.details
    consented = stage.back(1, prune_many=True)
    assert (consented.state, consented.counts.deleted) == (State.SUCCEEDED, 4)


def test_what_the_operator_allows_is_asked_again(stage: Stage) -> None:
    """The operator has taken a kind away since: the rollback is refused, and names the object."""
    group = f"{stage.namespace}.example.com"
    stage.release(config_map("a"), definition("boats", "Boat", group))
    stage.release(config_map("a"), definition("boats", "Boat", group), config_map("b"))
    refused = stage.back(1, stage.allowing(cluster_scoped=()))
    assert refused.state is State.FAILED
    assert f"boats.{group}" in refused.reason + refused.details
    elsewhere = stage.back(1, stage.allowing(namespaces=(f"{stage.namespace}-new",)))
    assert elsewhere.state is State.FAILED
    assert f"ConfigMap/{stage.namespace}/a" in elsewhere.reason + elsewhere.details
    project = Project(repository=NAME, environments=Allowed({}))
    without = replace(stage.tools, operator=replace(stage.tools.operator, projects={NAME: project}))
    gone = stage.back(1, without)
    assert gone.state is State.ERRORED
    assert "no environment staging in the operator's file any more" in gone.reason


def test_the_repositorys_own_word_is_the_releases(stage: Stage) -> None:
    """Release 1 was deployed with `prune: false`: going back to it deletes nothing, whatever the file says today."""
    stage.release(config_map("a"), file=repository_file(wait="0s", prune=False))
    stage.release(config_map("a"), config_map("b"))
    back = stage.back(1)
    assert (back.state, back.counts.deleted) == (State.SUCCEEDED, 0)
    assert "prune is off" in back.reason
    assert stage.back(1, stage.allowing(fixed={"prune": True})).counts.deleted == 1, "the operator's word wins"


def test_a_release_that_changed_only_the_file_is_one_of_its_own(stage: Stage) -> None:
    """Release 2 brought the same objects with `prune: false`: going back to it deletes nothing, to release 1 does."""
    stage.release(config_map("a"))
    stage.release(config_map("a"), file=repository_file(wait="0s", prune=False))
    stage.release(config_map("a"), config_map("b"))
    assert "prune is off" in stage.back(2).reason
    assert stage.back(1).counts.deleted == 1


def test_a_release_that_a_later_version_stored_is_refused(stage: Stage) -> None:
    """I went back to an older Pushboat: it says what it cannot read, and what to do instead."""
    stage.release(config_map("a"))
    packed = releases.packed(stage.tools.store, LANE, 1)
    assert packed
    later = zlib.compress(zlib.decompress(packed).replace(b'"format":1', b'"format":9'))
    with stage.tools.store.writing() as tx:
        tx.change(sa.text("UPDATE render SET packed = :later"), later=later)
    refused = stage.back(1)
    assert refused.state is State.FAILED
    assert refused.reason.startswith("a later version of Pushboat stored this release")


def test_a_worker_that_dies_in_a_rollback_leaves_it_to_the_next(stage: Stage) -> None:
    """Killed in the middle, a rollback is carried on like any deployment, and becomes one release."""
    stage.release(config_map("a", v="1"))
    stage.release(config_map("a", v="2"))
    made = stage.queued_back(1)
    assert lanes.claim(stage.tools.store, made.id, "dead", ttl=-1.0)
    assert ending.sweep(stage.tools.store) == 1
    ended = stage.carried_out(made)
    assert (ended.state, ended.attempts, ended.release, ended.again) == (State.SUCCEEDED, 2, 3, 1)
    assert stage.cluster.config_map(stage.namespace, "a")["data"] == {"v": "1"}


def test_what_was_made_anew_is_made_anew_once_more(stage: Stage) -> None:
    """A Job's pods cannot change: release 2 made it again, and so does the way back."""
    stage.tools = stage.allowing(recreate=("Job",))
    assert stage.release(job("one")).state is State.SUCCEEDED
    second = stage.release(job("two"))
    assert second.counts.recreated == 1, second.reason
    back = stage.back(1)
    assert (back.state, back.counts.recreated) == (State.SUCCEEDED, 1), back.reason
    found = stage.cluster.get(f"/apis/batch/v1/namespaces/{stage.namespace}/jobs/once")
    assert found["spec"]["template"]["spec"]["containers"][0]["image"] == "registry.example/one:1"


@pytest.mark.proves("rollback")
def test_without_its_renderer_a_release_comes_back_all_the_same(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kustomize is gone from where Pushboat runs: a push is the operator's to mend, and going back needs none."""
    folder = {".pushboat.yaml": FILE, "deploy/kustomization.yaml": "resources: [a.yaml]\nnamePrefix: my-\n"}

    def pushed(value: str) -> Deployment:
        files = {**folder, "deploy/a.yaml": config_map("a", v=value)}
        sha = stage.github.push("acme/shop", "main", files, deliver=False, replace=True).sha
        return stage.carried_out(stage.repository.push(sha))

    first = pushed("1")
    assert first.state is State.SUCCEEDED
    said = [line.text for line in progress_lines.listed(stage.tools.store, first.id) if line.phase == "render"]
    assert said == [f"1 object from deploy (kustomize {KUSTOMIZE.version})"]
    assert pushed("2").state is State.SUCCEEDED
    monkeypatch.setenv("PUSHBOAT_KUSTOMIZE", "/nowhere/kustomize")
    third = pushed("3")
    assert third.state is State.ERRORED
    assert "needs kustomize, which is missing" in third.reason
    back = stage.back(1)
    assert (back.state, back.counts.configured) == (State.SUCCEEDED, 1), back.reason
    assert stage.cluster.config_map(stage.namespace, "my-a")["data"] == {"v": "1"}
