"""The event of a deployment comes after its lane was given back: what no lease covers any more is told all the same."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from pushboat.model.deployment import Turn
from pushboat.model.state import Kind, State, Trigger
from pushboat.store import deployments, turns
from tests.engine_room.drifting import Watched
from tests.store.repository import deploy
from tests.until import until
from tests.written import config_map
from workers.running.leases import LEASE, Leases

SOON = 0.01
RED, BROKEN = config_map("settings", colour="red"), config_map("Not_A_Name", colour="red")


@dataclass
class Renewals:
    """The store's answers about leases, with how many were lost."""

    watched: Watched
    lost: int = 0

    def renew(self, held: Sequence[Turn]) -> Collection[Turn]:
        ours = turns.renew(self.watched.store, held, ttl=LEASE)
        self.lost += len(held) - len(ours)
        return ours


@pytest.fixture
def slow(watched: Watched) -> Iterator[Watched]:
    """A worker that is asked about its leases between each end and what comes after it."""
    renewals, ends = Renewals(watched), 0

    def ring() -> None:
        nonlocal ends
        if deployments.listed(watched.store)[0].state.ended:
            ends += 1
            until(lambda: renewals.lost >= ends, what="a renewal after the end", at_once=True)

    with Leases(renewals.renew, SOON) as leases:
        yield replace(watched, tools=replace(watched.tools, leases=leases, ring=ring))
    assert ends


def told(watched: Watched) -> list[str]:
    """List the reasons of the events at the inventory."""
    items = watched.cluster.get(f"/api/v1/namespaces/{watched.namespace}/events")["items"]
    return [each["reason"] for each in items if each["source"].get("component") == "pushboat"]


@pytest.mark.proves("cluster-events")
def test_what_succeeded_has_its_event(slow: Watched) -> None:
    """I look with `kubectl get events` right after the status went green, and it is there."""
    made = slow.release(RED)
    assert made.state is State.SUCCEEDED, made.reason
    assert told(slow) == ["Deployed"]


@pytest.mark.proves("cluster-events")
def test_what_failed_has_its_event(slow: Watched) -> None:
    """A commit that the cluster refused says so where I look with kubectl."""
    slow.release(RED)
    assert slow.release(BROKEN).state is State.FAILED
    assert told(slow) == ["Deployed", "DeploymentFailed"]


@pytest.mark.proves("cluster-events")
def test_what_was_put_back_has_its_event(slow: Watched) -> None:
    """An edit by hand that was undone says so beside what it undid."""
    slow.release(RED)
    slow.edit("/api/v1/namespaces/$NS/configmaps/settings", {"data": {"colour": "blue"}})
    slow.come_round()
    assert slow.healed().state is State.SUCCEEDED
    assert told(slow) == ["Deployed", "Deployed"]


@pytest.mark.proves("cluster-events")
def test_what_was_removed_has_its_event(slow: Watched) -> None:
    """An environment that was destroyed leaves word of it in a namespace that was there before it."""
    slow.cluster.request("POST", "/api/v1/namespaces", {"metadata": {"name": slow.namespace}})
    made = slow.release(RED)
    (removal,) = slow.repository.route(deploy(made.sha, kind=Kind.REMOVAL, trigger=Trigger.COMMAND))
    assert slow.carried_out(removal).state is State.SUCCEEDED
    assert told(slow) == ["Deployed", "Removed"]
