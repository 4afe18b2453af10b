"""In whose name a deployment waits for a place: its repository's line, and its cluster, which may have a limit."""

from contextlib import AbstractContextManager
from functools import partial

from pushboat.store import hinting
from workers.running.slots import Party, Slot
from workers.tools import Tools


def place(tools: Tools, deployment: int) -> AbstractContextManager[Slot | None]:
    """Wait for a place among those that work, in turn; None where it is inside already, or waits no more."""
    return tools.slots.one(deployment, partial(party, tools, deployment))


def party(tools: Tools, deployment: int) -> Party | None:
    """Say where a deployment stands in line; None where it waits no more."""
    lane = hinting.lane_of_waiting(tools.store, deployment)
    if lane is None:
        return None
    operator = tools.by_now().operator
    limits = operator.limits(lane.repository, lane.environment)
    cluster = operator.clusters.get(limits.cluster) if limits else None
    if cluster is None:
        return Party(line=lane.repository)
    return Party(line=lane.repository, cluster=cluster.name, most=cluster.deployments)
