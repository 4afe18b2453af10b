"""A repository with more refs than can be kept track of is looked at all the same: at those that deploy."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.config.project import Allowed
from pushboat.model.delivery import DeliveryRow
from pushboat.model.remote import Remote
from pushboat.store import deliveries, looks
from tests.engine_room.conftest import STAGING
from tests.fakes.bare import Bare
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, time_passes
from tests.written import config_map
from workers.catching_up import coverage
from workers.catching_up.comparing import GRACE
from workers.catching_up.delivery_log import EVERY
from workers.catching_up.story import look
from workers.source.git.heads import LARGEST, TooManyRefs, heads_of
from workers.tools import Tools

SHOP = "acme/shop"
MAIN, VERSIONS = "refs/heads/main", "refs/tags/v*"
TOO_MANY = coverage.MOST_REFS + 1


def fill(bare: Bare, sha: str, names: Iterable[str]) -> None:
    """Let a repository have so many refs, in the one file in which git keeps them."""
    lines = "".join(f"{sha} {name}\n" for name in sorted(names))
    (bare.path / "packed-refs").write_text(f"# pack-refs with: peeled fully-peeled sorted \n{lines}")


def nightly(kind: str, number: int = TOO_MANY) -> list[str]:
    """Name refs that nothing follows."""
    return [f"refs/{kind}/nightly-{index}" for index in range(number)]


@pytest.fixture
def tools(tools: Tools) -> Tools:
    """A worker of a Pushboat whose production follows versions, beside staging, which follows main."""
    production = replace(STAGING, environment="production", fixed={"tag": "v*", "path": "deploy"})
    project = replace(
        tools.operator.projects[NAME], environments=Allowed({"staging": STAGING, "production": production})
    )
    made = replace(tools, operator=replace(tools.operator, projects={NAME: project}))
    looks.schedule(made.store, made.operator.projects)
    return made


def covered(tools: Tools) -> str:
    """Look, and say what the look kept track of."""
    look(tools, NAME)
    [said] = looks.listed(tools.store)
    assert said.trouble == ""
    return said.covered


def look_twice(tools: Tools) -> list[DeliveryRow]:
    """Look, give deliveries that are on their way their time, look again; list what is accepted, the newest first."""
    look(tools, NAME)
    time_passes(tools.store, GRACE)
    look(tools, NAME)
    return deliveries.listed(tools.store)


@pytest.mark.parametrize(
    ("many", "kept"),
    [(["tags"], f"branches {VERSIONS}"), (["heads"], f"{MAIN} tags"), (["heads", "tags"], f"{MAIN} {VERSIONS}")],
)
def test_what_deploys_is_found_among_thousands(
    tools: Tools, github: FakeGitHub, main: str, many: list[str], kept: str
) -> None:
    """A robot tags and branches every night for years: a missed push and a missed version are deployed all the same."""
    bare = github.projects[SHOP].bare
    fill(bare, main, [name for kind in many for name in nightly(kind)])
    assert covered(tools) == kept
    sha = github.push(SHOP, "main", {"deploy/settings.yaml": config_map(a="b")}, deliver=False).sha
    bare.git("tag", "--annotate", "--message", "2", "v2", sha)
    assert {(row.event.ref, row.event.sha) for row in look_twice(tools)} == {(MAIN, sha), ("refs/tags/v2", sha)}
    assert covered(tools) == kept


def test_where_even_the_followed_are_too_many_the_exact_ones_stay(tools: Tools, github: FakeGitHub, main: str) -> None:
    """Every commit is tagged as a version: its tags are left to their deliveries, and main is still looked at."""
    fill(github.projects[SHOP].bare, main, [*nightly("heads"), *(f"refs/tags/v{index}" for index in range(TOO_MANY))])
    assert covered(tools) == MAIN
    sha = github.push(SHOP, "main", {"a": "b"}, deliver=False).sha
    assert [row.event.sha for row in look_twice(tools)] == [sha]


def test_what_was_deleted_is_seen_with_the_next_log(tools: Tools, github: FakeGitHub, main: str) -> None:
    """Somebody cleans up: all refs are kept track of again, and those that were there before deploy nothing."""
    bare = github.projects[SHOP].bare
    fill(bare, main, [*nightly("tags"), *nightly("heads")])
    assert covered(tools) == f"{MAIN} {VERSIONS}"
    fill(bare, main, [*nightly("tags", 2), *nightly("heads", 2)])
    time_passes(tools.store, EVERY)
    assert covered(tools) == coverage.ALL
    assert look_twice(tools) == []


def test_a_broken_file_does_not_hide_what_the_operator_follows(tools: Tools, github: FakeGitHub, main: str) -> None:
    """The default branch's file cannot be read: what the operator's file fixes is looked at."""
    sha = github.push(SHOP, "main", {".pushboat.yaml": "environments: ["}, deliver=False).sha
    assert sha != main
    fill(github.projects[SHOP].bare, main, [*nightly("tags"), *nightly("heads")])
    assert covered(tools) == VERSIONS


def test_more_refs_than_are_read_are_asked_for_by_name(tmp_path: Path) -> None:
    """A quarter of a million refs are no error for ever: git is asked for those that matter."""
    bare = Bare.create(tmp_path / "shop.git")
    sha = bare.commit("main", {"a": "b"}, "First")
    fill(bare, sha, [*nightly("heads", LARGEST // 60), "refs/tags/v1"])
    remote = Remote(url=str(bare.path))
    with pytest.raises(TooManyRefs):
        heads_of(tmp_path, remote, coverage.patterns(coverage.ALL))
    found = heads_of(tmp_path, remote, coverage.patterns(f"{MAIN} {VERSIONS}"))
    assert found == {MAIN: (sha,), "refs/tags/v1": (sha,)}
