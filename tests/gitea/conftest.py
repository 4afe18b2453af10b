"""A real Gitea with people, a repository and its hook, a real control plane, and a Pushboat between them."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from cli.lab import gitea as lab
from cli.lab.gitea import Gitea
from tests.cluster_view import ClusterView
from tests.conversations import answers, stickies
from tests.fakes.bare import ENVIRONMENT
from tests.serving import Served
from tests.until import until

REPOSITORY = "acme/shop"
LIMITS = {"cluster": "dev", "create_namespaces": True}
BOT, WRITER, READER = "pushboat", "alice", "rita"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Everything at once: what people do goes through Gitea, and what they see is read from it."""

    gitea: Gitea
    served: Served
    cluster: ClusterView
    clone: Path
    tokens: dict[str, str]
    environ: dict[str, str]
    """What `pushboat` commands find in their environment."""

    def ask(self, method: str, path: str, who: str = WRITER, **fields: Any) -> Any:
        """Ask something of the repository, as somebody."""
        return self.gitea.call(method, f"/repos/{REPOSITORY}{path}", self.tokens[who], **fields)

    def webhooks(self) -> list[int]:
        """List the numbers of the repository's webhooks."""
        return [int(one["id"]) for one in self.gitea.call("GET", f"/repos/{REPOSITORY}/hooks")]

    def git(self, *words: str) -> str:
        """Run git in the writer's working copy."""
        done = subprocess.run(["git", *words], cwd=self.clone, env=ENVIRONMENT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def push(self, files: dict[str, str], branch: str = "main") -> str:
        """Commit files on a branch, which begins at the one that is checked out, push it over HTTP, give the commit."""
        self.git("checkout", "--quiet", "-B", branch)
        for name, text in files.items():
            path = self.clone / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", f"Change {branch}")
        self.git("push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")
        return self.git("rev-parse", "HEAD")

    def statuses(self, sha: str, context: str = "pushboat/staging") -> list[tuple[str, str]]:
        """List a context's states and sentences on a commit, oldest first."""
        found = self.ask("GET", f"/commits/{sha}/statuses?sort=oldest&limit=50")
        return [(one["status"], one["description"]) for one in found if one["context"] == context]

    def status(self, sha: str, *states: str, context: str = "pushboat/staging") -> str:
        """Wait until the newest state of a context is one of these; give its sentence."""

        def newest() -> str | None:
            found = self.statuses(sha, context)
            return found[-1][1] if found and found[-1][0] in states else None

        return until(newest, within=120, what=f"{context} {'/'.join(states)} on {sha[:7]}")

    def replies(self, number: int) -> list[str]:
        """List what Pushboat answered in a conversation."""
        return answers(self._told(number))

    def sticky(self, number: int) -> str:
        """Give its comment on how a pull request stands; empty: there is none yet."""
        found = stickies(self._told(number))
        assert len(found) <= 1
        return found[0] if found else ""

    def rendered(self, text: str) -> str:
        """Let it render a comment as people see it, but for mentions."""
        asked = {"Mode": "markdown", "Text": text}
        token = {"Authorization": f"token {self.tokens[BOT]}"}
        answer = requests.post(f"{self.gitea.url}/api/v1/markdown", json=asked, headers=token, timeout=30)
        assert answer.ok, answer.text
        return answer.text

    def _told(self, number: int) -> list[str]:
        comments = self.ask("GET", f"/issues/{number}/comments")
        return [one["body"] for one in comments if one["user"]["login"] == BOT]


@pytest.fixture(scope="session")
def real_gitea(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gitea]:
    """A Gitea that nobody has used yet."""
    with lab.running(tmp_path_factory.mktemp("gitea"), say=print) as running:
        yield running


@pytest.fixture
def stage(tmp_path: Path, real_gitea: Gitea, kubeconfig: Path, cluster: ClusterView) -> Iterator[Stage]:
    """All of it, connected as the README says."""
    gitea = real_gitea
    tokens = {name: gitea.create_user(name, secrets.token_urlsafe(12)) for name in (BOT, WRITER, READER)}
    gitea.call("POST", "/orgs", username="acme")
    gitea.call("POST", "/orgs/acme/repos", name="shop", default_branch="main", private=True)
    for name, permission in ((BOT, "admin"), (WRITER, "write"), (READER, "read")):
        gitea.call("PUT", f"/repos/{REPOSITORY}/collaborators/{name}", permission=permission)
    environ = {**os.environ, "GITEA_TOKEN": tokens[BOT]}
    (tmp_path / "pushboat").mkdir()
    (tmp_path / "pushboat" / "webhook-secret").write_text(secrets.token_urlsafe(32))
    served = Served.start(tmp_path / "pushboat", _operators_file(gitea, kubeconfig), environ)
    installed = served.command("hook", "install", f"gitea/{REPOSITORY}", env=environ)
    assert installed.returncode == 0, installed.stderr
    clone = _clone(gitea, tokens, tmp_path)
    yield Stage(gitea=gitea, served=served, cluster=cluster, clone=clone, tokens=tokens, environ=environ)
    served.stop()


def _operators_file(gitea: Gitea, kubeconfig: Path) -> dict[str, Any]:
    environments = {name: {**LIMITS, "namespaces": [f"gitea-{name}"]} for name in ("staging", "production")}
    forge = {
        "kind": "gitea",
        "url": gitea.url,
        "webhook_secrets": [{"file": "webhook-secret"}],
        "token": {"env": "GITEA_TOKEN"},
    }
    return {
        "forges": {"gitea": forge},
        "clusters": {"dev": {"kubeconfig": str(kubeconfig)}},
        "projects": [{"repository": f"gitea/{REPOSITORY}", "environments": environments}],
    }


def _clone(gitea: Gitea, tokens: dict[str, str], tmp_path: Path) -> Path:
    folder = tmp_path / "clone"
    address = gitea.url.replace("http://", f"http://{WRITER}:{tokens[WRITER]}@")
    cloning = ["git", "clone", "--quiet", f"{address}/{REPOSITORY}.git", str(folder)]
    subprocess.run(cloning, env={**os.environ, **ENVIRONMENT}, check=True, capture_output=True)
    return folder
