"""A push at a bad moment, against a calm one: rollouts hang, the broker is frozen, the store is backed up and tidied.

On a real `serve` and a real control plane; GitHub itself cannot be reached, so that what is pushed waits for it.
"""

import os
import signal
import sqlite3
import statistics
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen

import yaml

from pushboat.config.retention import Retention
from pushboat.store.database.engine import open_store
from pushboat.store.forgetting import forget
from tests import breaking
from tests.bench.measuring import Row
from tests.bench.trickling import latencies
from tests.fakes.plain_git import PlainGit
from tests.receiving.front_door import SECRET
from tests.serving import Served
from tests.until import until
from tests.written import deployment

HANGING = 50
ROUNDS = 3
AT_ONCE = Retention(deliveries=1.0, deployments=1.0)
"""Seconds: whatever has ended goes, so that there is something to tidy all the time."""


def measure(kubeconfig: Path, folder: Path) -> list[Row]:
    """Give p50 and p99 of a push under pressure and in calm, in rounds that take turns."""
    with _serving(kubeconfig, folder) as served:
        latencies(served.url, "warm")
        calm, pressed = [], []
        for number in range(ROUNDS):
            calm.append(latencies(served.url, f"calm-{number}"))
            with ExitStack() as pressure:
                pressure.enter_context(_frozen(served))
                pressure.enter_context(_again_and_again(lambda: _back_up(served)))
                pressure.enter_context(_again_and_again(lambda: _tidy(served)))
                pressed.append(latencies(served.url, f"pressed-{number}"))
        assert _running(served) == HANGING, "they were to hang to the end"
    what = f"while {HANGING} rollouts hang, the broker is frozen, and the store is backed up and tidied, against calm"
    rows = []
    for name, place in (("p50", 49), ("p99", 98)):
        ours, peer = (statistics.median(each[place] for each in times) for times in (pressed, calm))
        rows.append(Row(f"{name} of a push {what}", ours, peer))
    return rows


@contextmanager
def _serving(kubeconfig: Path, folder: Path) -> Iterator[Served]:
    """Serve a repository on a plain git server, all of whose rollouts hang, and one on a GitHub that is away."""
    server = PlainGit(folder / "git")
    server.root.mkdir(parents=True)
    secret = folder / "secret"
    secret.write_text(SECRET)
    bare, clone = server.create_repository("many"), server.clone("many", folder / "clone")
    names = [f"e{number:02}" for number in range(HANGING)]
    limits = {name: {"cluster": "dev", "namespaces": [f"pressed-{name}"], "create_namespaces": True} for name in names}
    shop = {"staging": {"cluster": "dev", "namespaces": ["pressed-shop"]}}
    away = {"url": "http://127.0.0.1:9", "api_url": "http://127.0.0.1:9", "token": {"file": str(secret)}}
    operator = {
        "forges": {
            "local": {"kind": "git", "root": str(server.root), "webhook_secrets": [{"file": str(secret)}]},
            "github": {"kind": "github", "webhook_secrets": [{"file": str(secret)}], **away},
        },
        "clusters": {"dev": {"kubeconfig": str(kubeconfig)}},
        "projects": [
            {"repository": "local/many", "environments": limits},
            {"repository": "github/acme/shop", "environments": shop},
        ],
    }
    served = Served.start(folder / "serve", operator, executed=True)
    try:
        done = served.command("hook", "install", str(bare.path))
        assert done.returncode == 0, done.stderr
        followed = {name: {"branch": "main", "path": f"envs/{name}", "wait": "1h"} for name in names}
        hanging = {f"envs/{name}/web.yaml": deployment(behaviour="unready") for name in names}
        clone.commit({".pushboat.yaml": yaml.safe_dump({"environments": followed}), **hanging})
        with Popen(["git", "-C", str(clone.folder), "push", "--quiet", "origin", "HEAD:main"], stderr=DEVNULL) as push:
            until(lambda: _running(served) == HANGING, what="all of them to hang")
            yield served
            push.kill()  # it would show how they go on
    finally:
        served.stop()


def _running(served: Served) -> int:
    return len(served.get("/api/v1/deployments?state=running&limit=100")["items"])


@contextmanager
def _frozen(served: Served) -> Iterator[None]:
    broker = breaking.part(served, "broker")
    os.kill(broker, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(broker, signal.SIGCONT)


@contextmanager
def _again_and_again(act: Callable[[], object]) -> Iterator[None]:
    over = threading.Event()

    def go_on() -> None:
        while not over.is_set():
            act()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _back_up(served: Served) -> None:
    with (
        closing(sqlite3.connect(served.state / "pushboat.sqlite3")) as store,
        closing(sqlite3.connect(served.state.parent / "backup.sqlite3")) as copy,
    ):
        store.backup(copy, pages=100)


def _tidy(served: Served) -> None:
    store = open_store("", served.state)
    try:
        forget(store, AT_ONCE, lambda: False)
    finally:
        store.close()
