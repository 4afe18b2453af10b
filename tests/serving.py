"""Run `pushboat serve` as a user does: its own process tree, its own state folder, a real operator's file."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests import forked
from tests.ports import free_port
from tests.until import PATIENCE, until

ROOT = Path(__file__).resolve().parent.parent


def parents() -> dict[int, int]:
    """Give the parent of each living process."""
    found: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                found[int(entry.name)] = int(fields[1])
    return found


def own_children(pid: int) -> dict[int, str]:
    """List the living children of a process, not theirs, with their command lines."""
    return {child: command_line(child) for child, parent in parents().items() if parent == pid}


def children(pid: int) -> dict[int, str]:
    """List the living descendants of a process with their command lines."""
    of = parents()
    found: dict[int, str] = {}
    frontier = {pid}
    while frontier:
        frontier = {child for child, parent in of.items() if parent in frontier and child not in found}
        for child in frontier:
            found[child] = command_line(child)
    return found


def command_line(pid: int) -> str:
    """Read a process's argv, empty when it is gone."""
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def alive(pid: int) -> bool:
    """Say whether a process still runs; a zombie does not."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@dataclass
class Served:
    """A running `pushboat serve`."""

    url: str
    config: Path
    state: Path
    process: forked.Running | subprocess.Popen[bytes]
    log: Path
    executed: bool = False
    token: str = ""

    @classmethod
    def start(
        cls,
        folder: Path,
        operator: Mapping[str, Any],
        environ: Mapping[str, str] | None = None,
        *,
        executed: bool = False,
    ) -> "Served":
        """Write the operator's file below `folder`, start serving and wait until everything is ready.

        Args:
            folder: where all of it lies.
            operator: what stands in the file beside addresses and folders.
            environ: the secrets.
            executed: by a start of its own, for who asks what a start costs or what the system knows of its processes;
                else by fork, which spares the loading.
        """
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        config, state, log = folder / "pushboat.yaml", folder / "var", folder / "serve.log"
        url = f"http://127.0.0.1:{port}"
        config.write_text(
            yaml.safe_dump({"public_url": url, "listen": f"127.0.0.1:{port}", "state": str(state), **operator})
        )
        process = _spawn(config, log, environ, executed=executed)
        served = cls(url=url, config=config, state=state, process=process, log=log, executed=executed)
        served.wait_until_ready()
        return served

    def wait_until_ready(self) -> None:
        """Wait for the line that a user waits for."""

        def ready() -> bool:
            assert self.process.poll() is None, f"serve ended:\n{self.log.read_text()[-4000:]}"
            return "Pushboat is ready" in self.log.read_text()

        until(ready, within=120, what="'Pushboat is ready'")

    def restart(self, environ: Mapping[str, str] | None = None) -> None:
        """Start again on the same state, after a stop or a kill."""
        self.log.write_text("")
        self.process = _spawn(self.config, self.log, environ, executed=self.executed)
        self.wait_until_ready()

    def child(self, words: str) -> int:
        """Give the pid of the child whose command line contains these words."""
        found = [pid for pid, line in own_children(self.process.pid).items() if words in line]
        assert found, f"no child with {words!r} among {own_children(self.process.pid)}"
        return found[0]

    def get(self, path: str, within: float = 60.0) -> Any:
        """GET a JSON page, which takes so many seconds at most."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        asked = urllib.request.Request(self.url + path, headers=headers)
        with urllib.request.urlopen(asked, timeout=within) as answer:
            return json.load(answer)

    def page(self, path: str) -> str:
        """GET an HTML page."""
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return str(answer.read().decode())

    def deployments(self, repository: str, environment: str = "staging") -> list[dict[str, Any]]:
        """List a lane's deployments, newest first, page by page."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = self.get(f"/api/v1/deployments?repository={repository}&environment={environment}&limit=100{cursor}")
            found += page["items"]
            if not page["next"]:
                return found
            cursor = f"&cursor={page['next']}"

    def ended(
        self, repository: str, sha: str, environment: str = "staging", within: float = PATIENCE
    ) -> dict[str, Any]:
        """Wait until the deployment of a commit has ended, and give it."""

        def answer() -> dict[str, Any] | None:
            rows = [row for row in self.deployments(repository, environment) if row["sha"] == sha]
            done = [row for row in rows if row["finished_at"]]
            return done[0] if done else None

        return until(answer, within=within, what=f"the end of {repository} {environment} at {sha[:7]}")

    def command(self, *words: str, env: Mapping[str, str] | None = None) -> forked.Finished:
        """Run a `pushboat` command with this server's operator's file."""
        return forked.pushboat(["--config", str(self.config), *words], cwd=ROOT, env=os.environ if env is None else env)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it and wait; what it started must be gone too."""
        family = children(self.process.pid)
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        deadline = time.monotonic() + 60
        while (left := [pid for pid in family if alive(pid)]) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not left, f"left behind: {[(pid, command_line(pid)) for pid in left]}"
        return code


def _spawn(
    config: Path, log: Path, environ: Mapping[str, str] | None, *, executed: bool
) -> forked.Running | subprocess.Popen[bytes]:
    words, env = ["--config", str(config), "serve"], {**os.environ, **(environ or {})}
    with log.open("ab") as output:
        if not executed:
            return forked.serving(words, output, cwd=ROOT, env=env)
        return subprocess.Popen(
            [sys.executable, "-m", "cli.main", *words],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=env,
        )
