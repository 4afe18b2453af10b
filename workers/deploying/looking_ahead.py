"""The plan of what nobody has pushed yet: by the rules of a push, and nothing is noted of it."""

from collections.abc import Callable, Iterator

from pushboat.config.operator import Operator
from pushboat.model.deployment import Lane
from pushboat.sealing import Key
from pushboat.store import deployments, releases
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
from workers.deploying.ending_apis import ending
from workers.deploying.itinerary import itinerary
from workers.deploying.packing import pack
from workers.deploying.shared import Wishes
from workers.deploying.sources import Wanted
from workers.deploying.sparing import without
from workers.deploying.verifying import foretold
from workers.deploying.waves import Parts, parts_of
from workers.manifests.directives.waves import arrange
from workers.manifests.directives.words import Occasion

_NOBODYS = "0-here-0"
"""What hooks would be called of a deployment that there is not."""


def plan_ahead(
    operator: Operator,
    store: Store,
    cluster: Cluster,
    lane: Lane,
    wanted: Wanted,
    encryption_key: str,
    wishes_of: Callable[[str], Wishes],
) -> Plan:
    """Plan to bring it as a push would; `wishes_of` says what another environment wants by the same files.

    Raises:
        ClusterUnavailable, ClusterRefused: the cluster cannot be read.
        DeploymentFailed: the plan is refused.
    """
    environment = former.with_former_names(operator, store, lane.repository, wanted.environment)
    known = inventory.locate(cluster, lane.repository, environment, operator.canonical)
    elsewhere = shared.namespaces(operator, store, lane.repository, environment)
    live = read_live(cluster, known, wanted.objects, environment, elsewhere)
    alone, declared = tuple(left_alone(wanted.directed, live)), {each.ref for each in wanted.objects}
    return make_plan(
        without(wanted.objects, {each.ref for each in alone}),
        live,
        rules_of(environment, tokens_of(encryption_key, f"{lane.repository}/{environment.name}")),
        prune=environment.prune,
        sharing=shared.by_wishes(operator, store, lane, environment, live, declared, wishes_of),
        apart=wanted.hooks,
        alone=alone,
    )


def parts_ahead(store: Store, lane: Lane, wanted: Wanted, plan: Plan, key: Key) -> Parts:
    """Take it apart along its waves, with the hooks that its push would run.

    Raises:
        InvalidManifest: objects wait for each other, or for something that comes later.
    """
    newest = releases.listed(store, lane, 1)
    was_there = bool(plan.inventory.recorded.sha or newest) and not deployments.is_removed(store, lane)
    arranged = arrange(wanted.directed, Occasion.LATER if was_there else Occasion.FIRST)
    packed = pack([each.manifest for each in wanted.directed], wanted.environment, key, wanted.hooks)
    due = plan.changeset.counts.changes_something or not newest or newest[0].digest != packed.digest
    return parts_of(plan, arranged, _NOBODYS, with_hooks=due)


def said_ahead(cluster: Cluster, wanted: Wanted, parts: Parts) -> Iterator[str]:
    """Say what goes with it: of the render, of its APIs, of its order, of what verifies it."""
    yield from wanted.notes
    yield from ending(cluster, wanted.objects)
    yield from itinerary(parts)
    yield from foretold(wanted.environment)
