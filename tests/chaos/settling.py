"""How a run comes to rest: wait until nothing waits any more, and look at all of it where it stands."""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pushboat.errors import PushboatError
from pushboat.store.database.engine import Store, open_store
from tests.chaos import facts, producing
from tests.chaos.lanes import namespaces
from tests.chaos.machines import Machines
from tests.chaos.statuses import all_statuses
from tests.cluster_view import ClusterView
from tests.fakes.forge import FakeForge
from tests.until import until

SETTLES = 420.0
"""Seconds without any progress after which what has not come to its end will not, when nothing breaks any more: what
was accepted in ten minutes may take longer than that, on a machine that does much else."""
LONGEST = 3600.0
"""Seconds in which it must all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A control plane: how to reach it, its audit log, and its pid where it is ours to break."""

    kubeconfig: Path
    audit: Path
    pid: int = 0


def settled(
    running: Machines, cluster: Cluster, histories: Sequence[producing.History], forges: Mapping[str, FakeForge]
) -> facts.Facts:
    """Wait until everything has come to its end, and look at all of it."""
    store = open_store(running.environ.get("PUSHBOAT_STORE", ""), running.served[0].state)
    try:
        _let_settle(running, store)
        return _look(store, running, cluster, histories, forges)
    finally:
        store.close()


def _let_settle(running: Machines, store: Store) -> None:
    """Wait until nothing waits any more, or nothing has moved for too long: the judge names what did not end."""
    last, began = "nobody looked", time.monotonic()

    def moved() -> bool:
        nonlocal last
        running.look_after()
        now = _waiting(store)
        changed, last = now != last, now
        return changed or not last

    with suppress(AssertionError):
        while last and time.monotonic() < began + LONGEST:
            until(moved, within=SETTLES)


def _waiting(store: Store) -> str:
    try:
        return facts.waiting(store)
    except PushboatError as error:
        return str(error)


def _look(
    store: Store,
    running: Machines,
    cluster: Cluster,
    histories: Sequence[producing.History],
    forges: Mapping[str, FakeForge],
) -> facts.Facts:
    view = ClusterView(cluster.kubeconfig)
    try:
        lanes = {
            history.place.namespace(environment): facts.lane_in(view, history.place, environment)
            for history in histories
            for environment in history.place.environments
            if history.commits
        }
    finally:
        view.close()
    audit = running.served[0].command("audit", "verify", env={**os.environ, **running.environ})
    return facts.Facts(
        delivered=facts.deliveries_in(store),
        rows=facts.deployments_in(store),
        unsent=facts.unsent_in(store),
        lanes=lanes,
        writes=facts.writes_in(cluster.audit, namespaces()),
        statuses=all_statuses(histories, forges),
        audit="" if audit.returncode == 0 else audit.stdout + audit.stderr,
        said=facts.said_in(running.logs()),
        sizes=facts.sizes_of(each.state for each in running.served),
    )
