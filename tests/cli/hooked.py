"""A forge, an operator's file whose webhook secret stands in a file, and the web process where the webhook leads."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pushboat.config import operator as operator_file
from tests.cli.conftest import Pushboat
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.fresh_store import fresh_store
from tests.ports import free_port
from tests.receiving.front_door import FrontDoor, open_front_door

FakeForge = FakeGitHub | FakeGitLab | FakeGitea
KINDS = {"github": FakeGitHub, "gitlab": FakeGitLab, "gitea": FakeGitea}
REPOSITORY = "acme/shop"
OTHERS = "https://ci.example.com/hook"


@dataclass
class Scene:
    """All of it; `name` is the repository as pushboat.yaml calls it."""

    kind: str
    forge: FakeForge
    home: Path
    port: int
    run: Pushboat
    name: str = ""

    @property
    def hooks(self) -> list[dict[str, Any]]:
        """The webhooks of the repository, as the forge keeps them."""
        return self.forge.projects[REPOSITORY].hooks

    @property
    def ours(self) -> list[dict[str, Any]]:
        """Those that go to us."""
        return [hook for hook in self.hooks if hook["url"].rstrip("/") == self.address]

    @property
    def address(self) -> str:
        """Where the webhook must go."""
        return f"http://127.0.0.1:{self.port}/webhooks/{self.kind}"

    @property
    def secret(self) -> Path:
        """The file that pushboat.yaml names."""
        return self.home / "webhook-secret"

    def configure(self, *secrets: dict[str, str], **forge: Any) -> None:
        """Write the operator's file."""
        written = {
            "public_url": f"http://127.0.0.1:{self.port}",
            "listen": f"127.0.0.1:{self.port}",
            "state": str(self.home / "var"),
            "pages": {"password": {"file": "pages-password"}},  # so that what we read, we read by a signature
            "forges": {
                self.kind: {
                    "kind": self.kind,
                    "url": self.forge.url,
                    "api_url": self.forge.api_url,
                    "webhook_secrets": list(secrets) or [{"file": "webhook-secret"}],
                    "token": {"env": "FORGE_TOKEN"},
                    **forge,
                }
            },
            "clusters": {"dev": {"kubeconfig": "./kubeconfig"}},
            "projects": [
                {
                    "repository": f"{self.kind}/{name}",
                    "environments": {
                        "staging": {"cluster": "dev", "namespaces": [f"{name.partition('/')[2]}-staging"]}
                    },
                }
                for name in self.forge.projects
            ],
        }
        (self.home / "pages-password").write_text("nobody types this one")
        (self.home / "pushboat.yaml").write_text(yaml.safe_dump(written))

    def hook(self, *words: str, **environ: str) -> Any:
        """Run `pushboat hook …` on the repository."""
        return self.run("hook", words[0], self.name, *words[1:], FORGE_TOKEN=self.forge.token, **environ)

    def json(self, *words: str, **environ: str) -> dict[str, Any]:
        """Run it for programs."""
        finished = self.hook(*words, "--json", **environ)
        answer: dict[str, Any] = json.loads(finished.stdout)
        return {**answer, "exit": finished.returncode}

    @contextmanager
    def pushboat(self, **environ: str) -> Iterator[FrontDoor]:
        """Let the web process run with the operator's file of now."""
        operator = operator_file.load(self.home / "pushboat.yaml", {"FORGE_TOKEN": self.forge.token, **environ})
        shutil.rmtree(operator.state, ignore_errors=True)  # of an earlier run in the same test
        store = fresh_store(operator.state)
        try:
            with open_front_door(operator, store, port=self.port) as door:
                yield door
        finally:
            store.close()

    @contextmanager
    def pushboat_with(self, secret: str) -> Iterator[FrontDoor]:
        """Let it run with this secret in the file."""
        self.secret.write_text(secret)
        with self.pushboat() as door:
            yield door

    def pushed(self) -> int:
        """Push to the forge and give the answer's code to its delivery."""
        self.forge.hook_url = self.address
        return self.forge.push(REPOSITORY, "main", {"a": str(next(self.forge.numbers))}).response.status_code


@contextmanager
def scene(kind: str, folder: Path, run: Pushboat) -> Iterator[Scene]:
    """Set everything up; nothing is connected yet, and somebody else's webhook is there."""
    with KINDS[kind](folder / kind) as forge:
        forge.scopes.append("admin:repo_hook")
        forge.create_repository(REPOSITORY, {"deploy/web.yaml": "kind: ConfigMap\n"}).permissions[forge.bot] = "admin"
        forge.projects[REPOSITORY].hooks.append({"id": next(forge.numbers), "url": OTHERS})
        made = Scene(kind=kind, forge=forge, home=folder, port=free_port(), run=run, name=f"{kind}/{REPOSITORY}")
        made.configure()
        yield made
