"""Which environments a push leaves as they are, found from git alone: a real store and git, and no cluster."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pushboat.config.gates import Gate
from pushboat.config.operator import Limits
from pushboat.config.policy import DENY, Policy
from pushboat.config.project import Allowed
from pushboat.events import Event, EventKind
from pushboat.model.deployment import Deployment
from pushboat.model.release import Render
from pushboat.model.state import Kind, State
from pushboat.store import deliveries, deployments, ending, lanes, replanning, routing_jobs
from pushboat.store.database.engine import Store
from tests.engine_room.worker import at_work
from tests.fakes.gate import SECRET
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, time_passes
from tests.written import config_map
from workers.deploying import sources
from workers.deploying.sources import Wanted
from workers.routing.story import route_repository
from workers.tools import Tools

NAMES = ("one", "two", "three")


def file(**more: Mapping[str, object]) -> str:
    """Write three environments that follow main."""
    return yaml.safe_dump(
        {"environments": {name: {"branch": "main", "path": f"envs/{name}", **more.get(name, {})} for name in NAMES}}
    )


def limits(name: str, **more: Any) -> Limits:
    """What the operator allows one of them."""
    return Limits(environment=name, cluster="dev", namespaces=more.pop("namespaces", (name,)), **more)


class Stage:
    """A repository of three environments, and the worker that routes its pushes."""

    def __init__(self, tools: Tools, github: FakeGitHub, repository: Repository, folder: Path) -> None:
        self.tools, self.github, self.repository, self.folder = tools, github, repository, folder

    def push(self, files: Mapping[str, str]) -> str:
        """Push, and route it."""
        sha = self.github.push("acme/shop", "main", files, deliver=False).sha
        self.repository.receive(sha)
        self.route()
        return sha

    def route(self, tools: Tools | None = None) -> None:
        """Let a worker route what has come."""
        route_repository(tools or self.tools, NAME)

    def wanted(self, deployment: Deployment, number: int = 0) -> Wanted:
        """Render a deployment."""
        at = self.folder / f"{deployment.id}-{number}"
        at.mkdir()
        return sources.wanted(self.tools, deployment, at, lambda _: None)

    def carry_out(self) -> None:
        """Let everything that waits get through, as if a cluster were there."""
        for each in deployments.listed(self.tools.store, state=State.QUEUED):
            claim = lanes.claim(self.tools.store, each.id, "worker")
            assert claim
            wanted = self.wanted(each)
            sources.remember(self.tools, wanted)
            made = Render(contents=dict.fromkeys((m.ref for m in wanted.manifests), each.sha), packed=b"x")
            assert ending.finish(
                self.tools.store, claim, State.SUCCEEDED, "healthy", render=made, footprint=wanted.footprint
            )

    def untouched(self, sha: str) -> list[str]:
        """Name the environments that a commit left as they are."""
        found = deployments.listed(self.tools.store, repository=NAME, sha=sha)
        assert {each.lane.environment for each in found} == set(NAMES)
        return sorted(each.lane.environment for each in found if each.same_as)


@pytest.fixture
def stage(tmp_path: Path, store: Store, repository: Repository) -> Iterator[Stage]:
    """All three are deployed."""
    folders = {f"envs/{name}/a.yaml": config_map(name) for name in NAMES}
    with FakeGitHub(tmp_path / "github") as github:
        github.create_repository("acme/shop", {".pushboat.yaml": file(), "README.md": "x"})
        with at_work(tmp_path, store, github.configured(), {NAME: {name: limits(name) for name in NAMES}}) as tools:
            (tmp_path / "out").mkdir()
            made = Stage(tools, github, repository, tmp_path / "out")
            made.push(folders)
            made.carry_out()
            yield made


def test_a_push_touches_the_folder_that_it_changes(stage: Stage) -> None:
    """One is deployed, two are green; then all three are untouched, and the delivery says so in words."""
    sha = stage.push({"envs/two/a.yaml": config_map("two", v="2")})
    assert stage.untouched(sha) == ["one", "three"]
    (row, *_) = deliveries.listed(stage.tools.store)
    assert row.reason == f"deploying {sha[:7]} to two; one and three unchanged"
    stage.carry_out()
    sha = stage.push({"README.md": "y"})
    assert stage.untouched(sha) == sorted(NAMES)
    (row, *_) = deliveries.listed(stage.tools.store)
    assert row.reason == f"nothing to deploy of {sha[:7]}: one, three and two unchanged"


def test_settings_are_part_of_it(stage: Stage) -> None:
    """Another key in the file, or in the operator's, touches its environment; so does another version of a renderer."""
    assert stage.untouched(stage.push({".pushboat.yaml": file(two={"wait": "5m"})})) == ["one", "three"]
    stage.carry_out()
    project = stage.tools.project(NAME)
    for change in (
        {"limits": {**project.environments.listed, "one": limits("one", adopt=("helm",))}, "left": ["three", "two"]},
        {"clusters": True, "left": []},
    ):
        operator = stage.tools.operator
        if change.get("clusters"):
            operator = replace(operator, health={("", "Pod"): ()})
        else:
            operator = replace(operator, projects={NAME: replace(project, environments=Allowed(change["limits"]))})
        stage.tools = replace(stage.tools, operator=operator)
        assert stage.untouched(stage.push({"README.md": str(change["left"])})) == change["left"]
        stage.carry_out()


@pytest.mark.parametrize("what", ["gate", "signed", "credential-elsewhere"])
def test_what_is_asked_at_each_start_is_touched(stage: Stage, what: str) -> None:
    """A gate is asked about every commit, and a signature is of a commit: those are carried out."""
    gate = Gate(name="g", url="http://127.0.0.1:1/", secret=SECRET, when="before")
    asks: dict[str, dict[str, Any]] = {"gate": {"gates": (gate,)}, "signed": {"signed": True}}
    more = asks.get(what, {"policy": Policy(rules={what: DENY})})
    project = stage.tools.project(NAME)
    asked = replace(project, environments=Allowed({**project.environments.listed, "one": limits("one", **more)}))
    stage.tools = replace(stage.tools, operator=replace(stage.tools.operator, projects={NAME: asked}))
    for number in range(2):  # once for the change of the operator's file, once more though nothing has changed
        sha = stage.push({"README.md": f"{what} {number}"})
        assert stage.untouched(sha) == ["three", "two"]
        stage.carry_out()


def test_neighbours_that_meet_are_touched(stage: Stage) -> None:
    """Two environments of one namespace count as touched where they have an object in common; else they do not."""
    project = stage.tools.project(NAME)
    together = {**project.environments.listed, "two": limits("two", namespaces=("one", "two"))}
    stage.tools = replace(
        stage.tools,
        operator=replace(stage.tools.operator, projects={NAME: replace(project, environments=Allowed(together))}),
    )
    assert stage.untouched(stage.push({"README.md": "together"})) == ["one", "three"]
    stage.carry_out()
    assert stage.untouched(stage.push({"README.md": "apart"})) == sorted(NAMES)
    stage.push({"envs/one/b.yaml": config_map("shared"), "envs/two/b.yaml": config_map("shared")})
    stage.carry_out()
    assert stage.untouched(stage.push({"README.md": "they meet"})) == ["three"]


def test_the_first_look_and_a_replay_touch_everything(stage: Stage) -> None:
    """Whoever replays a delivery wants it carried out; what a first look finds is deployed as the operator says."""
    sha = stage.push({"README.md": "y"})
    assert stage.untouched(sha) == sorted(NAMES)
    (row, *_) = deliveries.listed(stage.tools.store)
    assert deliveries.replay(stage.tools.store, row.id)
    stage.route()
    found = deployments.listed(stage.tools.store, repository=NAME, state=State.QUEUED)
    assert sorted(each.lane.environment for each in found) == sorted(NAMES)
    stage.carry_out()
    event = replace(row.event, sha=stage.github.push("acme/shop", "main", {"README.md": "z"}, deliver=False).sha)
    deliveries.accept(stage.tools.store, "github", "first", replace(event, found="first"))
    stage.route()
    assert not [each for each in deployments.listed(stage.tools.store, sha=event.sha) if each.same_as]


def test_a_pull_request_is_planned_where_its_merge_changes_something(stage: Stage) -> None:
    """The others say that they are not planned; once something else runs there, they are."""
    stage.github.push("acme/shop", "fix", {"envs/two/a.yaml": config_map("two", v="2")}, deliver=False)
    opened = stage.github.open_pull_request("acme/shop", "fix")
    event = Event(
        kind=EventKind.PULL_REQUEST, action="opened", repository="acme/shop", ref="fix", base_ref="main",
        sha=opened.sha, number=opened.number, fork=False, author="alice",
    )  # fmt: skip
    deliveries.accept(stage.tools.store, "github", "opened", event)
    stage.route()
    plans = deployments.listed(stage.tools.store, kinds=(Kind.PLAN,), repository=NAME)
    assert [each.lane.environment for each in plans] == ["two"]
    origin = deployments.listed(stage.tools.store, environment="one")[0].sha[:7]
    said = [("succeeded", f"not planned: unchanged, same tree as {origin}")]
    assert stage.repository.shown(opened.sha, "pushboat/plan/one") == said
    stage.push({"envs/one/a.yaml": config_map("one", v="3")})
    time_passes(stage.tools.store, 3600)
    while replanning.begin_due(stage.tools.store):
        for each in deployments.listed(stage.tools.store, kinds=(Kind.PLAN,), state=State.QUEUED):
            claim = lanes.claim(stage.tools.store, each.id, "worker")
            assert claim
            ending.finish(stage.tools.store, claim, State.SUCCEEDED, "1 to change")
    again = deployments.listed(stage.tools.store, kinds=(Kind.PLAN,), repository=NAME)
    assert {each.lane.environment for each in again} == set(NAMES)


def test_what_was_rendered_is_not_rendered_again(stage: Stage) -> None:
    """The same tree under the same settings is taken as it came out, also for another commit and another deployment."""
    row = deployments.listed(stage.tools.store, repository=NAME, environment="one")[0]
    assert len(list(stage.tools.renders.iterdir())) == len(NAMES)
    before = {each: each.stat().st_mtime_ns for each in stage.tools.renders.iterdir()}
    first, again = stage.wanted(row, 1), stage.wanted(row, 2)
    assert (first.manifests, first.origin, first.footprint) == (again.manifests, again.origin, again.footprint)
    assert not list((stage.folder / f"{row.id}-2").rglob("*.yaml")), "nothing was checked out"
    assert before.keys() == set(stage.tools.renders.iterdir())

    for each in before:
        each.write_bytes(each.read_bytes()[:-1] + b"?")
    assert stage.wanted(row, 3).manifests == first.manifests
    assert list((stage.folder / f"{row.id}-3").rglob("*.yaml")), "what somebody has written there counts for nothing"


def test_a_second_push_of_an_overlay_whose_base_did_not_change_renders_nothing(stage: Stage) -> None:
    """Neither to route it, nor where somebody asks for it all the same; a changed base is rendered once more."""
    base, overlay = "base/kustomization.yaml", "resources: [a.yaml, ../../base]\n"
    files = {base: "resources: [b.yaml]\n", "base/b.yaml": config_map("b"), "envs/one/kustomization.yaml": overlay}
    stage.push(files)
    stage.carry_out()

    def renders(sha: str) -> int:
        (row,) = deployments.listed(stage.tools.store, repository=NAME, environment="one", sha=sha)
        at = f"{row.id}-9"
        assert len(stage.wanted(row, 9).manifests) == 2
        return len(list((stage.folder / at).rglob("kustomization.yaml"))) // 2

    second = stage.push({"README.md": "nothing that anybody renders"})
    assert stage.untouched(second) == sorted(NAMES)
    assert renders(second) == 0
    third = stage.push({"base/b.yaml": config_map("b", changed="yes")})
    assert "one" not in stage.untouched(third)
    assert renders(third) == 1


def test_secrets_are_kept_sealed(stage: Stage) -> None:
    """Whoever reads the disk reads no value, and another key opens nothing."""
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"p": "h0rse-battery"}}
    stage.push({"envs/one/secret.yaml": yaml.safe_dump(secret)})
    (row,) = deployments.listed(stage.tools.store, repository=NAME, state=State.QUEUED)
    wanted = stage.wanted(row, 1)
    assert any(each.ref.kind == "Secret" for each in wanted.manifests)
    sources.remember(stage.tools, wanted)
    assert not any(b"h0rse" in each.read_bytes() for each in stage.tools.renders.iterdir())
    found = stage.wanted(row, 2)
    bodies = [each.body for each in found.manifests if each.ref.kind == "Secret"]
    assert [each["stringData"] for each in bodies] == [{"p": "h0rse-battery"}]
    stage.tools = replace(stage.tools, encryption_key="another one")
    assert stage.wanted(row, 3).manifests == found.manifests
    assert list((stage.folder / f"{row.id}-3").rglob("*.yaml"))


def test_no_delivery_is_left_waiting(stage: Stage) -> None:
    """Routing ends every one of them."""
    stage.push({"README.md": "last"})
    assert routing_jobs.due_repositories(stage.tools.store) == []
