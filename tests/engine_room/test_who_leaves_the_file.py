"""A pushed commit whose file has an environment no more: said where it is news, never of a commit that came late."""

import pytest

from pushboat.model.deployment import Counts
from pushboat.model.state import State
from pushboat.store import ending, leaving
from pushboat.store.database.engine import Store
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, deploy
from tests.written import repository_file
from workers.routing.story import route_repository
from workers.tools import Tools

FILE = ".pushboat.yaml"


@pytest.fixture
def runs(repository: Repository, main: str) -> str:
    """The commit of main that runs in staging, with two objects."""
    _get_through(repository, main)
    return main


def test_a_commit_that_takes_it_out_is_told_so(
    tools: Tools, store: Store, repository: Repository, github: FakeGitHub, runs: str
) -> None:
    """Its own status says what still runs; a branch that nothing was deployed from says nothing."""
    side = github.push("acme/shop", "side", {FILE: None}, deliver=False, parent=runs).sha
    _arrives(tools, repository, side, "refs/heads/side")
    assert leaving.left_with(store) == {}
    without = github.push("acme/shop", "main", {FILE: None}, deliver=False).sha
    _arrives(tools, repository, without)
    said = f"staging left .pushboat.yaml, its 2 objects still run: put it back, or pushboat destroy {NAME} staging"
    assert repository.shown(without, "pushboat") == [("errored", said)]
    assert leaving.left_with(store) == {(NAME, "staging"): without}


def test_a_commit_that_came_late_takes_nothing_out(
    tools: Tools, store: Store, repository: Repository, github: FakeGitHub, runs: str
) -> None:
    """It was taken out and put back; the first of the two pushes is heard of last."""
    without = github.push("acme/shop", "main", {FILE: None}, deliver=False).sha
    back = github.push("acme/shop", "main", {FILE: repository_file()}, deliver=False).sha
    _get_through(repository, back)
    _arrives(tools, repository, without)
    assert leaving.left_with(store) == {}
    assert repository.shown(without, "pushboat") == []


def _get_through(repository: Repository, sha: str) -> None:
    (made,) = repository.route(deploy(sha))
    counts = Counts(created=2)
    ending.finish(repository.store, repository.claim(made), State.SUCCEEDED, "healthy", counts=counts)


def _arrives(tools: Tools, repository: Repository, sha: str, ref: str = "refs/heads/main") -> None:
    repository.receive(sha, ref)
    route_repository(tools, NAME)
