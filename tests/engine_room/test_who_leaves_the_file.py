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
TAGGED = "environments: {staging: {tag: 'v*', path: deploy}}\n"


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


@pytest.mark.parametrize("ref", ["refs/heads/fix", ""])
def test_it_leaves_also_where_something_else_runs_there(
    tools: Tools, store: Store, repository: Repository, github: FakeGitHub, ref: str
) -> None:
    """A pull request's commit runs in staging, or one that was named: main's file says all the same that it leaves."""
    tried = github.push("acme/shop", "fix", {"a": "b"}, deliver=False).sha
    _get_through(repository, tried, ref=ref)
    without = github.push("acme/shop", "main", {FILE: None}, deliver=False).sha
    _arrives(tools, repository, without, "refs/heads/other")
    assert leaving.left_with(store) == {}
    _arrives(tools, repository, without)
    assert leaving.left_with(store) == {(NAME, "staging"): without}


def test_a_tag_says_so_too_where_a_pull_request_runs(
    tools: Tools, store: Store, repository: Repository, github: FakeGitHub
) -> None:
    """Staging follows v*, runs a pull request's commit, and v2 has no staging."""
    github.push("acme/shop", "main", {FILE: TAGGED}, deliver=False)
    tried = github.push("acme/shop", "fix", {"a": "b"}, deliver=False).sha
    _get_through(repository, tried, ref="refs/heads/fix")
    without = github.push("acme/shop", "main", {FILE: None}, deliver=False).sha
    _arrives(tools, repository, without, "refs/tags/v2")
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


def test_a_tag_whose_file_has_it_no_more_is_told_so(
    tools: Tools, store: Store, repository: Repository, github: FakeGitHub
) -> None:
    """Staging follows v*, and v2 has no staging: its commit says what still runs; another tag's says nothing."""
    first = github.push("acme/shop", "main", {FILE: TAGGED}, deliver=False).sha
    _get_through(repository, first, ref="refs/tags/v1")
    without = github.push("acme/shop", "main", {FILE: None}, deliver=False).sha
    _arrives(tools, repository, without, "refs/tags/docs-2")
    assert leaving.left_with(store) == {}
    _arrives(tools, repository, without, "refs/tags/v2")
    said = f"staging left .pushboat.yaml, its 2 objects still run: put it back, or pushboat destroy {NAME} staging"
    assert repository.shown(without, "pushboat") == [("errored", said)]
    assert leaving.left_with(store) == {(NAME, "staging"): without}


def test_an_older_tag_takes_nothing_out(
    tools: Tools, store: Store, repository: Repository, github: FakeGitHub, main: str
) -> None:
    """v1 comes after v2, from before staging was there or from a branch of its own: v2 runs, and nothing is said."""
    before = github.push("acme/shop", "main", {FILE: None}, deliver=False).sha
    newest = github.push("acme/shop", "main", {FILE: TAGGED}, deliver=False).sha
    _get_through(repository, newest, ref="refs/tags/v2")
    _arrives(tools, repository, before, "refs/tags/v1")
    beside = {FILE: None, "beside": "main"}  # else it is the very commit that was pushed to main in the same second
    side = github.push("acme/shop", "side", beside, deliver=False, parent=main).sha
    _arrives(tools, repository, side, "refs/tags/v1.1")
    assert leaving.left_with(store) == {}
    _arrives(tools, repository, side, "refs/tags/v3")
    assert leaving.left_with(store) == {(NAME, "staging"): side}, "a newer version beside it is the newest"


def _get_through(repository: Repository, sha: str, ref: str = "refs/heads/main") -> None:
    (made,) = repository.route(deploy(sha, ref=ref))
    counts = Counts(created=2)
    ending.finish(repository.store, repository.claim(made), State.SUCCEEDED, "healthy", counts=counts)


def _arrives(tools: Tools, repository: Repository, sha: str, ref: str = "refs/heads/main") -> None:
    repository.receive(sha, ref)
    route_repository(tools, NAME)
