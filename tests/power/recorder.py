"""Runs the real web process below the recorder, sends it signed pushes from several sides, and reads the record.

The recorder is C (recorder.c), made with the machine's compiler: no other place sees a process's own writes and syncs
in their order, without a privilege and at its full speed.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import yaml

from pushboat.config import operator as operator_file
from pushboat.store.database import migrations, soundness
from pushboat.store.database.engine import open_store
from tests.compiling import library
from tests.ports import free_port
from tests.power.recording import Recording, read
from tests.receiving.front_door import SECRET, github_headers, push_body
from tests.until import until
from webhook.server import command

SOURCE = Path(__file__).with_name("recorder.c")
REPOSITORIES = ("acme/shop", "acme/till", "acme/stock")
SENDERS = 6

FILE = """
public_url: http://127.0.0.1:{port}
listen: 127.0.0.1:{port}
state: {state}
forges:
  github: {{kind: github, webhook_secrets: [{{file: {secret}}}], token: {{file: {secret}}}}}
clusters: {{dev: {{kubeconfig: {folder}/kubeconfig}}}}
projects:
"""
PROJECT = "  - {{repository: github/{0}, environments: {{staging: {{cluster: dev, namespaces: [shop]}}}}}}\n"


@dataclass(frozen=True, slots=True)
class Site:
    """An installation: its operator's file and its state."""

    config: Path
    state: Path
    url: str


def site(folder: Path) -> Site:
    """Write an operator's file below `folder`, on a free port, with the state folder beside it."""
    port, state = free_port(), folder / "var"
    state.mkdir(parents=True, exist_ok=True)
    (folder / "secret").write_text(SECRET)
    text = FILE.format(port=port, state=state, secret=folder / "secret", folder=folder)
    (folder / "pushboat.yaml").write_text(text + "".join(map(PROJECT.format, REPOSITORIES)))
    return Site(folder / "pushboat.yaml", state, f"http://127.0.0.1:{port}")


def operator(folder: Path) -> dict[str, Any]:
    """Give the operator's file of a site below `folder` as data, with a forge that nobody can reach."""
    data: dict[str, Any] = yaml.safe_load(site(folder).config.read_text())
    nowhere = {"api_url": "http://127.0.0.1:9", "clone_url": "http://127.0.0.1:9/{repository}.git"}
    data["forges"]["github"] |= nowhere
    return {name: value for name, value in data.items() if name not in ("public_url", "listen", "state")}


def files(state: Path) -> dict[str, bytes]:
    """Read the store's files; the -shm file is no content, SQLite makes it anew."""
    found = sorted(state.glob("pushboat.sqlite3*"))
    return {file.name: file.read_bytes() for file in found if not file.name.endswith("-shm")}


def record(folder: Path, *, pushes: int, launcher: Sequence[str] = ()) -> tuple[Recording, dict[str, bytes]]:
    """Send `pushes` deliveries to a recorded web process, end it, and give the record and the files as they are then.

    `launcher` is put before the module that python runs, to start the same process with a careless store.
    """
    place = site(folder)
    store = open_store("", place.state)
    migrations.upgrade(store)
    store.close()
    soundness.refuse_damaged(store)  # as `serve` does; it seals the store and sums its pages
    before = files(place.state)
    argv = command(place.config, operator_file.load(place.config, os.environ))
    assert argv[:3] == [sys.executable, "-m", "gunicorn"]
    recorder = {
        "LD_PRELOAD": str(library(SOURCE, folder)),
        "RECORDED_FOLDER": str(place.state),
        "RECORD": str(folder / "log"),
    }
    web = subprocess.Popen([argv[0], "-m", *launcher, *argv[2:]], env={**os.environ, **recorder})
    try:
        until(lambda: answers(place.url), what="the recorded web process to answer")
        _send(place.url, pushes)
        web.terminate()
        web.wait(60)
    finally:
        web.kill()
        web.wait()
    return read(folder / "log", before), files(place.state)


def answers(url: str) -> bool:
    """Say whether somebody listens."""
    try:
        return requests.get(f"{url}/healthz", timeout=5).status_code == 200
    except (requests.ConnectionError, requests.Timeout):
        return False


def _send(url: str, pushes: int) -> None:
    """Push from several sides at the same time, so that commits, checkpoints and answers overlap."""
    refused: list[str] = []

    def send(numbers: range) -> None:
        with requests.Session() as session:
            for number in numbers:
                name = REPOSITORIES[number % len(REPOSITORIES)]
                body = push_body(after=f"{number + 1:040x}", repository={"id": 1, "full_name": name})
                headers = github_headers(body, delivery=f"d-{number}")
                answer = session.post(f"{url}/webhooks/github", data=body, headers=headers, timeout=30)
                if answer.status_code != 202:
                    refused.append(answer.text)

    threads = [threading.Thread(target=send, args=(range(first, pushes, SENDERS),)) for first in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not refused, refused[0]
