"""A pattern's environments are routed as if each had its entry: a real store and git, and no cluster."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.model.state import State
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import Store
from tests.engine_room.test_what_a_push_touches import Stage, limits
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository
from tests.written import config_map

FILE = "environments: {each: {path: 'envs/{name}', branch: main, namespace: '{name}'}}\n"


@pytest.fixture
def stage(tmp_path: Path, store: Store, repository: Repository) -> Iterator[Stage]:
    """The operator has three environments, of which two have folders, and are deployed."""
    with FakeGitHub(tmp_path / "github") as github:
        github.create_repository("acme/shop", {".pushboat.yaml": FILE})
        with at_work(tmp_path, store, github.configured(), {NAME: {x: limits(x) for x in ("a", "b", "c")}}) as tools:
            (tmp_path / "out").mkdir()
            made = Stage(tools, github, repository, tmp_path / "out")
            made.push({f"envs/{name}/a.yaml": config_map(name) for name in ("a", "b")})
            made.carry_out()
            yield made


def told(stage: Stage) -> str:
    """Say what the newest delivery led to."""
    return deliveries.listed(stage.tools.store)[0].reason


def test_a_folder_comes_and_goes_without_a_line_in_the_file(stage: Stage) -> None:
    """What runs goes by folders: a new one is deployed, the others stand; one that goes is said and not deleted."""
    ran = deployments.listed(stage.tools.store, state=State.SUCCEEDED)
    assert sorted(each.lane.environment for each in ran) == ["a", "b"]

    sha = stage.push({"envs/c/a.yaml": config_map("c")})
    assert told(stage) == f"deploying {sha[:7]} to c; a and b unchanged"
    stage.carry_out()

    sha = stage.push({"envs/b/a.yaml": None})
    assert "b" not in {each.lane.environment for each in deployments.listed(stage.tools.store, sha=sha)}
    assert told(stage).startswith(f"nothing to deploy of {sha[:7]}: a and c unchanged; ")
    assert "b" in told(stage).partition("; ")[2]


def test_a_folder_that_is_not_allowed_refuses_the_push(stage: Stage) -> None:
    """A push that makes a folder of its own choice reaches nothing, and its author reads who must do what."""
    sha = stage.push({"envs/production/a.yaml": config_map("x")})
    assert not deployments.listed(stage.tools.store, sha=sha)
    assert "the operator has no environment production for github/acme/shop" in told(stage)
    sha = stage.push({"envs/production/a.yaml": None})
    assert told(stage) == f"nothing to deploy of {sha[:7]}: a and b unchanged"
