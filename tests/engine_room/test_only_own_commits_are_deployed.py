"""A forge shows a fork's commits under the name of the repository that was forked: they are planned, never deployed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.state import Kind
from pushboat.store import asks, deliveries, deployments
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.worker import at_work
from tests.fakes.bare import Bare
from tests.fakes.forge import FakeForge
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.written import config_map, repository_file
from workers.routing.reachable import MOST_ASKED
from workers.routing.story import route_repository
from workers.tools import Tools

SHOP = "acme/shop"
FORGES = {"github": FakeGitHub, "gitlab": FakeGitLab, "gitea": FakeGitea}
PROPOSED = {"github": "refs/pull/1/head", "gitlab": "refs/merge-requests/1/head", "gitea": "refs/pull/1/head"}


@pytest.fixture(params=FORGES)
def forge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FakeForge]:
    """A forge with acme/shop, and mallory's fork of it, whose pull request it keeps as it keeps everybody's."""
    with FORGES[request.param](tmp_path / "forge") as one:
        project = one.create_repository(SHOP, {".pushboat.yaml": repository_file(), "deploy/a.yaml": config_map()})
        project.permissions.update({"alice": "write", "mallory": "read"})
        one.create_repository("mallory/shop").bare.fetch(project.bare, "main", "refs/heads/main")
        yield one


@pytest.fixture
def name(forge: FakeForge) -> str:
    """What acme/shop is called here."""
    return f"{forge.configured().name}/{SHOP}"


@pytest.fixture
def tools(forge: FakeForge, name: str, tmp_path: Path, store: Store) -> Iterator[Tools]:
    """A worker of a Pushboat that knows this forge only."""
    with at_work(tmp_path, store, forge.configured(), {name: {"staging": STAGING}}) as tools:
        yield tools


def proposed(forge: FakeForge, kind: str) -> str:
    """Let mallory open a pull request of her fork; give its head."""
    forge.push("mallory/shop", "main", {"deploy/evil.yaml": config_map(of="evil")}, deliver=False)
    head = forge.open_pull_request(SHOP, "main", fork=True, author="mallory").sha
    bare = bare_of(forge)
    bare.git("update-ref", "-d", "refs/pull/1/head")
    bare.git("update-ref", PROPOSED[kind], head)
    return head


def bare_of(forge: FakeForge) -> Bare:
    """Give what the forge keeps of acme/shop."""
    return forge.projects[SHOP].bare


def said(tools: Tools, name: str, sha: str, source: Source = Source.COMMAND, number: int = 0) -> tuple[AskVerdict, str]:
    """Ask for a commit in staging; give what became of that."""
    ask = Ask(word="deploy", who="alice", source=source, repository=name, environment="staging", sha=sha, number=number)
    event = Event(kind=EventKind.ASK, action="deploy", repository=SHOP, author="alice")
    forge = name.partition("/")[0]
    row = deliveries.accept(tools.store, forge, f"ask-{source.value}-{sha}", event, asked=(ask,))
    route_repository(tools, name)
    found = deliveries.find(tools.store, row.id)
    assert found
    [entry] = found.audit
    return entry.verdict, entry.reason


@pytest.mark.parametrize("length", [8, 40])
def test_the_command_line_deploys_no_forks_commit(forge: FakeForge, name: str, tools: Tools, length: int) -> None:
    """Mallory gets somebody to type her sha: the forge serves it as ours, and what is said names where it lies."""
    kind = name.partition("/")[0]
    head = proposed(forge, kind)
    verdict, reason = said(tools, name, head[:length])
    assert verdict is AskVerdict.REFUSED
    assert reason == (
        f"`{head[:7]}` is in no branch and no tag of this repository, only in `{PROPOSED[kind]}`: what is proposed is "
        "planned there, and deployed once it is merged or in a branch of this repository."
    )
    assert deployments.listed(tools.store) == []


def test_a_commit_that_no_ref_has_is_not_deployed(forge: FakeForge, name: str, tools: Tools) -> None:
    """Forks share their objects with what they were forked from: git serves the commit by its sha all the same."""
    head = proposed(forge, kind := name.partition("/")[0])
    bare_of(forge).git("update-ref", "-d", PROPOSED[kind])
    verdict, reason = said(tools, name, head)
    assert verdict is AskVerdict.REFUSED
    assert reason == (
        f"`{head[:7]}` is in no branch and no tag of this repository: push it to one, then ask for it again."
    )
    assert deployments.listed(tools.store) == []


def test_an_own_commit_is_deployed_wherever_it_lies(forge: FakeForge, name: str, tools: Tools) -> None:
    """An older one of a branch, and one that is merged although a fork proposed it."""
    older = forge.push(SHOP, "release", {"deploy/b.yaml": config_map(of="b")}, deliver=False).sha
    forge.push(SHOP, "release", {"deploy/b.yaml": config_map(of="c")}, deliver=False)
    head = proposed(forge, name.partition("/")[0])
    forge.merge(SHOP, 1)
    for sha in (older, head):
        assert said(tools, name, sha)[0] is AskVerdict.DONE
    assert [one.sha for one in deployments.listed(tools.store)][::-1] == [older, head]


def test_a_pushed_commit_is_looked_for_first_where_it_was_pushed(forge: FakeForge, name: str, tools: Tools) -> None:
    """Among more branches than are asked; another one there is refused, and told how to be found."""
    bare = bare_of(forge)
    for number in range(MOST_ASKED + 5):
        bare.git("update-ref", f"refs/heads/a{number}", "refs/heads/main")
    older = [forge.push(SHOP, "z", {"deploy/b.yaml": config_map(of=f"{n}")}, deliver=False).sha for n in range(3)]
    pushed = Event(kind=EventKind.PUSH, action="updated", repository=SHOP, ref="refs/heads/z", sha=older[1])
    deliveries.accept(tools.store, name.partition("/")[0], "once", pushed)
    assert said(tools, name, older[1])[0] is AskVerdict.DONE
    verdict, reason = said(tools, name, older[0])
    assert verdict is AskVerdict.REFUSED
    assert reason == (
        f"`{older[0][:7]}` is in none of the {MOST_ASKED} branches and tags that were asked, of {MOST_ASKED + 7} of "
        "this repository: put a tag on it, then ask for it again."
    )


def test_a_token_that_may_not_compare_lets_no_forks_commit_in(forge: FakeForge, name: str, tools: Tools) -> None:
    """The forge refuses to compare: git says the same, of mine and of mallory's."""
    kind = name.partition("/")[0]
    older = forge.push(SHOP, "main", {"deploy/b.yaml": config_map(of="b")}, deliver=False).sha
    forge.push(SHOP, "main", {"deploy/b.yaml": config_map(of="c")}, deliver=False)
    head = proposed(forge, kind)
    forge.fail(403, path="/merge_base" if kind == "gitlab" else "/compare/", times=100)
    assert said(tools, name, older)[0] is AskVerdict.DONE
    assert said(tools, name, head)[0] is AskVerdict.REFUSED
    assert [one.sha for one in deployments.listed(tools.store)] == [older]


def test_a_comment_deploys_no_forks_head(forge: FakeForge, name: str, tools: Tools) -> None:
    """Who may deploy says so on mallory's pull request: it is planned, and deployed after its merge."""
    head = proposed(forge, name.partition("/")[0])
    asks.remember_head(tools.store, name, 1, head, fork=True)
    verdict, reason = said(tools, name, head, Source.COMMENT, number=1)
    assert verdict is AskVerdict.REFUSED
    assert reason == (
        "#1 comes from a fork, whose commits are planned (`/deploy plan`) and deployed only once they are merged, or "
        "pushed as a branch of this repository."
    )
    assert deployments.listed(tools.store, kinds=(Kind.DEPLOY,)) == []
