"""A renamed repository is asked for by its name of today, whatever the operator's file calls it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.errors import ForgeRefused
from pushboat.forges.table import client_of
from pushboat.model.letter import StatusLetter
from pushboat.model.repository import Identity
from pushboat.model.state import State
from pushboat.model.status import Status
from pushboat.store import repositories
from pushboat.store.database.engine import Store
from tests.engine_room.worker import at_work
from tests.fakes import moving
from tests.fakes.forge import FakeForge
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.fresh_store import fresh_store
from workers.naming import client_that_keeps_nothing
from workers.tools import Tools

OLD, NEW = "acme/shop", "moved/store"
FAKES: dict[str, type[FakeForge]] = {"github": FakeGitHub, "gitlab": FakeGitLab, "gitea": FakeGitea}


@pytest.fixture(params=sorted(FAKES))
def forge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FakeForge]:
    """A forge whose acme/shop has been moved to moved/store."""
    with FAKES[request.param](tmp_path / "forge") as fake:
        fake.create_repository(OLD, {"a": "b"})
        moving.rename(fake, OLD, NEW)
        yield fake


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An open store."""
    opened = fresh_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def tools(tmp_path: Path, forge: FakeForge, store: Store) -> Iterator[Tools]:
    """What a worker has in hand."""
    described = forge.configured()  # type: ignore[attr-defined]  # both fakes have it
    with at_work(tmp_path, store, described, {}) as tools:
        yield tools


def test_a_moved_repository_is_read_and_written(forge: FakeForge, store: Store, tools: Tools) -> None:
    """Head, status and clone address go to where the repository is now; by its old name nothing would be there."""
    name, sha = next(iter(tools.operator.forges)), forge.projects[NEW].bare.resolve("refs/heads/main")
    with pytest.raises(ForgeRefused):
        client_of(tools.operator.forges[name]).head(OLD, "refs/heads/main")
    repositories.keep(store, Identity(name=f"{name}/{OLD}", forge=name, id="1", path=NEW))
    client = tools.clients(name)
    assert client.head(OLD, "refs/heads/main") == sha
    status = Status(context="pushboat", state=State.SUCCEEDED, description="runs", path="/")
    assert client.post(OLD, StatusLetter(sha=sha, status=status), "http://pushboat.example")
    assert [context for context, _, _, _ in forge.statuses(NEW, sha)] == ["pushboat"]
    assert NEW in client.remote(OLD).url


@pytest.mark.parametrize("leads", [True, False])
def test_a_status_after_a_rename_finds_its_commit(tools: Tools, forge: FakeForge, store: Store, leads: bool) -> None:
    """The repository is moved while its deployment runs: the status reaches the commit, although no delivery came."""
    name = next(iter(tools.operator.forges))
    repository = forge.create_repository("acme/blog", {"a": "b"})
    sha = repository.bare.resolve("main")
    repositories.keep(store, Identity(name=f"{name}/acme/blog", forge=name, id=str(repository.id), path="acme/blog"))
    moving.rename(forge, "acme/blog", "acme/journal", leads=leads)
    status = Status(context="pushboat", state=State.SUCCEEDED, description="runs", path="/")
    assert tools.clients(name).post("acme/blog", StatusLetter(sha=sha, status=status), "http://pushboat.example")
    assert [context for context, _, _, _ in forge.statuses("acme/journal", sha)] == ["pushboat"]
    assert repositories.called(store, f"{name}/acme/blog", "acme/blog") == "acme/journal"


def test_who_only_looks_finds_it_and_keeps_nothing(tools: Tools, forge: FakeForge, store: Store) -> None:
    """A plan of a work tree asks by the name of today, too, and leaves it to deliveries to say so."""
    name = next(iter(tools.operator.forges))
    repository = forge.create_repository("acme/blog", {"a": "b"})
    repositories.keep(store, Identity(name=f"{name}/acme/blog", forge=name, id=str(repository.id), path="acme/blog"))
    moving.rename(forge, "acme/blog", "acme/journal", leads=False)
    client = client_that_keeps_nothing(tools.operator, store, tools.operator.forges[name])
    assert client.head("acme/blog", "refs/heads/main") == repository.bare.resolve("refs/heads/main")
    assert "acme/journal" in client.remote("acme/blog").url, "once it is known, it is not asked for again"
    assert repositories.called(store, f"{name}/acme/blog", "acme/blog") == "acme/blog"


def test_what_is_refused_for_another_reason_stays_refused(tools: Tools, forge: FakeForge, store: Store) -> None:
    """A commit that is not there is not looked for under another name twice."""
    name = next(iter(tools.operator.forges))
    number = str(forge.projects[NEW].id)
    repositories.keep(store, Identity(name=f"{name}/{NEW}", forge=name, id=number, path=NEW))
    status = Status(context="pushboat", state=State.SUCCEEDED, description="runs", path="/")
    with pytest.raises(ForgeRefused):
        tools.clients(name).post(NEW, StatusLetter(sha="a" * 40, status=status), "http://pushboat.example")
    assert sum(asked.method == "POST" for asked in forge.requests) == 1


def test_what_a_client_says_of_itself_is_no_question(tools: Tools, forge: FakeForge) -> None:
    """By a token there is no room below a status: what would stand there is not read of the store for nothing."""
    client = tools.clients(next(iter(tools.operator.forges)))
    assert client.shows_output is False
    assert client.by_owner is False
    assert client.most_statuses == (1000 if isinstance(forge, FakeGitHub) else 0)
