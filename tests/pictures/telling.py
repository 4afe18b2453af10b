"""A real run whose conversation is worth a picture: a plan, a try, a failure, a merge, as a forge got them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from cli.lab.devcluster import control_plane
from pushboat.model.api_token import Role
from pushboat.model.reach import EVERYTHING
from pushboat.store import api_tokens
from pushboat.store.database.engine import open_store
from tests.conversations import answers, stickies
from tests.fakes.accounts import CLIENT_ID, CLIENT_SECRET, Accounts
from tests.fakes.github import FakeGitHub
from tests.serving import Served
from tests.until import until
from tests.written import config_map, deployment

NAME = "acme/shop"
SAID = "connecting to db:5432\nno database at db:5432"
VISITOR = "alice"
ENVIRONMENTS = ("production", "qa", "staging")


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A forge where people have accounts, and a Pushboat that answers in its conversations."""

    forge: FakeGitHub
    accounts: Accounts
    served: Served
    told: dict[str, str] = field(default_factory=dict)

    def says(self, number: int, *words: str) -> str:
        """Wait until the one comment says all of this, and give it."""

        def found() -> str:
            text = "".join(stickies(self._ours(number)))
            return text if all(each in text for each in words) else ""

        return until(found, within=120, what=f"a comment with {words}")

    def answers(self, number: int, words: str) -> str:
        """Wait for an answer to a command, and give it."""

        def found() -> str:
            return next((each for each in answers(self._ours(number)) if words in each), "")

        return until(found, within=120, what=f"an answer with {words}")

    def _ours(self, number: int) -> list[str]:
        return [text for author, text in self.forge.comments(NAME, number) if author == self.forge.bot]


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Put it up: a GitHub that is a fake, a Kubernetes that is none."""
    with (
        control_plane(folder / "cluster", ephemeral=True) as kubeconfig,
        FakeGitHub(folder / "github") as forge,
    ):
        accounts = Accounts(name=VISITOR)
        forge.people = accounts.tokens
        forge.create_repository(NAME).permissions[VISITOR] = "admin"
        environ = {"HOOK": forge.secret, "TOKEN": forge.token, "LOGIN": CLIENT_SECRET}
        served = Served.start(folder / "pushboat", _operators_file(kubeconfig, forge, accounts), environ)
        forge.connect(NAME, f"{served.url}/webhooks/github")
        accounts.callback = f"{served.url}/login/callback"
        store = open_store("", served.state)
        served.token = api_tokens.create(store, "pictures", EVERYTHING, Role.VIEWER, 3600.0, "root")[1]
        store.close()
        try:
            yield Stage(forge=forge, accounts=accounts, served=served)
        finally:
            served.stop()
            accounts.door.close()


def tell(on: Stage) -> dict[str, str]:
    """Play the story, and give what was said at each of its turns."""
    forge = on.forge
    first = forge.push(NAME, "main", {".pushboat.yaml": _repository_file(), **_files(1)}).sha
    for environment in ENVIRONMENTS:
        on.served.ended(f"github/{NAME}", first, environment)
    told = {}
    forge.push(NAME, "bigger", {**_files(2), "deploy/qa/web.yaml": deployment("web")}, parent=first)
    number = forge.open_pull_request(NAME, "bigger", title="A bigger shop").number
    told["plan"] = on.says(number, "Merging deploys to production and staging")
    forge.comment(NAME, number, "alice", "/deploy staging")
    told["outcome"] = on.answers(number, "`staging` runs")

    crashing = deployment("web", "registry.example/web:3", behaviour="crash-loop", logs=SAID)
    forge.update_pull_request(NAME, number, {"deploy/staging/web.yaml": crashing})
    on.says(number, "1 deployment from here", "Planned")
    forge.comment(NAME, number, "alice", "/deploy staging")
    told["failure"] = on.answers(number, "failed in `staging`")
    told["tried"] = on.says(number, "2 deployments from here", "failed: ")

    forge.update_pull_request(NAME, number, {"deploy/staging/web.yaml": deployment("web", "registry.example/web:4")})
    merged = forge.merge(NAME, number, "squash").sha
    told["merged"] = on.says(number, f"Merged: {merged[:7]} runs in")
    return told


def _files(version: int) -> dict[str, str]:
    """Write what each environment has; nothing of it differs in qa."""
    files = {"deploy/qa/web.yaml": deployment("web")}
    for environment in ("staging", "production"):
        image = f"registry.example/web:{version}"
        files[f"deploy/{environment}/web.yaml"] = deployment("web", image, replicas=2)
        files[f"deploy/{environment}/settings.yaml"] = config_map("settings", greeting=f"hello, {version} times")
        files[f"deploy/{environment}/key.yaml"] = _secret(f"s3cret-{version}")
    if version > 1:
        files["deploy/staging/cache.yaml"] = deployment("cache", "registry.example/cache:7", replicas=0)
    return files


def _secret(value: str) -> str:
    return yaml.safe_dump(
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "payment"}, "stringData": {"key": value}}
    )


def _repository_file() -> str:
    found = {name: {"branch": "main", "path": f"deploy/{name}", "wait": "20s"} for name in ENVIRONMENTS}
    return yaml.safe_dump({"environments": found})


def _operators_file(kubeconfig: Path, forge: FakeGitHub, accounts: Accounts) -> dict[str, Any]:
    limits = {
        name: {"cluster": "dev", "namespaces": [f"shop-{name}"], "create_namespaces": True} for name in ENVIRONMENTS
    }
    github = {
        "kind": "github",
        "url": accounts.url,
        "api_url": forge.configured().api_url,
        "clone_url": forge.clone_url,
        "webhook_secrets": [{"env": "HOOK"}],
        "token": {"env": "TOKEN"},
    }
    return {
        "forges": {"github": github},
        "login": {"forge": "github", "client_id": CLIENT_ID, "client_secret": {"env": "LOGIN"}},
        "clusters": {"dev": {"kubeconfig": str(kubeconfig)}},
        "projects": [{"repository": f"github/{NAME}", "environments": limits}],
    }
