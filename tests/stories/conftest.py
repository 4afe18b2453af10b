"""The stage of the stories: one Pushboat that serves all of them, and for each story a repository of its own."""

import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pytest
import yaml

from tests.cluster_view import ClusterView
from tests.fakes.forge import FakeForge
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.fakes.plain_git import PlainGit
from tests.serving import Served
from tests.until import PATIENCE, until
from tests.written import repository_file

SHOPS = {"github": 12, "gitlab": 8, "gitea": 2}
"""Projects that a Pushboat has on each forge: its own ones, since two Pushboats would deploy one repository twice."""
SHOPS_ON_GIT = 12
SHOPS_OF_STORIES = {"github": 32, "gitlab": 4, "gitea": 4}
"""The same, of one that serves all stories. It looks for each at its start and every few minutes, which takes git a
program each: so few, and another Pushboat where they were not enough."""
_NUMBERS = itertools.count()
SECRETS = {f"{forge}_{what}": "" for forge in ("GITHUB", "GITLAB", "GITEA") for what in ("WEBHOOK_SECRET", "TOKEN")}


@dataclass
class Shop:
    """One repository on a fake forge, connected to a running Pushboat, with a namespace per environment."""

    forge: FakeForge
    forge_name: str
    name: str
    served: Served
    cluster: ClusterView

    @property
    def repository(self) -> str:
        """Name it as Pushboat does."""
        return f"{self.forge_name}/{self.name}"

    @property
    def namespace(self) -> str:
        """Name the namespace of its staging."""
        return self.namespace_of("staging")

    def namespace_of(self, environment: str) -> str:
        """Name an environment's namespace."""
        return f"{self.forge_name}-{self.name.rpartition('/')[2]}-{environment}"

    def push(self, files: Mapping[str, str], branch: str = "main", **how: Any) -> str:
        """Push files (manifests below deploy/) and give the commit; the first push brings a `.pushboat.yaml` too."""
        self.forge.hook_url = f"{self.served.url}/webhooks/{self.forge_name}"
        wanted = dict(files)
        if not self.forge.projects[self.name].bare.resolve("refs/heads/main"):
            wanted.setdefault(".pushboat.yaml", repository_file())
        return str(self.forge.push(self.name, branch, wanted, **how).sha)

    def ended(self, sha: str, environment: str = "staging", within: float = PATIENCE) -> dict[str, Any]:
        """Wait until the deployment of a commit has ended."""
        return self.served.ended(self.repository, sha, environment, within)

    def states(self, sha: str, context: str = "pushboat/staging") -> list[str]:
        """List the states of a status in the forge's words, in order."""
        return [state for _, state, _, _ in self.forge.statuses(self.name, sha, context)]

    def descriptions(self, sha: str, context: str = "pushboat/staging") -> list[str]:
        """List the sentences of a status, in order."""
        return [text for _, _, text, _ in self.forge.statuses(self.name, sha, context)]

    def status(self, sha: str, *states: str, context: str = "pushboat/staging", within: float = PATIENCE) -> str:
        """Wait until the newest state of a context is one of these; give its sentence."""

        def newest() -> str | None:
            found = self.forge.statuses(self.name, sha, context)
            return found[-1][2] if found and found[-1][1] in states else None

        return until(newest, within=within, what=f"{context} {'/'.join(states)} on {sha[:7]}")


class Pushboats:
    """Those that serve all stories which do not break them; there is one more when all projects are taken."""

    def __init__(self, start: Callable[[int], Served]) -> None:
        self._start = start
        self.started: list[Served] = []

    def first(self) -> Served:
        """Give the one that is always there."""
        return self.started[0] if self.started else self._another()

    def with_room(self, forge_name: str, known: Mapping[str, Any]) -> Served:
        """Give one that serves projects of this forge where no repository is yet: two, since some take another."""
        free = (served for served in self.started if len(left_on(served, forge_name, known)) > 1)
        return next(free, None) or self._another()

    def _another(self) -> Served:
        self.started.append(self._start(len(self.started)))
        return self.started[-1]


def left_on(served: Served, forge_name: str, known: Mapping[str, Any]) -> list[str]:
    """List the paths of the projects that a Pushboat serves on a forge, where no repository is yet."""
    projects = yaml.safe_load(served.config.read_text())["projects"]
    paths = [path for forge, _, path in (each["repository"].partition("/") for each in projects) if forge == forge_name]
    return [path for path in paths if path not in known]


def unused(served: Served, forge_name: str, known: Mapping[str, Any]) -> str:
    """Give the path of a project that a Pushboat serves on a forge, where no repository is yet."""
    return left_on(served, forge_name, known)[0]


def projects_of(forge: str, owner: str = "acme/", shops: int = SHOPS_ON_GIT) -> list[dict[str, Any]]:
    """Name projects that nobody has named before."""
    which = next(_NUMBERS)
    names = [f"shop-{_ours()}-{which}-{number:02}" for number in range(shops)]
    return [
        {"repository": f"{forge}/{owner}{name}", "environments": environments_of(f"{forge}-{name}")} for name in names
    ]


@cache
def _ours() -> str:
    """Tell our names from those of other processes, which have their stories on the same cluster."""
    return uuid4().hex[:4]


def operators_file(
    kubeconfig: Path,
    forges: Mapping[str, FakeForge],
    more: Mapping[str, Any] | None = None,
    shops: Mapping[str, int] = MappingProxyType(SHOPS),
) -> dict[str, Any]:
    """Write what an operator would, for a few projects on each forge."""
    projects = [project for forge in forges for project in projects_of(forge, shops=shops.get(forge, 0))]
    described = {
        name: {
            "kind": name.partition("-")[0],
            "url": forge.url,
            "api_url": forge.configured().api_url,
            "clone_url": forge.clone_url,
            "webhook_secrets": [{"env": f"{name.upper()}_WEBHOOK_SECRET"}],
            "token": {"env": f"{name.upper()}_TOKEN"},
        }
        for name, forge in forges.items()
    }
    return {
        "forges": described,
        "clusters": {"dev": {"kubeconfig": str(kubeconfig)}},
        "projects": projects,
        **(more or {}),
    }


def environments_of(prefix: str) -> dict[str, Any]:
    """Give a project two environments, in one of which drift is put back, and those that folders make by a pattern."""
    return {
        name: {
            "cluster": "dev",
            "namespaces": [f"{prefix}-{name}"],
            "create_namespaces": True,
            "cluster_scoped": ["CustomResourceDefinition"],
            "self_heal": name == "production",
        }
        for name in ("staging", "production", "env-{name}")
    }


def environ_of(forges: Mapping[str, FakeForge]) -> dict[str, str]:
    """Give the secrets that the operator's file names."""
    found = {}
    for name, forge in forges.items():
        found[f"{name.upper()}_WEBHOOK_SECRET"] = forge.secret
        found[f"{name.upper()}_TOKEN"] = forge.token
    return found


@pytest.fixture(scope="session")
def forges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, FakeForge]]:
    """A GitHub, a GitLab and a Gitea on localhost."""
    with (
        FakeGitHub(tmp_path_factory.mktemp("github")) as github,
        FakeGitLab(tmp_path_factory.mktemp("gitlab")) as gitlab,
        FakeGitea(tmp_path_factory.mktemp("gitea")) as gitea,
    ):
        yield {"github": github, "gitlab": gitlab, "gitea": gitea}


@pytest.fixture(scope="session")
def environ(forges: dict[str, FakeForge]) -> dict[str, str]:
    """What `pushboat` commands find in their environment."""
    return {**os.environ, **environ_of(forges)}


def with_plain_git(operator: dict[str, Any], server: PlainGit) -> dict[str, Any]:
    """Add a plain git server, `local`, to what an operator wrote."""
    secret = server.root / "webhook-secret"
    secret.write_text("a secret between the hook and us\n")
    local = {"kind": "git", "root": str(server.root), "webhook_secrets": [{"file": str(secret)}]}
    return {
        **operator,
        "forges": {**operator["forges"], "local": local},
        "projects": [*operator["projects"], *projects_of("local", owner="")],
    }


@pytest.fixture(scope="session")
def plain_git(tmp_path_factory: pytest.TempPathFactory) -> PlainGit:
    """A plain git server, known to Pushboat as `local`."""
    return PlainGit(tmp_path_factory.mktemp("git-server"))


@pytest.fixture(scope="session")
def pushboats(
    tmp_path_factory: pytest.TempPathFactory, kubeconfig: Path, forges: dict[str, FakeForge], plain_git: PlainGit
) -> Iterator[Pushboats]:
    """All that serve stories which do not break them."""

    def start(number: int) -> Served:
        operator = operators_file(kubeconfig, forges, shops=SHOPS_OF_STORIES)
        if number == 0:
            operator = with_plain_git(operator, plain_git)
        return Served.start(tmp_path_factory.mktemp("pushboat"), operator, environ_of(forges))

    found = Pushboats(start)
    yield found
    for served in found.started:
        served.stop()


@pytest.fixture(scope="session")
def pushboat(pushboats: Pushboats) -> Served:
    """One of them."""
    return pushboats.first()


@pytest.fixture(scope="session")
def shops(forges: dict[str, FakeForge], cluster: ClusterView) -> Callable[[Served, str], Shop]:
    """Give new repositories, each connected to the Pushboat that is named."""

    def new(served: Served, forge_name: str) -> Shop:
        forge = forges[forge_name]
        name = unused(served, forge_name, forge.projects)
        forge.create_repository(name)
        forge.connect(name, f"{served.url}/webhooks/{forge_name}")
        return Shop(forge=forge, forge_name=forge_name, name=name, served=served, cluster=cluster)

    return new


@pytest.fixture(scope="session")
def new_shop(
    shops: Callable[[Served, str], Shop], pushboats: Pushboats, forges: dict[str, FakeForge]
) -> Callable[[str], Shop]:
    """Give new repositories, connected to any of the Pushboats that serve all stories."""
    return lambda name: shops(pushboats.with_room(name, forges[name].projects), name)


@pytest.fixture
def shop(new_shop: Callable[[str], Shop]) -> Shop:
    """A repository on GitHub."""
    return new_shop("github")


@pytest.fixture(params=["github", *(pytest.param(name, marks=pytest.mark.proof) for name in ("gitlab", "gitea"))])
def any_shop(request: pytest.FixtureRequest, new_shop: Callable[[str], Shop]) -> Shop:
    """A repository on one forge, and in the long proofs on each in turn; what they share is held in tests/forges."""
    return new_shop(str(request.param))
