"""Running fake forges, one repository each, and the real clients that speak to them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pushboat.config.operator import Forge, Secret
from pushboat.forges.git.installing import install
from pushboat.forges.protocol import Client
from pushboat.forges.table import client_of
from tests.fakes.bare import Bare
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.fakes.plain_git import PlainGit
from tests.fakes.pushboat import FakePushboat
from tests.forges.git_server import Server

FILES = {"deploy/web.yaml": "kind: ConfigMap\n"}


@dataclass(frozen=True)
class Bench:
    """One forge of any kind with one repository, and its client."""

    configured: Forge
    client: Client
    repository: str
    bare: Bare
    states: Callable[[str], list[str]]
    """The states that people see on a commit, in order."""


@pytest.fixture
def github(tmp_path: Path) -> Iterator[FakeGitHub]:
    """A GitHub with `acme/shop`."""
    with FakeGitHub(tmp_path / "github") as forge:
        forge.create_repository("acme/shop", FILES)
        yield forge


@pytest.fixture
def gitlab(tmp_path: Path) -> Iterator[FakeGitLab]:
    """A GitLab with `acme/web/shop`."""
    with FakeGitLab(tmp_path / "gitlab") as forge:
        forge.create_repository("acme/web/shop", FILES)
        yield forge


@pytest.fixture
def gitea(tmp_path: Path) -> Iterator[FakeGitea]:
    """A Gitea with `acme/shop`."""
    with FakeGitea(tmp_path / "gitea") as forge:
        forge.create_repository("acme/shop", FILES)
        yield forge


@pytest.fixture
def plain(tmp_path: Path) -> PlainGit:
    """A git server with `team/shop`."""
    server = PlainGit(tmp_path / "git")
    server.create_repository("team/shop").commit("main", FILES, "First")
    return server


@pytest.fixture(params=["github", "gitlab", "gitea", "git"])
def bench(request: pytest.FixtureRequest) -> Bench:
    """Each forge in turn."""
    if request.param == "git":
        return _plain_bench(request.getfixturevalue("plain"))
    fake = request.getfixturevalue(request.param)
    name = next(iter(fake.projects))
    configured = fake.configured()
    return Bench(
        configured=configured,
        client=client_of(configured),
        repository=name,
        bare=fake.projects[name].bare,
        states=lambda sha: [state for _, state, _, _ in fake.statuses(name, sha)],
    )


def _plain_bench(server: PlainGit) -> Bench:
    bare = Bare(server.root / "team" / "shop.git")
    configured = Forge(name="local", kind="git", root=server.root, webhook_secrets=(Secret(value="secret"),))

    def states(sha: str) -> list[str]:
        note = bare.git("notes", "--ref=refs/notes/pushboat", "show", sha)
        return [line.split()[2].rstrip(":") for line in note.splitlines()]

    return Bench(configured=configured, client=client_of(configured), repository="team/shop", bare=bare, states=states)


@pytest.fixture
def server(plain: PlainGit, tmp_path: Path) -> Iterator[Server]:
    """All of it, connected."""
    with FakePushboat() as pushboat:
        bare = Bare(plain.root / "team" / "shop.git")
        install(bare.path, url=pushboat.url, forge="local", name="team/shop", secret=pushboat.secret)
        yield Server(pushboat, bare, plain.clone("team/shop", tmp_path / "clone"))
