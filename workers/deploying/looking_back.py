"""The plan of a release that was brought already: what bringing it once more would change is what has drifted."""

from collections.abc import Callable

from pushboat.config.environment import Environment
from workers.cluster import inventory
from workers.cluster.client.connection import Cluster
from workers.cluster.masking import tokens_of
from workers.cluster.planning.alone import left_alone
from workers.cluster.planning.making import make_plan
from workers.cluster.planning.rules import rules_of
from workers.cluster.planning.words import Plan
from workers.cluster.reading.live import read_live
from workers.deploying.directing import directed_in
from workers.deploying.packing import Unpacked
from workers.deploying.sources import Wanted
from workers.deploying.sparing import without
from workers.review import limits


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
    )
    known = inventory.locate(cluster, repository, environment, canonical)
    live = read_live(cluster, known, wanted.objects, environment)
    tokens = tokens_of(encryption_key, f"{repository}/{environment.name}")
    alone = tuple(left_alone(wanted.directed, live))
    return make_plan(
        without(wanted.objects, {each.ref for each in alone}),
        live,
        rules_of(environment, tokens),
        prune_many=True,
        apart={*wanted.hooks, *stored.locked},
        alone=alone,
    )
