"""What the stories work with: store, forges, clusters, leases. Built once per process by `app.py`, handed down.

Only the story functions (deploying, planning, routing, reporting) see the whole bag; what they call gets what it needs.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pushboat.config.environment import Environment
from pushboat.config.kinds import KINDS
from pushboat.config.operator import Forge, Limits, Operator, Project
from pushboat.errors import ForgeUnavailable, NotConfigured, Unavailable
from pushboat.forges.protocol import Client
from pushboat.reading import known
from pushboat.sealing import Key
from pushboat.store import looks
from pushboat.store.database.engine import Store
from workers.cluster.client.connection import Cluster, connect
from workers.running.leases import Leases
from workers.running.nudges import Nudges
from workers.running.progress_lines import ProgressLines
from workers.running.slots import Slots


def split(repository: str) -> tuple[str, str]:
    """Split `github/acme/shop` into the forge's name and the path on it."""
    forge, _, path = repository.partition("/")
    return forge, path


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Everything a story needs. `ring` wakes the dispatcher and `nudges` who waits here, `owner` names this process in
    leases, `scratch` is a folder of its own, `stopping` is set when it was told to end, `lines` take what deployments
    say; what leaves of secrets is made with the `encryption_key`."""

    operator: Operator
    store: Store
    leases: Leases
    slots: Slots
    owner: str
    ring: Callable[[], None]
    clients: Callable[[str], Client]
    clusters: "Clusters"
    scratch: Path
    stopping: threading.Event
    lines: ProgressLines
    nudges: Nudges = field(default_factory=Nudges)
    encryption_key: str = field(default="", repr=False)
    newest: "Callable[[], Tools] | None" = field(default=None, repr=False)

    def by_now(self) -> "Tools":
        """Give the same with the operator's file that counts now; a story keeps the one that it began with."""
        return self.newest() if self.newest else self

    @property
    def git_caches(self) -> Path:
        """Say where the bare clones are kept."""
        return self.operator.state / "git"

    @property
    def outside(self) -> Path:
        """Say where charts and files from outside of repositories are kept."""
        return self.operator.state / "outside"

    @property
    def bases(self) -> Path:
        """Say where the bare clones of bases are kept, in a folder for each login."""
        return self.operator.state / "bases"

    @property
    def renders(self) -> Path:
        """Say where this machine keeps what it has rendered."""
        return self.operator.state / "renders"

    @property
    def key(self) -> Key:
        """Give what stored Secrets are sealed with."""
        return Key(self.encryption_key)

    def stuck(self) -> bool:
        """Say whether nothing comes of the loop's turning any more: no place moves, or no lease is renewed."""
        return self.slots.stuck() or self.leases.stuck()

    def renders_of(self, repository: str) -> str:
        """Name the repository that renders of this one are committed to; empty where none is said."""
        project = self.operator.projects.get(repository)
        return project.renders if project else ""

    def is_silent(self, repository: str) -> bool:
        """Say whether nobody comments on a repository's forge."""
        forge = self.operator.forges.get(split(repository)[0])
        return forge is not None and not KINDS[forge.kind].longest_comment

    def client(self, forge: str) -> Client:
        """Give the client of a forge, as `clients` does.

        Raises:
            NotConfigured: it has left the operator's file.
            ForgeUnavailable: the dispatcher knows of it, and this process has not read that file yet.
        """
        if forge not in self.operator.forges and looks.is_of(self.store, forge):
            raise ForgeUnavailable(
                f"this process has not read yet that the operator's file has forge {forge}", retry_after=2
            )
        return self.clients(forge)

    def project(self, repository: str) -> Project:
        """Look up what the operator allows a repository; the web process has checked that it was known then.

        Raises:
            NotConfigured: it has left the operator's file since.
            Unavailable: the dispatcher knows of it, and this process has not read that file yet.
        """
        if repository not in self.operator.projects:
            if looks.is_scheduled(self.store, repository):  # on another machine a mounted file may come a minute later
                raise Unavailable(
                    f"this worker has not read yet that the operator's file has {repository}", retry_after=2
                )
            raise NotConfigured(f"{repository} is not in the operator's file any more: put it back under projects")
        return self.operator.projects[repository]

    def environments(self, repository: str, also: Iterable[str] = ()) -> dict[str, Limits]:
        """Give the environments of a repository that there are; of names that somebody says (`also`) the allowed ones.

        Raises:
            NotConfigured: as `project`.
        """
        return known.environments(self.store, self.project(repository), also)


@dataclass(frozen=True, slots=True)
class Clients:
    """Forge clients, one per forge, kept for the life of the process."""

    operator: Operator
    make: Callable[[Forge], Client]
    _open: dict[str, Client] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, forge: str) -> Client:
        """Give the client of a forge by its name in the operator's file.

        Raises:
            NotConfigured: it has left the operator's file.
        """
        if forge not in self.operator.forges:
            raise NotConfigured(f"forge {forge} is not in the operator's file any more: put it back under forges")
        with self._lock:
            if forge not in self._open:
                self._open[forge] = self.make(self.operator.forges[forge])
            return self._open[forge]


@dataclass(frozen=True, slots=True)
class Clusters:
    """API clients, one per cluster; every service account speaks over the connections of its cluster's one."""

    operator: Operator
    scratch: Path
    _open: dict[str, Cluster] = field(default_factory=dict)
    _speakers: dict[tuple[str, str], Cluster] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, environment: Environment | Limits) -> Cluster:
        """Give the client that speaks for an environment; it opens when it is first asked, outside of our lock.

        Raises:
            NotConfigured: its cluster has left the operator's file.
        """
        name, account = environment.cluster, environment.service_account
        if name not in self.operator.clusters:
            raise NotConfigured(f"cluster {name} is not in the operator's file any more: put it back under clusters")
        with self._lock:
            if name not in self._open:
                self._open[name] = connect(
                    self.operator.clusters[name], scratch=self.scratch, rules=self.operator.health
                )
            if (name, account) not in self._speakers:
                self._speakers[name, account] = self._open[name].speaking_as(account)
            return self._speakers[name, account]

    def close(self) -> None:
        """Close every connection; nobody asks through them any more."""
        with self._lock:
            for each in self._open.values():
                each.close()
