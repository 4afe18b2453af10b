"""Break a running Pushboat on purpose, and look whether a deployment ended exactly once all the same."""

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import yaml

from pushboat.store import outbox, quieting
from pushboat.store.database.engine import Store, open_store
from tests.serving import Served, alive, children, own_children
from tests.until import PATIENCE, until
from tests.written import config_map

if TYPE_CHECKING:
    from tests.stories.conftest import Shop

PARTS = {
    "broker": "valkey-server",
    "web": "webhook.server",
    "dashboard": "dashboard.server",
    "dispatcher": "workers.dispatcher",
    "worker": "workers.app worker",
    "reporter": "workers.app reporter",
}
"""What stands in the command line of each process of `serve`."""

FINALS = ("success", "failure", "error", "failed", "canceled")
"""The states of GitHub and GitLab after which nothing may come."""

LEASE_AND_AGAIN = 180.0
"""Seconds for a lease to run out (15), and for somebody else to do all of it again on a busy machine."""

FENCE = "pushboat.dev/fence"
MEMBERS = "?labelSelector=applyset.kubernetes.io/part-of"


def part(served: Served, name: str) -> int:
    """Wait until a part of `serve` runs and give its pid: serve's own child, not what that one started.

    A process that is being killed has no command line any more, while what it started still has one.
    """

    def running() -> int | None:
        return next((pid for pid, line in own_children(served.process.pid).items() if PARTS[name] in line), None)

    return until(running, what=f"the {name} to run")


def now() -> None:
    """Wait for nothing."""


def kill(served: Served, *names: str, when: Callable[[], object] = now) -> None:
    """Kill parts with -9 at the same moment, and wait until serve has started each of them again.

    Who they are is found out before `when` waits for the moment, which may be a short one.
    """
    pids = {name: part(served, name) for name in names}
    when()
    for pid in pids.values():
        os.kill(pid, signal.SIGKILL)
    for name, pid in pids.items():
        until(lambda name=name, pid=pid: part(served, name) != pid, what=f"another {name}")  # type: ignore[misc]
    until(lambda: answers(served), what="the web to answer")


def strike(served: Served, name: str) -> None:
    """Kill a part with -9, and wait until nothing of it is left that could still take what comes for the next one."""
    pid = part(served, name)
    its = {pid, *children(pid)}
    os.kill(pid, signal.SIGKILL)
    until(lambda: not any(map(alive, its)), what=f"the {name} to be gone")


def freeze(served: Served, pid: int) -> None:
    """Stop a process where it holds no transaction of the SQLite file: one frozen in it holds up all the others too."""

    def between_two_writes() -> bool:
        os.kill(pid, signal.SIGSTOP)
        with closing(sqlite3.connect(served.state / "pushboat.sqlite3", timeout=1.0, isolation_level=None)) as file:
            try:
                file.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                os.kill(pid, signal.SIGCONT)
                return False
            file.execute("ROLLBACK")
            return True

    until(between_two_writes, what=f"{pid} to be between two writes")


def answers(served: Served) -> bool:
    """Say whether the web process answers."""
    try:
        return bool(served.get("/healthz", within=5.0)["alive"])
    except OSError:
        return False


def many(count: int, **data: str) -> str:
    """Write so many ConfigMaps that their apply takes long enough to be interrupted."""
    return "---\n".join(config_map(f"settings-{number:03}", **data) for number in range(count))


def members(shop: "Shop") -> list[dict[str, Any]]:
    """List the ConfigMaps that Pushboat owns in a shop's namespace."""
    found = shop.cluster.get(f"/api/v1/namespaces/{shop.namespace}/configmaps{MEMBERS}")
    return list(found["items"])


def data_of(shop: "Shop") -> list[dict[str, str]]:
    """List what stands in them, each content once."""
    contents: list[dict[str, str]] = []
    for each in members(shop):
        if each["data"] not in contents:
            contents.append(each["data"])
    return contents


def fences(shop: "Shop") -> dict[str, int]:
    """Give the fence that each of them bears; 0 for none."""
    return {
        each["metadata"]["name"]: int(each["metadata"].get("annotations", {}).get(FENCE, 0)) for each in members(shop)
    }


def heal(shop: "Shop") -> None:
    """Make the pods that were never to become ready run after all."""
    place = f"/api/v1/namespaces/{shop.namespace}/pods"
    behaviour = {"metadata": {"annotations": {"devcluster.pushboat.dev/behaviour": None}}}
    pods = until(lambda: shop.cluster.get(place)["items"], what="pods")
    for pod in pods:
        path = f"{place}/{pod['metadata']['name']}"
        assert shop.cluster.request("PATCH", path, behaviour, "application/merge-patch+json")


def waits_for_health(shop: "Shop", sha: str) -> None:
    """Wait until the deployment of a commit has applied everything and says what it waits for."""

    def waits() -> bool:
        rows = [row for row in shop.served.deployments(shop.repository) if row["sha"] == sha]
        if not rows or rows[0]["state"] != "running":
            return False
        progress = shop.served.get(f"/api/v1/deployments/{rows[0]['id']}/progress")["items"]
        return any(line["phase"] == "wait" for line in progress)

    until(waits, what=f"{sha[:7]} to wait for health")


def unsent(served: Served) -> int:
    """Count what waits for a forge."""
    with store_of(served) as store:
        return outbox.backlog(store)


def knows_a_limit(served: Served) -> bool:
    """Say whether some forge is to be asked nothing for a while."""
    with store_of(served) as store:
        return bool(quieting.listed(store))


@contextmanager
def store_of(served: Served) -> Iterator[Store]:
    """Open the store of a running Pushboat."""
    chosen = yaml.safe_load(served.config.read_text()).get("store")
    store = open_store(os.environ[chosen["env"]] if chosen else "", served.state)
    try:
        yield store
    finally:
        store.close()


def ended_once(
    shop: "Shop", sha: str, state: str = "succeeded", final: str = "success", within: float = PATIENCE
) -> None:
    """Wait for the end, then see that it came once: one row, one final status, and nothing after that."""
    ended = shop.ended(sha, within=within)
    assert ended["state"] == state, ended
    shop.status(sha, final)
    until(lambda: not unsent(shop.served), what="everything to be sent")
    rows = [row for row in shop.served.deployments(shop.repository) if row["sha"] == sha]
    assert [row["id"] for row in rows] == [ended["id"]]
    states = shop.states(sha)
    assert [one for one in states if one in FINALS] == [final], states
    assert states[-1] == final, states
