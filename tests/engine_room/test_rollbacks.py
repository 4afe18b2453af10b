"""How a rollback would lie, or break more than it mends: each of these is refused or said by name."""

import base64
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
import yaml

from pushboat.config.operator import ClusterAccess, Limits, Project
from pushboat.config.project import Allowed
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing.decision import Deploy
from pushboat.store import ending, lanes, progress_lines, releases
from pushboat.store.database.engine import Store
from tests.cluster_view import ClusterView
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, deploy
from tests.written import config_map, definition, deployment, repository_file
from workers.deploying import story
from workers.render.renderers import KUSTOMIZE
from workers.tools import Tools

FILE = repository_file(wait="0s")
LANE = Lane(repository=NAME, environment="staging")


def secret(value: str) -> str:
    """Write a Secret with one value."""
    return yaml.safe_dump(
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login"}, "stringData": {"password": value}}
    )


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


@dataclass
class Stage:
    """One environment of a repository on a real cluster, and a worker for it."""

    github: FakeGitHub
    repository: Repository
    tools: Tools
    cluster: ClusterView
    namespace: str

    def release(self, *manifests: str, file: str = FILE) -> Deployment:
        """Push these manifests as the whole folder, and deploy them."""
        files = {".pushboat.yaml": file, "deploy/all.yaml": "---\n".join(manifests)}
        sha = self.github.push("acme/shop", "main", files, deliver=False, replace=True).sha
        return self.carried_out(self.repository.push(sha))

    def queued_back(self, number: int, **more: Any) -> Deployment:
        """Ask for a rollback."""
        sha = next(each.sha for each in releases.listed(self.tools.store, LANE) if each.number == number)
        return self.repository.route(deploy(sha, trigger=Trigger.ROLLBACK, release=number, **more))[0]

    def back(self, number: int, tools: Tools | None = None, **more: Any) -> Deployment:
        """Roll back while the forge is away."""
        self.github.down = True
        try:
            return self.carried_out(self.queued_back(number, **more), tools)
        finally:
            self.github.down = False

    def carried_out(self, made: Deployment, tools: Tools | None = None) -> Deployment:
        story.deploy(tools or self.tools, made.id)
        return self.repository.row(made)

    def allowing(self, **limits: Any) -> Tools:
        """Give a worker whose operator allows something else."""
        allowed = replace(self.tools.operator.projects[NAME].environments["staging"], **limits)
        project = Project(repository=NAME, environments=Allowed({"staging": allowed}))
        return replace(self.tools, operator=replace(self.tools.operator, projects={NAME: project}))

    def password(self) -> str:
        found = self.cluster.get(f"/api/v1/namespaces/{self.namespace}/secrets/login")
        return base64.b64decode(found["data"]["password"]).decode() if found else ""


@pytest.fixture
def stage(
    tmp_path: Path, github: FakeGitHub, store: Store, repository: Repository, kubeconfig: Path, cluster: ClusterView
) -> Iterator[Stage]:
    """Staging, with nothing in it."""
    namespace = f"back-{uuid4().hex[:8]}"
    limits = Limits(
        environment="staging",
        cluster="dev",
        namespaces=(namespace,),
        create_namespaces=True,
        cluster_scoped=("CustomResourceDefinition",),
    )
    projects = {NAME: {"staging": limits}}
    clusters = {"dev": ClusterAccess(name="dev", kubeconfig=kubeconfig)}
    with at_work(tmp_path, store, github.configured(), projects, clusters) as tools:
        yield Stage(github, repository, tools, cluster, namespace)


def test_no_secret_value_lies_open_in_the_store(stage: Stage) -> None:
    """Whoever has a copy of the store, and not the key, has none of my passwords; nor can they be guessed."""
    stage.release(config_map("a"), secret("hunter2hunter2"))
    packed = releases.packed(stage.tools.store, LANE, 1)
    assert packed
    opened = zlib.decompress(packed)
    assert b'"password"' not in opened
    assert b'"a"' in opened
    for spelled in (b"hunter2hunter2", base64.b64encode(b"hunter2hunter2")):
        assert spelled not in opened
    first = releases.contents(stage.tools.store, LANE, 1)
    other = replace(stage.tools, encryption_key="another key of the same length")
    (made,) = stage.repository.route(deploy(releases.listed(stage.tools.store, LANE)[0].sha))
    stage.carried_out(made, other)
    second = releases.contents(stage.tools.store, LANE, 2)
    assert first
    assert second
    assert {ref.kind for ref in first if first[ref] != second[ref]} == {"Secret"}


def test_with_another_key_the_live_secret_stays_and_is_named(stage: Stage) -> None:
    """The key is lost: everything else goes back, my Secret stays as it is, and the status says so."""
    stage.release(config_map("a", v="1"), secret("one"))
    stage.release(config_map("a", v="2"), secret("two"))
    back = stage.back(1, replace(stage.tools, encryption_key="another key of the same length"))
    assert back.state is State.SUCCEEDED
    assert (
        f"Secret/{stage.namespace}/login stays: no stored values of it can be read with this encryption_key"
        in back.reason
    )
    assert stage.password() == "two"
    assert stage.cluster.config_map(stage.namespace, "a")["data"] == {"v": "1"}
    assert back.release == 3
    again = stage.back(3)
    assert again.state is State.SUCCEEDED, "the old key is back, and so are the values"
    assert stage.password() == "one"


def test_what_a_secret_that_stays_holds_is_told_by_no_pod(stage: Stage) -> None:
    """Nobody can read what was stored of it, and a pod prints what it holds now: that is masked all the same."""
    waits = repository_file(wait="5m")
    words = {"message": "cannot log in with hunter2two", "logs": "trying hunter2two"}
    crash = deployment(behaviour="crash-loop", **words)
    stage.release(secret("hunter2one"), crash, file=FILE)
    stage.release(secret("hunter2two"), file=waits)
    lost = replace(stage.allowing(fixed={"wait": 3.0}), encryption_key="another key of the same length")
    back = stage.back(1, lost)
    assert back.state is State.FAILED
    said = f"{back.reason} {back.details} {back.logs}"
    assert "cannot log in with ***" in said
    assert "trying ***" in said
    assert "hunter2two" not in said


def test_a_secret_that_is_neither_readable_nor_there_is_named(stage: Stage) -> None:
    """Release 2 had no Secret any more: without the key nobody can make it again, and I am told."""
    stage.release(config_map("a"), secret("one"))
    stage.release(config_map("a"))
    back = stage.back(1, replace(stage.tools, encryption_key="another key of the same length"))
    assert back.state is State.SUCCEEDED
    assert f"Secret/{stage.namespace}/login cannot be made: no stored values of it can be read" in back.reason


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


def test_a_neighbour_in_the_namespace_is_not_asked_at_the_forge(stage: Stage) -> None:
    """Another environment may write to the same namespace: what leaves with a rollback leaves, with the forge away."""
    stage.tools = with_beside(stage)
    stage.release(config_map("a"))
    stage.release(config_map("a"), config_map("b"))
    shutil.rmtree(stage.tools.git_caches)
    back = stage.back(1)
    assert (back.state, back.counts.deleted) == (State.SUCCEEDED, 1), back.reason
    (tried,) = stage.repository.route(deploy("f" * 40, "beside"))
    assert tried.state is State.QUEUED
    stage.release(config_map("a"), config_map("b"))
    shutil.rmtree(stage.tools.git_caches)
    kept = stage.back(1)
    assert (kept.state, kept.counts.deleted) == (State.SUCCEEDED, 0), kept.reason
    assert "environment beside may have it" in kept.reason


def test_a_neighbour_that_was_destroyed_keeps_nothing(stage: Stage) -> None:
    """What its last release held is wanted by nobody any more: a rollback takes it away."""
    stage.tools = with_beside(stage)
    stage.release(config_map("a"))
    wanted = Render(contents={Ref("", "ConfigMap", stage.namespace, "b"): "digest"}, packed=b"packed")
    through(stage, deploy("b", "beside"), wanted)
    stage.release(config_map("a"), config_map("b"))
    kept = stage.back(1)
    assert (kept.state, kept.counts.deleted) == (State.SUCCEEDED, 0), kept.reason
    assert "environment beside has it and takes it over" in kept.reason
    through(stage, deploy("b", "beside", kind=Kind.REMOVAL))
    stage.release(config_map("a"), config_map("b"))
    back = stage.back(1)
    assert (back.state, back.counts.deleted) == (State.SUCCEEDED, 1), back.reason


def through(stage: Stage, act: Deploy, render: Render | None = None) -> None:
    """Let another environment's deployment get through."""
    (made,) = stage.repository.route(act)
    ending.finish(stage.tools.store, stage.repository.claim(made), State.SUCCEEDED, "fine", render=render)


def with_beside(stage: Stage) -> Tools:
    """Let another environment write to the same namespace."""
    beside = Limits(environment="beside", cluster="dev", namespaces=(stage.namespace,))
    limits = {**stage.tools.operator.projects[NAME].environments.listed, "beside": beside}
    projects = {NAME: Project(repository=NAME, environments=Allowed(limits))}
    return replace(stage.tools, operator=replace(stage.tools.operator, projects=projects))


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
