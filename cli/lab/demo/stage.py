"""What the demo plays on: a control plane, a bare repository with our hook, a working copy, and `pushboat serve`."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
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
from cli.lab.devcluster import control_plane
from pushboat.forges.git.signing import signed_headers
from pushboat.parent_death import die_with

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "plain"
REPOSITORY = "local/shop"
READY_WITHIN = 60.0
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
        output.say("starting Pushboat: broker, web, dispatcher, worker, reporter", glyph="►")
        stack.enter_context(_serving(stage))
        _connect(stage)
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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
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


def _pushboat(stage: Stage, *words: str) -> list[str]:
    return [sys.executable, "-m", "cli.main", "--config", str(stage.folder / "pushboat.yaml"), *words]


@contextmanager
def _serving(stage: Stage) -> Iterator[None]:
    ready, log = stage.folder / "ready", stage.folder / "serve.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            _pushboat(stage, "serve", "--ready-file", str(ready)),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,  # Ctrl-C is for the demo: it ends what it started, in order
            preexec_fn=die_with(os.getpid()),
        )
    try:
        _await_ready(process, ready, log)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_ready(process: "subprocess.Popen[bytes]", ready: Path, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise click.ClickException(f"Pushboat did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


def _connect(stage: Stage) -> None:
    bare = stage.folder / "git" / "shop.git"
    done = subprocess.run(
        _pushboat(stage, "hook", "install", str(bare)), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise click.ClickException(f"the hook could not be installed: {done.stderr.strip()}")
