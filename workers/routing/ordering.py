"""Arrival order is not commit order: ask which older deployments a new one contains, and whether it is late itself."""

from dataclasses import dataclass, field

from pushboat.events import Event
from pushboat.forges.protocol import Client
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.state import Kind, Trigger
from pushboat.routing import Decision, Deploy
from pushboat.store import routing_jobs
from workers.tools import Tools, split


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`contained`: ids of unfinished deployments whose commit the new one contains. `outdated`: environment → id of
    a newer deployment that already contains the new one, which then only follows it."""

    contained: frozenset[int] = frozenset()
    outdated: dict[str, int] = field(default_factory=dict)


def order(tools: Tools, repository: str, event: Event, decision: Decision) -> Order:
    """Ask the forge how the commits of a decision stand to what is already queued or running.

    Raises:
        ForgeUnavailable: it did not say; without its word we neither call a commit contained nor late.
    """
    forge, path = split(repository)
    client = tools.clients(forge)
    contained: set[int] = set()
    outdated: dict[str, int] = {}
    for act in decision.acts:
        if not isinstance(act, Deploy):
            continue
        lane = Lane(repository=repository, environment=act.environment, number=act.number)
        newest = routing_jobs.newest(tools.store, lane)
        if newest is None:
            continue
        if _is_late(client, path, event, act, newest):
            outdated[act.environment] = newest.id
            continue
        for older in routing_jobs.unfinished(tools.store, lane):
            # An older head's plan has nothing more to say once there is a newer head, whatever their histories.
            if act.kind is Kind.PLAN or older.sha == act.sha or client.contains(path, older.sha, act.sha):
                contained.add(older.id)
    return Order(contained=frozenset(contained), outdated=outdated)


def _is_late(client: Client, path: str, event: Event, act: Deploy, newest: Deployment) -> bool:
    """Say whether a push arrived after a newer one of the same ref: only then is the ref's head another commit."""
    if act.trigger not in (Trigger.PUSH, Trigger.MERGE, Trigger.CATCH_UP) or newest.ref != act.ref:
        return False
    if newest.sha in (act.sha, event.before) or not client.contains(path, act.sha, newest.sha):
        return False
    return client.head(path, act.ref) != act.sha
