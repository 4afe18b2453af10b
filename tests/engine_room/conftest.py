"""A worker's tools on a real store and a fake GitHub over real HTTP, so that one story function runs by itself."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.config.operator import Limits
from pushboat.store.database.engine import Store
from tests.cluster_view import ClusterView
from tests.engine_room import drifting
from tests.engine_room.worker import at_work
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.fresh_store import fresh_store
from tests.store.repository import NAME, Repository
from tests.written import config_map, repository_file
from workers.tools import Tools

STAGING = Limits(environment="staging", cluster="dev", namespaces=("shop",))


@pytest.fixture
def github(tmp_path: Path) -> Iterator[FakeGitHub]:
    """A GitHub with `acme/shop`, whose staging follows main."""
    with FakeGitHub(tmp_path / "github") as forge:
        files = {".pushboat.yaml": repository_file(), "deploy/settings.yaml": config_map()}
        forge.create_repository("acme/shop", files)
        yield forge


@pytest.fixture
def watched(
    tmp_path: Path, github: FakeGitHub, repository: Repository, kubeconfig: Path, cluster: ClusterView
) -> Iterator[drifting.Watched]:
    """Staging, with nothing in it, whose drift is put back."""
    with drifting.watched(tmp_path, github, repository, kubeconfig, cluster, self_heal=True) as one:
        yield one


@pytest.fixture
def gitlab(tmp_path: Path) -> Iterator[FakeGitLab]:
    """A GitLab with `acme/shop`."""
    with FakeGitLab(tmp_path / "gitlab") as forge:
        forge.create_repository("acme/shop", {"deploy/settings.yaml": config_map()})
        yield forge


@pytest.fixture
def gitea(tmp_path: Path) -> Iterator[FakeGitea]:
    """A Gitea with `acme/shop`."""
    with FakeGitea(tmp_path / "gitea") as forge:
        forge.create_repository("acme/shop", {"deploy/settings.yaml": config_map()})
        yield forge


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open store with our tables."""
    opened = fresh_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def repository(store: Store) -> Repository:
    """The repository github/acme/shop, to push to."""
    return Repository(store)


@pytest.fixture
def tools(tmp_path: Path, github: FakeGitHub, store: Store) -> Iterator[Tools]:
    """What a worker process has in hand."""
    with at_work(tmp_path, store, github.configured(), {NAME: {"staging": STAGING}}) as tools:
        yield tools


@pytest.fixture
def main(github: FakeGitHub) -> str:
    """The commit on main."""
    return github.projects["acme/shop"].bare.resolve("refs/heads/main")


@pytest.fixture
def forgotten(tools: Tools) -> Tools:
    """The same worker, after its operator took the project out of the file."""
    return replace(tools, operator=replace(tools.operator, projects={}))
