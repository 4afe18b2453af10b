"""Production needs staging, which is one of many that most commits leave alone: it is healthy at each of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pushboat.config.operator import Limits
from pushboat.model.deployment import Deployment, Lane
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import Store
from pushboat.store.deployments import running_in
from tests.engine_room.test_asks_of_the_command_line import ask
from tests.engine_room.test_many_are_left_alone import FIRST, NAMES, Stage
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository
from workers.routing.story import route_repository

EVERY = (*NAMES, "staging")
PRODUCTION = {"path": "envs/production", "branch": "release"}


def file(production: dict[str, object]) -> str:
    """Write the repository's file: all of them follow main."""
    many: dict[str, object] = {name: {"branch": "main", "path": f"envs/{name}"} for name in EVERY}
    return yaml.safe_dump({"environments": {**many, "production": production}})


@pytest.fixture
def stage(tmp_path: Path, store: Store, repository: Repository) -> Iterator[Stage]:
    """All of them are deployed; nobody needs anybody yet."""
    limits = {name: Limits(environment=name, cluster="dev", namespaces=(name,)) for name in (*EVERY, "production")}
    with FakeGitHub(tmp_path / "github") as github:
        github.create_repository("acme/shop", {".pushboat.yaml": file(PRODUCTION)})
        with at_work(tmp_path, store, github.configured(), {NAME: limits}) as tools:
            made = Stage(tools, github, repository)
            made.push(**dict.fromkeys((*EVERY, "production"), "1"))
            made.carry_out()
            yield made


def pushed(stage: Stage, production: dict[str, object]) -> str:
    """Push another file to main."""
    sha = stage.github.push("acme/shop", "main", {".pushboat.yaml": file(production)}, deliver=False).sha
    return routed(stage, sha)


def routed(stage: Stage, sha: str, ref: str = "refs/heads/main") -> str:
    """Tell of a commit, and route that."""
    stage.repository.receive(sha, ref)
    route_repository(stage.tools, NAME)
    return sha


def staging(stage: Stage) -> Deployment:
    """Say what runs in staging."""
    found = running_in(stage.tools.store, Lane(repository=NAME, environment="staging"))
    assert found
    return found


def production(stage: Stage, sha: str) -> Deployment:
    """Look at the commit's deployment in production; nothing else waits."""
    (found,) = stage.waiting()
    assert (found.lane.environment, found.sha) == ("production", sha)
    return found


def test_what_is_needed_from_now_on_stays_untouched(stage: Stage) -> None:
    """It was one of the many until now, and my push that lets production need it changes nothing of it: it stays."""
    before = staging(stage)
    passed = stage.push(e00="2")
    stage.carry_out()
    assert staging(stage).sha == passed
    sha = pushed(stage, {"path": "envs/production", "branch": "main", "needs": ["staging"]})
    assert production(stage, sha).holds == ()
    assert (staging(stage).sha, staging(stage).same_as) == (sha, before.id)
    stage.carry_out()
    sha = stage.push(production="2")
    assert production(stage, sha).holds == ()
    assert (staging(stage).sha, staging(stage).same_as) == (sha, before.id)


@pytest.mark.parametrize("by", ["a push", "a command"])
def test_each_commit_that_left_it_alone_is_healthy_there(stage: Stage, by: str) -> None:
    """I bring production a commit that the ones after it have left behind in staging: it need not wait."""
    pushed(stage, {**PRODUCTION, "needs": ["staging"]})
    wanted = stage.push(e00="2")
    stage.carry_out()
    stage.push(e00="3")
    stage.carry_out()
    if by == "a push":
        stage.github.projects["acme/shop"].bare.git("update-ref", "refs/heads/release", wanted)
        routed(stage, wanted, "refs/heads/release")
    else:
        ask(stage.tools.store, "production", wanted)
        route_repository(stage.tools, NAME)
    found = production(stage, wanted)
    assert found.holds == ()


def test_a_branch_that_is_forced_back_touches_what_differs(stage: Stage) -> None:
    """I take my last commit back, which changed one environment of many: that one goes back, and no other."""
    there = stage.push(e00="2")
    stage.carry_out()
    stage.push(e00="3")
    stage.carry_out()
    stage.github.reset("acme/shop", "main", there)
    routed(stage, there)
    (back,) = stage.waiting()
    assert (back.lane.environment, back.sha) == (FIRST, there)
    assert {stage.runs(name).sha for name in EVERY if name != FIRST} == {there}
    (row, *_) = deliveries.listed(stage.tools.store)
    assert row.reason == f"deploying {there[:7]} to {FIRST}; {len(EVERY) - 1} environments unchanged"
    assert deployments.listed(stage.tools.store, environment="staging")[0].sha != there, "it has no row"
