"""A worker's tools over a real store, for whatever forge and environments a test has."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from pushboat.config.forge import Forge
from pushboat.config.operator import ClusterAccess, Limits, Operator, Project
from pushboat.config.project import Allowed
from pushboat.store import turns
from pushboat.store.database.engine import Store
from workers.app import make_tools
from workers.running.leases import LEASE, Leases
from workers.tools import Tools


@contextmanager
def at_work(
    state: Path,
    store: Store,
    forge: Forge,
    projects: Mapping[str, Mapping[str, Limits]],
    clusters: Mapping[str, ClusterAccess] | None = None,
) -> Iterator[Tools]:
    """Hold what a worker process has in hand; `projects` are repositories with their environments."""
    operator = Operator(
        public_url="http://pushboat.example",
        host="127.0.0.1",
        port=8700,
        state=state,
        workers=2,
        forges={forge.name: forge},
        clusters=clusters or {},
        projects={name: Project(repository=name, environments=Allowed(limits)) for name, limits in projects.items()},
    )
    with Leases(partial(turns.renew, store, ttl=LEASE)) as leases:
        yield make_tools(operator, store, leases, state, threading.Event())
