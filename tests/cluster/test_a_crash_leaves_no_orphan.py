"""A worker may die before or after any write: the next deployment ends where an undisturbed one would have."""

from contextlib import suppress
from dataclasses import replace

import pytest

from tests.cluster.desk import Desk, config_map, deployment, document
from tests.lines import Died, Mortal, put
from workers.cluster.client.connection import Cluster
from workers.cluster.inventory import owned
from workers.cluster.objects import PART_OF

ACCOUNT = document({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "runner"}})
BEFORE = config_map("kept", a="1") + config_map("changed", a="1") + config_map("leaves", a="1") + ACCOUNT
AFTER = config_map("kept", a="1") + config_map("changed", a="2") + deployment("comes", replicas=0)
MEMBERS = {"configmaps": ["changed", "kept"], "serviceaccounts": [], "deployments": ["comes"]}


def members(desk: Desk, part_of: str) -> dict[str, list[str]]:
    found = {}
    for plural in MEMBERS:
        api = "/apis/apps/v1" if plural == "deployments" else "/api/v1"
        path = f"{api}/namespaces/{desk.namespace}/{plural}"
        items = desk.cluster.request("GET", path, {"labelSelector": f"{PART_OF}={part_of}"}).data["items"]
        found[plural] = sorted(each["metadata"]["name"] for each in items)
    return found


def dying(desk: Desk, life: int, *, after: bool) -> Cluster:
    return put(desk.cluster, Mortal(desk.cluster.line, life, after))


@pytest.mark.proves("prune-crash", "pain-6")
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("life", range(1, 8))
def test_wherever_it_dies_the_next_one_ends_right(desk: Desk, life: int, *, after: bool) -> None:
    """Created, changed and pruned objects are as if nothing had happened, and the inventory is exact."""
    desk.deploy(BEFORE)
    kept = desk.get("configmaps", "kept")
    try:
        replace(desk, cluster=dying(desk, life, after=after)).deploy(AFTER)
        survived = True
    except Died:
        survived = False
    assert survived == (life > WRITES), f"an undisturbed deployment makes {WRITES} writes"
    desk.deploy(AFTER)
    assert members(desk, desk.parent.id) == MEMBERS
    assert desk.inventory().kinds == {"ConfigMap", "Deployment.apps"}
    assert desk.get("configmaps", "kept") == kept, "what is unchanged is not touched"


WRITES = 6
"""Widen, change, create, delete two, narrow."""


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("life", range(1, 4))
def test_a_hand_over_happens_whole_or_not_at_all(desk: Desk, life: int, *, after: bool) -> None:
    """A worker that dies while an inventory goes on under another name leaves it to one of the two, members and all."""
    desk.deploy(BEFORE)
    stage = desk.allowing(name="stage", formerly=("staging",))
    with suppress(Died):
        replace(stage, cluster=dying(desk, life, after=after)).deploy(AFTER)
    assert list(owned(desk.cluster, [desk.parent.id], [desk.namespace])) == [desk.parent.id]
    stage.deploy(AFTER)
    assert members(desk, desk.parent.id) == MEMBERS
    assert str(owned(desk.cluster, [desk.parent.id], [desk.namespace])[desk.parent.id].owner) == "local/shop:stage"
