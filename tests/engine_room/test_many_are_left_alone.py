"""A monorepo's push that touches one environment of many: one row for the others, and everybody still finds them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pushboat.config.operator import Limits
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.footprint import Footprint
from pushboat.model.release import Render
from pushboat.model.standing import Standing
from pushboat.model.state import State
from pushboat.reading.environments import standings
from pushboat.store import deliveries, deployments, ending, lanes
from pushboat.store.database.engine import Store
from pushboat.store.untouched import FEW
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository
from tests.written import config_map
from workers.render.settings import settings_of
from workers.routing.story import route_repository
from workers.source import checkout
from workers.source.environments import environments_at, fetched
from workers.tools import Tools

NAMES = [f"e{number:02}" for number in range(FEW + 2)]
FIRST, SECOND = NAMES[:2]


class Stage:
    """A repository of many environments, all of them deployed."""

    def __init__(self, tools: Tools, github: FakeGitHub, repository: Repository) -> None:
        self.tools, self.github, self.repository = tools, github, repository

    def push(self, **versions: str) -> str:
        """Push to these folders, and route it."""
        files = {f"envs/{name}/a.yaml": config_map("it", v=version) for name, version in versions.items()}
        sha = self.github.push("acme/shop", "main", files or {"README.md": "x"}, deliver=False).sha
        self.repository.receive(sha)
        route_repository(self.tools, NAME)
        return sha

    def waiting(self) -> list[Deployment]:
        """List what is to be carried out."""
        return deployments.listed(self.tools.store, state=State.QUEUED, limit=100)

    def carry_out(self) -> None:
        """Let everything that waits get through, as if a cluster were there."""
        for each in self.waiting():
            claim = lanes.claim(self.tools.store, each.id, "worker")
            assert claim
            found = environments_at(self.tools, NAME, each.sha)[0][each.lane.environment]

            def look(remote: object, sha: str = each.sha, path: str = found.path) -> dict[str, str]:
                return checkout.objects_at(self.tools.git_caches, remote, sha, [path])  # type: ignore[arg-type]

            settings = settings_of(self.tools.operator, NAME, found)
            footprint = Footprint(roots=fetched(self.tools, NAME, look), settings=settings)
            made = Render(contents={}, packed=each.sha.encode())
            assert ending.finish(self.tools.store, claim, State.SUCCEEDED, "ok", render=made, footprint=footprint)

    def standing(self, name: str) -> Standing:
        """Say how an environment stands."""
        return standings(self.tools.store, NAME, [name])[0]

    def runs(self, name: str) -> Deployment:
        """Say what runs in an environment."""
        found = self.standing(name).runs
        assert found
        return found


@pytest.fixture
def stage(tmp_path: Path, store: Store, repository: Repository) -> Iterator[Stage]:
    """All of them are deployed."""
    file = yaml.safe_dump({"environments": {name: {"branch": "main", "path": f"envs/{name}"} for name in NAMES}})
    limits = {name: Limits(environment=name, cluster="dev", namespaces=(name,)) for name in NAMES}
    with FakeGitHub(tmp_path / "github") as github:
        github.create_repository("acme/shop", {".pushboat.yaml": file})
        with at_work(tmp_path, store, github.configured(), {NAME: limits}) as tools:
            made = Stage(tools, github, repository)
            made.push(**dict.fromkeys(NAMES, "1"))
            made.carry_out()
            yield made


def test_one_is_deployed_and_the_others_are_at_the_commit(stage: Stage) -> None:
    """I push to one folder of many: one deployment, and every other environment says that it is at my commit."""
    before = stage.runs(SECOND)
    sha = stage.push(e00="2")
    (made,) = stage.waiting()
    assert made.lane == Lane(repository=NAME, environment=FIRST)
    (row, *_) = deliveries.listed(stage.tools.store)
    assert row.deployments == (made.id,)
    assert row.reason == f"deploying {sha[:7]} to {FIRST}; {FEW + 1} environments unchanged"
    now = stage.runs(SECOND)
    assert (now.id, now.sha, now.reason) == (before.id, sha, f"unchanged, same tree as {before.sha[:7]}")


def test_pushes_one_after_the_other_each_find_them(stage: Stage) -> None:
    """Push after push touches another folder: what was touched has each commit in its history that counted there."""
    first = stage.runs(FIRST).sha
    passed = stage.push(e00="2")
    stage.carry_out()
    brought = stage.push(e01="2")
    stage.carry_out()
    newest = stage.push()
    assert {stage.runs(name).sha for name in NAMES} == {newest}
    there = deployments.listed(stage.tools.store, repository=NAME, environment=SECOND)
    assert [(each.sha, bool(each.same_as)) for each in there] == [(brought, False), (passed, True), (first, False)]
    assert not stage.waiting()


def test_an_older_push_that_comes_late_takes_nothing_back(stage: Stage) -> None:
    """A delivery got lost and comes again after the next one: newer is what is there, though nothing was deployed."""
    lost = stage.github.push("acme/shop", "main", {"envs/e01/a.yaml": config_map("it", v="bad")}, deliver=False).sha
    mended = stage.push(e01="1")
    assert stage.runs(SECOND).sha == mended, "it is the same tree as before both"
    stage.repository.receive(lost)
    route_repository(stage.tools, NAME)
    assert not [each for each in stage.waiting() if each.lane.environment == SECOND]
    assert stage.runs(SECOND).sha == mended
