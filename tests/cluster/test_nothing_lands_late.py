"""Two who write at the same time, and one who wakes up late: what runs in the end is what the last one meant."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pushboat.errors import ApplyRejected, LeaseLost
from tests.cluster.definitions import NOTHING, definition
from tests.cluster.desk import Desk, actions, config_map, deployment, document
from tests.lines import Frozen, put
from tests.until import until
from workers.cluster.client.connection import APPLY
from workers.cluster.client.refusals import Answered
from workers.cluster.objects import FENCE, PART_OF
from workers.cluster.writing.shutting_out import take_over

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
FOUR = [config_map(f"settings-{number}", a="1") for number in range(4)]


class Lease:
    """A lease that ends when somebody else takes the lane."""

    lost = False

    def may_write(self) -> None:
        if self.lost:
            raise LeaseLost("another worker has the lane")


def freezing(desk: Desk, request: str, meanwhile: Callable[[Desk], object]) -> Desk:
    """Give a desk whose worker freezes at a request while another worker takes over and does something."""
    lease = Lease()

    def others() -> None:
        lease.lost = True
        other = replace(desk, fence=desk.fence + 2)
        take_over(other.cluster, other.inventory(), other.fence, lambda: None)
        meanwhile(other)

    frozen = put(desk.cluster, Frozen(desk.cluster.line, request, others))
    return replace(desk, cluster=frozen, may_write=lease.may_write)


@pytest.mark.proves("shared-objects")
def test_two_repositories_that_create_the_same_object_do_not_share_it(desk: Desk) -> None:
    """Two repositories push an object of the same name at the same moment: the second one is told whose it is."""
    other = replace(desk, repository="local/other")
    plan = desk.plan(config_map("settings", whose="mine"))
    other.apply(config_map("settings", whose="theirs"))
    with pytest.raises(ApplyRejected, match="belongs to another inventory"):
        desk.apply_plan(plan)
    live = desk.get("configmaps", "settings")
    assert live is not None
    assert live["data"] == {"whose": "theirs"}
    assert live["metadata"]["labels"][PART_OF] == other.parent.id


@pytest.mark.proves("propagation")
def test_an_object_that_came_back_is_not_deleted_by_a_worker_that_woke_up_late(desk: Desk) -> None:
    """A worker freezes while it prunes an object, my next commit needs that object again: it stays."""
    desk.deploy("".join(FOUR))
    plan = desk.plan("".join(FOUR[:3]))
    again = "".join([*FOUR[:3], config_map("settings-3", a="2")])
    frozen = freezing(desk, "DELETE", lambda other: other.deploy(again))
    with pytest.raises(LeaseLost):
        frozen.prune(plan)
    live = desk.get("configmaps", "settings-3")
    assert live is not None
    assert live["data"] == {"a": "2"}


@pytest.mark.proves("pain-4")
def test_an_object_that_was_handed_over_meanwhile_is_not_deleted(desk: Desk) -> None:
    """While a rollout waits for health, somebody gives an object to another environment: it stays."""
    desk.deploy("".join(FOUR))
    plan = desk.plan("".join(FOUR[:3]))
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/settings-3"
    desk.write("somebody", path, {"metadata": {"labels": {PART_OF: "applyset-of-another"}}})
    deleted, survivors = desk.prune(plan)
    assert deleted == ()
    assert "belongs to somebody else now" in survivors[0].notes[0]


def test_an_object_that_only_changed_its_status_meanwhile_is_deleted(desk: Desk) -> None:
    """A controller writes to an object between plan and prune: it is still the one that leaves the repository."""
    desk.deploy("".join(FOUR) + deployment())
    plan = desk.plan("".join(FOUR))
    path = f"/apis/apps/v1/namespaces/{desk.namespace}/deployments/web"
    desk.write("somebody", path, {"metadata": {"annotations": {"seen": "yes"}}})
    deleted, survivors = desk.prune(plan)
    assert [change.ref.name for change in deleted] == ["web"]
    assert survivors == ()


@pytest.mark.proves("orphans")
def test_what_a_worker_created_after_it_lost_its_lane_is_taken_back(desk: Desk) -> None:
    """A worker freezes before it creates an object that my next commit does not have: it does not stay behind."""
    desk.deploy(FOUR[0])
    frozen = freezing(desk, "PATCH configmaps/settings-1", lambda other: other.deploy(FOUR[0]))
    with pytest.raises(LeaseLost):
        frozen.apply("".join(FOUR[:2]))
    assert desk.get("configmaps", "settings-1") is None


def test_what_a_late_worker_created_and_the_next_one_wants_stays(desk: Desk) -> None:
    """A worker freezes before it creates an object that the next one creates too: that one's stays as it is."""
    desk.deploy(FOUR[0])
    newer = FOUR[0] + config_map("settings-1", a="2")
    frozen = freezing(desk, "PATCH configmaps/settings-1", lambda other: other.deploy(newer))
    with pytest.raises(LeaseLost):
        frozen.apply("".join(FOUR[:2]))
    live = desk.get("configmaps", "settings-1")
    assert live is not None
    assert live["data"] == {"a": "2"}


def test_a_store_that_was_lost_stops_nobody(desk: Desk) -> None:
    """The store is set up anew and counts its fences from one again: pushes deploy, and a take-over still works."""
    desk.deploy("".join(FOUR))
    take_over(desk.cluster, desk.inventory(), 90, lambda: None)
    anew = replace(desk, fence=2)
    plan = anew.plan("".join([*FOUR[:3], config_map("settings-3", a="2")]))
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/settings-3"
    desk.write("somebody", path, {"metadata": {"annotations": {"seen": "yes"}}})
    assert actions(anew.apply_plan(plan))["settings-3"] == "configured"

    late = anew.plan("".join([*FOUR[:3], config_map("settings-3", a="3")]))
    take_over(anew.cluster, anew.inventory(), 3, lambda: None)
    with pytest.raises(LeaseLost):
        anew.apply_plan(late)
    live = desk.get("configmaps", "settings-3")
    assert live is not None
    assert int(live["metadata"]["annotations"][FENCE]) > 90


def test_a_worker_that_lost_its_lane_takes_nothing_over(desk: Desk) -> None:
    """A worker that freezes while it shuts an earlier one out does not lower a later one's fence."""
    desk.deploy("".join(FOUR))
    lease = Lease()
    lease.lost = True
    with pytest.raises(LeaseLost):
        take_over(desk.cluster, desk.inventory(), 2, lease.may_write)


def test_a_fence_that_comes_late_lowers_no_other(desk: Desk) -> None:
    """A worker freezes in its take-over, while the next one takes over from it: that one's fence stays."""
    desk.deploy("".join(FOUR))
    frozen = freezing(desk, "PATCH configmaps/settings-1", lambda _other: None)
    with pytest.raises(LeaseLost):
        take_over(frozen.cluster, frozen.inventory(), frozen.fence, frozen.may_write)
    live = desk.get("configmaps", "settings-1")
    assert live is not None
    assert int(live["metadata"]["annotations"][FENCE]) == desk.fence + 2


def test_a_controller_that_writes_meanwhile_keeps_no_fence_away(desk: Desk) -> None:
    """Something changes an object between a take-over's look and its write: the fence gets there all the same."""
    desk.deploy("".join(FOUR))
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/settings-1"
    seen = {"metadata": {"annotations": {"seen": "yes"}}}
    somebody = Frozen(desk.cluster.line, "PATCH configmaps/settings-1", lambda: desk.write("somebody", path, seen))
    take_over(put(desk.cluster, somebody), desk.inventory(), 90, desk.may_write)
    live = desk.get("configmaps", "settings-1")
    assert live is not None
    assert int(live["metadata"]["annotations"][FENCE]) == 90


def test_a_kind_that_the_cluster_does_not_serve_now_stays_in_the_inventory(desk: Desk) -> None:
    """An aggregated API is down while I push: its objects are found again when it is back."""
    desk.deploy(FOUR[0])
    path = f"/api/v1/namespaces/{desk.namespace}/secrets/{desk.parent.name}"
    mark = "applyset.kubernetes.io/contains-group-kinds"
    desk.write("pushboat", path, {"metadata": {"annotations": {mark: "Boat.harbour.example,ConfigMap,Secret"}}})
    desk.deploy(FOUR[0])
    assert desk.inventory().kinds == {"Boat.harbour.example", "ConfigMap"}


def boats(desk: Desk, group: str, *, v2: bool) -> None:
    """Define Boats as somebody else, in the version v1 and, served or not, v2."""
    body = definition(group, schema=NOTHING)
    (first,) = body["spec"]["versions"]
    body["spec"]["versions"] = [first, {**first, "name": "v2", "served": v2, "storage": False}]
    desk.write("somebody", f"{DEFINITIONS}/boats.{group}", body, APPLY)


def serves(desk: Desk, group: str, version: str) -> bool:
    """Say whether the API server answers for Boats in a version."""
    try:
        desk.cluster.request("GET", f"/apis/{group}/{version}/namespaces/{desk.namespace}/boats")
    except Answered:
        return False
    return True


@pytest.mark.proves("orphans")
def test_objects_of_a_version_that_is_served_no_more_are_still_found(desk: Desk) -> None:
    """A kind's version goes away while Pushboat runs: what leaves the repository is deleted all the same."""
    group = f"{desk.namespace}.example"
    boats(desk, group, v2=True)
    try:
        until(lambda: serves(desk, group, "v2"), what="Boats of v2")
        boat = document({"apiVersion": f"{group}/v2", "kind": "Boat", "metadata": {"name": "one"}})
        until(lambda: desk.cluster.kinds.find(group, "v2", "Boat"), what="v2 to be discovered")
        desk.deploy(FOUR[0] + boat)
        boats(desk, group, v2=False)
        until(lambda: not serves(desk, group, "v2"), what="v2 to be gone")
        assert actions(desk.deploy(FOUR[0])) == {"settings-0": "unchanged", "one": "deleted"}
        assert desk.inventory().kinds == {"ConfigMap"}
    finally:
        desk.cluster.request("DELETE", f"{DEFINITIONS}/boats.{group}")
