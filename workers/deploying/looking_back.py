"""The plan of a release that was brought already: what bringing it once more would change is what has drifted."""

from collections.abc import Callable
from dataclasses import replace

from pushboat.config.environment import Environment, as_released
from pushboat.config.operator import Limits
from pushboat.model.release import Render
from workers.cluster import inventory
from workers.cluster.client.connection import Cluster
from workers.cluster.masking import tokens_of
from workers.cluster.planning.alone import left_alone
from workers.cluster.planning.making import make_plan
from workers.cluster.planning.rules import rules_of
from workers.cluster.planning.words import Plan
from workers.cluster.reading.live import read_live
from workers.deploying.directing import directed_in
from workers.deploying.packing import Unpacked, named
from workers.deploying.sources import Wanted
from workers.deploying.sparing import spared, without
from workers.deploying.summaries import LOCKED
from workers.review import limits


def environment_of(limits: Limits, stored: Unpacked) -> Environment:
    """Give the environment of a stored release, inside of what the operator allows today."""
    return as_released(limits, stored.said)


def uncompared(stored: Unpacked) -> str:
    """Say what of a stored release nobody can compare; nothing where all of it can be."""
    if not stored.locked:
        return ""
    more = f" and {len(stored.locked) - 1} more" if len(stored.locked) > 1 else ""
    return f"{stored.locked[0]}{more} cannot be compared: {LOCKED}; deploy once more"


def plan_of(
    cluster: Cluster,
    repository: str,
    environment: Environment,
    stored: Unpacked,
    canonical: Callable[[str], str],
    encryption_key: str,
) -> Plan:
    """Plan to bring a stored release to the environment that has it; Secrets that cannot be read are left out.

    Raises:
        InvalidManifest: today's limits do not allow it any more.
        ClusterUnavailable, ClusterRefused: the cluster cannot be read.
    """
    checked = limits.check(stored.manifests, environment, cluster.kinds)
    wanted = Wanted(
        environment=environment,
        manifests=stored.manifests,
        origin="",
        directed=directed_in(checked, environment),
        locked=stored.locked,
        stored=Render(contents={}, packed=b"", said=named(stored.said)),
    )
    known = inventory.locate(cluster, repository, environment, canonical)
    live = replace(read_live(cluster, known, wanted.objects, environment), create_namespaces=True)  # gone is drift too
    tokens = tokens_of(encryption_key, f"{repository}/{environment.name}")
    alone = tuple(left_alone(wanted.directed, live))
    kept = spared(wanted, live)
    return make_plan(
        without(wanted.objects, {*kept, *(each.ref for each in alone)}),
        live,
        rules_of(environment, tokens),
        prune=environment.prune,
        prune_many=True,
        apart={*wanted.hooks, *kept},
        alone=alone,
    )
