"""What the demo plays on: a control plane, a bare repository with our hook, a working copy, and `pushboat serve`."""

import json
import os
import secrets
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import yaml

from cli import output
from cli.carried import carried
from cli.lab.demo.serving import connect, serving
from cli.lab.devcluster import control_plane
from cli.lab.loopback import free_port
from pushboat.forges.git.signing import signed_headers

EXAMPLE = carried("examples", "pushboat.yaml") / "plain"
REPOSITORY = "local/shop"
WAIT = "15s"
"""What a rollout of the demo gets: an image that is not there may still come, so the wait for it ends with its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where everything is; `clone` is a working copy whose `origin` is the bare repository."""

    folder: Path
    url: str
    kubeconfig: Path
    clone: Path
    namespace: str

    def get(self, path: str) -> Any:
        """Read one answer of the API."""
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:  # noqa: S310 - our own loopback URL
            return json.load(answer)

    def webhook_milliseconds(self) -> float:
        """Time warm webhooks from request to answer, each signed and stored, and give the median."""
        secret = (self.folder / "secret").read_text()
        times = []
        for _ in range(9):
            body = b'{"event": "ping", "repository": "shop"}'
            headers = signed_headers("ping", secrets.token_hex(16), body, secret)
            started = time.perf_counter()
            urllib.request.urlopen(  # noqa: S310 - our own loopback URL
                urllib.request.Request(f"{self.url}/webhooks/local", body, headers),  # noqa: S310
                timeout=10,
            ).close()
            times.append((time.perf_counter() - started) * 1000)
        return sorted(times)[len(times) // 2]


def git(folder: Path, *words: str) -> str:
    """Run git quietly with an author of the demo's own."""
    who = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in _AUTHOR.items()}
    done = subprocess.run(
        ["git", *words], cwd=folder, env={**os.environ, **who}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise click.ClickException(f"git {words[0]} failed: {done.stderr.strip()}")
    return done.stdout.strip()


_AUTHOR = {"NAME": "Dora", "EMAIL": "dora@example.com"}


@contextmanager
def on_stage(folder: Path, namespace: str, kubeconfig: Path | None) -> Iterator[Stage]:
    """Set everything up, and take it down with the block."""
    with ExitStack() as stack:
        if kubeconfig is None:
            output.say(
                "starting a Kubernetes control plane: real API server, real controllers, simulated nodes",
                glyph="►",
            )
            kubeconfig = stack.enter_context(control_plane(folder / "cluster", ephemeral=True))
        stage = _stage(folder, namespace, kubeconfig)
        output.say("starting Pushboat: broker, web, dashboard, dispatcher, worker, reporter", glyph="►")
        stack.enter_context(serving(folder))
        connect(folder, str(folder / "git" / "shop.git"))
        output.say(f"ready: {stage.url}", glyph="✔")
        yield stage


def _stage(folder: Path, namespace: str, kubeconfig: Path) -> Stage:
    bare, clone = folder / "git" / "shop.git", folder / "shop"
    bare.parent.mkdir()
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    shutil.copytree(EXAMPLE, clone)
    definition = yaml.safe_load((clone / ".pushboat.yaml").read_text())
    for environment in definition["environments"].values():
        environment["namespace"] = namespace
        environment["wait"] = WAIT
    (clone / ".pushboat.yaml").write_text(yaml.safe_dump(definition, sort_keys=False))
    git(clone, "init", "--quiet", "--initial-branch=main")
    git(clone, "remote", "add", "origin", str(bare))
    port = free_port()
    secret = folder / "secret"
    secret.touch(mode=0o600)
    secret.write_text(secrets.token_urlsafe(32))
    stage = Stage(
        folder=folder, url=f"http://127.0.0.1:{port}", kubeconfig=kubeconfig, clone=clone, namespace=namespace
    )
    (folder / "pushboat.yaml").write_text(yaml.safe_dump(_operators_file(stage, port), sort_keys=False))
    return stage


def _operators_file(stage: Stage, port: int) -> Mapping[str, Any]:
    limits = {"cluster": "demo", "namespaces": [stage.namespace], "create_namespaces": True}
    return {
        "public_url": stage.url,
        "listen": f"127.0.0.1:{port}",
        "state": str(stage.folder / "var"),
        "forges": {
            "local": {
                "kind": "git",
                "root": str(stage.folder / "git"),
                "webhook_secrets": [{"file": str(stage.folder / "secret")}],
            }
        },
        "clusters": {"demo": {"kubeconfig": str(stage.kubeconfig)}},
        "projects": [{"repository": REPOSITORY, "environments": {"staging": limits}}],
    }
