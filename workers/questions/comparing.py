"""A cluster and the release that runs there, side by side for as long as a command looks at them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from pushboat.config.environment import Environment
from pushboat.config.operator import Limits, Operator
from pushboat.errors import PushboatError, Unavailable
from pushboat.model.deployment import Lane
from pushboat.model.drift import Drift
from pushboat.model.inspection import Seen
from pushboat.model.manifest import Manifest
from pushboat.model.release import Release
from pushboat.own_key import known_key
from pushboat.routing.drifting import incomparable
from pushboat.sealing import Key
from pushboat.store import releases
from pushboat.store.database.engine import Store
from workers.cluster.client.connection import Cluster, connect
from workers.cluster.drifting import drift
from workers.cluster.planning.words import Plan
from workers.deploying.looking_back import Look, environment_of, plan_of, uncompared
from workers.deploying.packing import Unpacked, unpack


class NothingToCompare(Unavailable):
    """No release of this environment is stored whole, so nobody knows what it should be like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """An environment's newest release as it is stored, and the open way to its cluster."""

    operator: Operator
    store: Store
    lane: Lane
    limits: Limits
    release: Release
    stored: Unpacked
    cluster: Cluster
    key: str = field(repr=False)

    @property
    def environment(self) -> Environment:
        """Give the environment as it was with the release, inside of what the operator allows today."""
        return environment_of(self.limits, self.stored)

    @property
    def unknown(self) -> str:
        """Say what of the release nobody can compare."""
        return uncompared(self.stored)

    def found(self, manifests: Sequence[Manifest] | None = None) -> tuple[tuple[Drift, ...], Plan]:
        """Ask the cluster what differs from the release, or would from it with other manifests, and by which plan.

        Raises:
            NothingToCompare: today's limits or the cluster do not let us look.
            ClusterUnavailable: it does not answer.
        """
        stored = self.stored if manifests is None else replace(self.stored, manifests=tuple(manifests))
        look = Look(
            environment=self.environment,
            stored=stored,
            encryption_key=self.key,
            deployment=self.release.deployment,
        )
        try:
            plan = plan_of(self.operator, self.store, self.cluster, self.lane, look)
            return drift(self.cluster, plan), plan
        except PushboatError as error:
            if isinstance(error, Unavailable):
                raise
            raise NothingToCompare(error.summary, error.details) from error


@contextmanager
def comparing(operator: Operator, store: Store, lane: Lane, limits: Limits, seen: Seen) -> Iterator[Comparing]:
    """Open what is compared.

    Raises:
        NothingToCompare: something is being deployed there, or no release is stored.
    """
    if seen.running is not None:
        raise NothingToCompare(f"deployment {seen.running} is changing {lane.environment} just now: ask again after it")
    release = seen.release
    packed = releases.packed(store, lane, release.number) if release else None
    why = incomparable(seen)
    if release is None or packed is None or why:
        raise NothingToCompare(f"{lane.repository} {lane.environment}: {why}")
    key = known_key(operator)
    try:
        stored = unpack(packed, Key(key))
        cluster = connect(operator.clusters[limits.cluster], limits.service_account, rules=operator.health)
    except PushboatError as error:
        if isinstance(error, Unavailable):
            raise
        raise NothingToCompare(error.summary, error.details) from error
    try:
        yield Comparing(
            operator=operator,
            store=store,
            lane=lane,
            limits=limits,
            release=release,
            stored=stored,
            cluster=cluster,
            key=key,
        )
    finally:
        cluster.close()
