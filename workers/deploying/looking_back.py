"""The plan of a release that was brought already: what bringing it once more would change is what has drifted."""

from dataclasses import dataclass, field, replace

from pushboat.config.environment import Environment, as_released
from pushboat.config.operator import Limits, Operator
from pushboat.model.deployment import Lane
from pushboat.model.release import Render
from pushboat.store.database.engine import Store
from workers.cluster import inventory
from workers.cluster.client.connection import Cluster
from workers.cluster.masking import tokens_of
from workers.cluster.planning.alone import left_alone
from workers.cluster.planning.making import make_plan
from workers.cluster.planning.rules import rules_of
from workers.cluster.planning.words import Plan
from workers.cluster.reading.live import read_live
from workers.deploying import former, shared
from workers.deploying.directing import directed_in
from workers.deploying.packing import Unpacked, named
from workers.deploying.sources import Wanted
from workers.deploying.sparing import spared, without
from workers.deploying.summaries import LOCKED
from workers.review import limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is looked at: a stored release, and the environment as it is with it.

    `deployment` made it and is what runs; 0 where somebody only asks what going back to it would change.
    """

    environment: Environment
    stored: Unpacked
    encryption_key: str = field(repr=False)
    deployment: int = 0


def environment_of(limits: Limits, stored: Unpacked) -> Environment:
    """Give the environment of a stored release, inside of what the operator allows today."""
    return as_released(limits, stored.said)


def uncompared(stored: Unpacked) -> str:
    """Say what of a stored release nobody can compare; nothing where all of it can be."""
    if not stored.locked:
        return ""
    more = f" and {len(stored.locked) - 1} more" if len(stored.locked) > 1 else ""
    return f"{stored.locked[0]}{more} cannot be compared: {LOCKED}; deploy once more"


def plan_of(operator: Operator, store: Store, cluster: Cluster, lane: Lane, look: Look) -> Plan:
    """Plan to bring a stored release to the environment that has it; Secrets that cannot be read are left out.

    Raises:
        InvalidManifest: today's limits do not allow it any more.
        ClusterUnavailable, ClusterRefused: the cluster cannot be read.
    """
    wanted = _wanted(cluster, look)
    environment = former.with_former_names(operator, store, lane.repository, look.environment)
    known = inventory.locate(cluster, lane.repository, environment, operator.canonical)
    elsewhere = shared.namespaces(operator, store, lane.repository, environment)
    live = read_live(cluster, known, wanted.objects, environment, elsewhere)
    live = replace(live, create_namespaces=True)  # gone is drift too
    tokens = tokens_of(look.encryption_key, f"{lane.repository}/{environment.name}")
    alone, kept = tuple(left_alone(wanted.directed, live)), spared(wanted, live)
    declared = {each.ref for each in wanted.objects}
    if look.deployment:
        alone += tuple(shared.gone(operator, store, lane, environment, live, declared))
        kept = {**shared.stays(store, look.deployment, {each.ref for each in wanted.manifests}), **kept}
    return make_plan(
        without(wanted.objects, {*kept, *(each.ref for each in alone)}),
        live,
        rules_of(environment, tokens),
        prune=environment.prune,
        prune_many=True,
        apart={*wanted.hooks, *kept},
        alone=alone,
        sharing=shared.by_release(operator, store, lane, environment, live, declared),
    )


def _wanted(cluster: Cluster, look: Look) -> Wanted:
    checked = limits.check(look.stored.manifests, look.environment, cluster.kinds)
    return Wanted(
        environment=look.environment,
        manifests=look.stored.manifests,
        origin="",
        directed=directed_in(checked, look.environment),
        locked=look.stored.locked,
        stored=Render(contents={}, packed=b"", said=named(look.stored.said)),
    )
