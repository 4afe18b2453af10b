"""One push amid 2,000 environments of which it touches one, until that has succeeded, against the same push alone.

On a real `serve`, a plain git server and a real control plane. What the other environments are was never brought to the
cluster: it is written down as if it had been.
"""

import os
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from subprocess import DEVNULL, Popen
from time import perf_counter

import sqlalchemy as sa
import yaml

from pushboat.config import operator as operator_file
from pushboat.events import Event, EventKind
from pushboat.store import deliveries, turns
from pushboat.store.database.engine import open_store
from tests.bench.measuring import Row
from tests.bench.touching import AT_MOST, ENVIRONMENTS, REF, carry_out
from tests.fakes.plain_git import Clone, PlainGit
from tests.serving import Served
from tests.until import until
from tests.written import config_map
from workers.app import make_tools
from workers.routing.story import route_repository
from workers.running.leases import LEASE, Leases
from workers.running.scratch import scratch

REPOSITORY = "local/many"
TOUCHED = "e0000"
ROUNDS = 5
WITHIN = 120.0
_COMPARED = sa.text("UPDATE inspection SET next_at = :first")


def measure(kubeconfig: Path, folder: Path, many: int = ENVIRONMENTS) -> list[Row]:
    """Push to both in turn."""
    with _standing(kubeconfig, folder / "many", many) as ours, _standing(kubeconfig, folder / "one", 1) as peer:
        times: tuple[list[float], list[float]] = ([], [])
        for number in range(ROUNDS + 1):
            for side, (served, clone) in enumerate((ours, peer)):
                took = _pushed(served, clone, str(number))
                if number:  # the first one learns what the next ones find
                    times[side].append(took)
    what = f"1 touched of {many:,} environments, pushed until it has succeeded, against 1 of 1; at most {AT_MOST}"
    return [Row(what, statistics.median(times[0]), statistics.median(times[1]))]


def _pushed(served: Served, clone: Clone, version: str) -> float:
    """Change one environment, and give the seconds from the push until it has succeeded."""
    sha = clone.commit({f"envs/{TOUCHED}/it.yaml": config_map("it", version=version)})
    started = perf_counter()
    with Popen(["git", "-C", str(clone.folder), "push", "--quiet", "origin", "HEAD:main"], stderr=DEVNULL) as push:
        row = until(partial(_ended, served, sha), within=WITHIN, what="the deployment")
        took = perf_counter() - started
        assert push.wait(WITHIN) == 0
    assert row["state"] == "succeeded", row["reason"]
    return took


def _ended(served: Served, sha: str) -> dict[str, object] | None:
    rows = served.get(f"/api/v1/deployments?sha={sha}&environment={TOUCHED}")["items"]
    return next((dict(row) for row in rows if row["finished_at"]), None)


@contextmanager
def _standing(kubeconfig: Path, folder: Path, many: int) -> Iterator[tuple[Served, Clone]]:
    """Serve a repository of which everything is deployed."""
    server = PlainGit(folder / "git")
    server.root.mkdir(parents=True)
    secret = folder / "secret"
    secret.write_text("a secret of the bench\n")
    bare = server.create_repository("many")
    clone = server.clone("many", folder / "clone")
    names = [f"e{number:04}" for number in range(many)]
    limits = {name: {"cluster": "dev", "namespaces": [f"{many}-{name}"], "create_namespaces": True} for name in names}
    operator = {
        "forges": {"local": {"kind": "git", "root": str(server.root), "webhook_secrets": [{"file": str(secret)}]}},
        "clusters": {"dev": {"kubeconfig": str(kubeconfig)}},
        "projects": [{"repository": REPOSITORY, "environments": limits}],
        "drift": {"every": "24h"},
    }
    served = Served.start(folder / "serve", operator, executed=True)
    try:
        served.stop()
        followed = {name: {"branch": "main", "path": f"envs/{name}"} for name in names}
        objects = {f"envs/{name}/it.yaml": config_map("it", version="first") for name in names}
        sha = clone.commit({".pushboat.yaml": yaml.safe_dump({"environments": followed}), **objects})
        assert clone.push().code == 0
        _deployed(served, sha)
        served.restart()
        done = served.command("hook", "install", str(bare.path))
        assert done.returncode == 0, done.stderr
        yield served, clone
    finally:
        served.stop()


def _deployed(served: Served, sha: str) -> None:
    """Route the first push while nobody deploys, and write down that all got through and is compared a day later."""
    operator = operator_file.load(served.config, os.environ)
    store = open_store(operator.store, operator.state)
    try:
        event = Event(kind=EventKind.PUSH, action="updated", repository="many", ref=REF, sha=sha)
        deliveries.accept(store, "local", "first", event)
        with Leases(partial(turns.renew, store, ttl=LEASE)) as leases, scratch(operator.state) as folder:
            tools = make_tools(operator, store, leases, folder, threading.Event())
            route_repository(tools, REPOSITORY)
            carry_out(tools, REPOSITORY)
            with store.writing() as tx:
                tx.change(_COMPARED, first=tx.now + operator.drift_every)
    finally:
        store.close()
