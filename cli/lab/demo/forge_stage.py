"""What the forge's demo plays on: a Gitea with a repository, its hook and an open pull request, beside Pushboat."""

import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from cli import output
from cli.lab import gitea
from cli.lab.demo.serving import connect, serving
from cli.lab.demo.stage import EXAMPLE, WAIT, git
from cli.lab.devcluster import control_plane
from cli.lab.gitea import Gitea
from cli.lab.loopback import free_port

FORGE, REPOSITORY = "gitea", "acme/shop"
BOT, VISITOR = "pushboat", "dora"
BRANCH = "greet-politely"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgeStage:
    """Where everything is: `url` is Pushboat's, `password` and `token` are the visitor's."""

    folder: Path
    url: str
    kubeconfig: Path
    gitea: Gitea
    password: str
    token: str
    namespace: str

    @property
    def clone(self) -> Path:
        """Name the visitor's working copy."""
        return self.folder / "shop"

    def ask(self, method: str, path: str, **fields: Any) -> Any:
        """Ask something of the repository as the visitor."""
        return self.gitea.call(method, f"/repos/{REPOSITORY}{path}", self.token, **fields)


@contextmanager
def on_forge_stage(folder: Path, namespace: str) -> Iterator[ForgeStage]:
    """Set everything up, and take it down with the block."""
    with ExitStack() as stack:
        output.say("starting a Kubernetes control plane: real API server, real controllers, simulated nodes", glyph="►")
        kubeconfig = stack.enter_context(control_plane(folder / "cluster", ephemeral=True))
        output.say(f"starting Gitea {gitea.VERSION}: a forge of your own, on this machine", glyph="►")
        forge = stack.enter_context(gitea.running(folder / "gitea"))
        password = secrets.token_urlsafe(9)
        bot, visitor = (forge.create_user(BOT, secrets.token_urlsafe(32)), forge.create_user(VISITOR, password))
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        stage = ForgeStage(
            folder=folder, url=url, kubeconfig=kubeconfig, gitea=forge,
            password=password, token=visitor, namespace=namespace,
        )  # fmt: skip
        _create_repository(stage)
        output.say("starting Pushboat: broker, web, dashboard, dispatcher, worker, reporter", glyph="►")
        (folder / "pushboat.yaml").write_text(yaml.safe_dump(_operators_file(stage, port), sort_keys=False))
        token = {"GITEA_TOKEN": bot}
        connect(folder, f"{FORGE}/{REPOSITORY}", token)
        stack.enter_context(serving(folder, token))
        yield stage


def _create_repository(stage: ForgeStage) -> None:
    """Make the repository, with those who may write; Pushboat's own account makes the hook, as README says."""
    forge = stage.gitea
    owner, _, name = REPOSITORY.partition("/")
    forge.call("POST", "/orgs", username=owner)
    forge.call("POST", f"/orgs/{owner}/repos", name=name, default_branch="main")
    for who, may in ((BOT, "admin"), (VISITOR, "write")):
        forge.call("PUT", f"/repos/{REPOSITORY}/collaborators/{who}", permission=may)


def _operators_file(stage: ForgeStage, port: int) -> Mapping[str, Any]:
    limits = {"cluster": "demo", "namespaces": [stage.namespace], "create_namespaces": True}
    return {
        "public_url": stage.url,
        "listen": f"127.0.0.1:{port}",
        "state": str(stage.folder / "var"),
        "forges": {
            FORGE: {
                "kind": FORGE,
                "url": stage.gitea.url,
                "webhook_secrets": [{"file": str(stage.folder / "webhook-secret")}],
                "token": {"env": "GITEA_TOKEN"},
            }
        },
        "clusters": {"demo": {"kubeconfig": str(stage.kubeconfig)}},
        "projects": [{"repository": f"{FORGE}/{REPOSITORY}", "environments": {"staging": limits}}],
    }


def push_first(stage: ForgeStage) -> str:
    """Push the example to main over HTTP, and give the commit."""
    shutil.copytree(EXAMPLE, stage.clone)
    file = stage.clone / ".pushboat.yaml"
    definition = yaml.safe_load(file.read_text())
    definition["environments"]["staging"] |= {"namespace": stage.namespace, "wait": WAIT}
    file.write_text(yaml.safe_dump(definition, sort_keys=False))
    git(stage.clone, "init", "--quiet", "--initial-branch=main")
    _remember_password(stage)
    git(stage.clone, "remote", "add", "origin", f"{stage.gitea.url}/{REPOSITORY}.git")
    git(stage.clone, "add", "--all")
    git(stage.clone, "commit", "--quiet", "--message", "Put the shop into staging")
    git(stage.clone, "push", "--quiet", "--set-upstream", "origin", "main")
    return git(stage.clone, "rev-parse", "HEAD")


def propose(stage: ForgeStage) -> tuple[int, str]:
    """Push a branch that changes one object, open its pull request, and give its number and head."""
    git(stage.clone, "switch", "--quiet", "--create", BRANCH)
    config = stage.clone / "deploy" / "config.yaml"
    lines = ["  greeting: Good evening\n" if line.startswith("  greeting:") else line for line in config.open()]
    config.write_text("".join(lines))
    git(stage.clone, "commit", "--quiet", "--all", "--message", "Greet politely")
    git(stage.clone, "push", "--quiet", "origin", BRANCH)
    number = stage.ask("POST", "/pulls", head=BRANCH, base="main", title="Greet politely")["number"]
    return int(number), git(stage.clone, "rev-parse", "HEAD")


def _remember_password(stage: ForgeStage) -> None:
    """Let git know the visitor without asking; the token stands in a file of the stage, in no address and no argv."""
    kept = stage.folder / "git-credentials"
    kept.touch(mode=0o600)
    kept.write_text(stage.gitea.url.replace("http://", f"http://{VISITOR}:{stage.token}@") + "\n")
    git(stage.clone, "config", "credential.helper", f"store --file={kept}")
