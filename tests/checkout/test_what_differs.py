"""What two commits differ in is named to the last path, so what is not named holds the same object in both."""

import random

import pytest

from pushboat.model.remote import Remote
from tests.checkout.test_equal_roots_are_equal_closures import FOLDERS, NAMES, change
from tests.checkout.upstream import Content, Link, Submodule, Upstream
from workers.source.git import trees, walking
from workers.source.git.command import Repository
from workers.source.git.remotes import access

PLACES = sorted(
    {"", *(folder.rstrip("/") for folder in FOLDERS), *(folder + name for folder in FOLDERS for name in NAMES)}
)
"""Where anything may stand, and below what may be a file in one commit and a folder in another."""


def cache_of(upstream: Upstream) -> Repository:
    """Read the upstream itself."""
    return Repository(upstream.path, access(Remote(url=str(upstream.path))))


@pytest.mark.parametrize("seed", range(2))
def test_a_path_is_named_exactly_where_its_object_is_another_one(seed: int, upstream: Upstream) -> None:
    """Whatever changes: files, links, folders that become links, whole folders that come and go."""
    made, cached = random.Random(seed), cache_of(upstream)
    files: dict[str, Content] = {"deploy/x.yaml": "a: 1\n"}
    before = upstream.commit(files)
    for _ in range(12):
        files = change(change(files, made), made)
        sha = upstream.commit(files)
        tree = trees.name_of(cached, before)
        there, now = (trees.objects_at(cached, each, PLACES) for each in (before, sha))
        name, changed = trees.changed_since(cached, sha, tree)
        assert name == trees.name_of(cached, sha)
        assert changed is not None
        assert changed & set(PLACES) == {place for place in PLACES if there[place] != now[place]}
        before = sha


def test_a_folder_that_becomes_something_else_takes_all_of_it_along(upstream: Upstream) -> None:
    """What lay below is named too, wherever nothing stands there any more."""
    before = upstream.commit({"a/b/c.yaml": "c", "z": "z"})
    for other in (Link("z"), Submodule("1" * 40), "a file"):
        sha = upstream.commit({"a": other, "z": "z"})
        _, changed = trees.changed_since(cache_of(upstream), sha, trees.name_of(cache_of(upstream), before))
        assert changed == {"", "a", "a/b", "a/b/c.yaml"}


def test_more_than_we_look_at_is_not_known(upstream: Upstream) -> None:
    """A commit that changes everything is compared path by path, as is one whose tree before is nowhere."""
    before = upstream.commit({"z": "z"})
    sha = upstream.commit({f"{number}/{each}": "z" for number in range(150) for each in range(150)})
    cached = cache_of(upstream)
    assert walking.MOST_CHANGED < 150 * 150
    assert trees.changed_since(cached, sha, trees.name_of(cached, before))[1] is None
    assert trees.changed_since(cached, before, "1" * 40)[1] is None
    assert trees.changed_since(cached, before, "")[1] is None
