"""What leaves the repository leaves the cluster, carefully."""

from dataclasses import replace

import pytest

from pushboat.errors import LeaseLost, PruneFailed
from tests.cluster.desk import Desk, actions, config_map, deployment, document, lost, notes
from tests.lines import audited
from tests.sweeping import sweep
from tests.until import until
from tests.written import definition
from workers.cluster.client.connection import Cluster

FOUR = [config_map(f"settings-{number}", a="1") for number in range(4)]


@pytest.mark.proves("inventory")
def test_a_removed_manifest_is_deleted_and_the_inventory_follows(desk: Desk) -> None:
    """Removing a file removes its object, and its kind from the inventory."""
    desk.deploy(config_map("settings", a="1") + deployment())
    assert desk.inventory().kinds == {"ConfigMap", "Deployment.apps"}
    assert actions(desk.deploy(config_map("settings", a="1"))) == {"settings": "unchanged", "web": "deleted"}
    assert desk.get("deployments", "web", "/apis/apps/v1") is None
    assert desk.inventory().kinds == {"ConfigMap"}


@pytest.mark.proves("prune-guard", "pain-3")
def test_more_than_half_is_deleted_only_when_told(desk: Desk) -> None:
    """A mistake that empties my folder does not empty my cluster."""
    desk.deploy("".join(FOUR))
    with pytest.raises(PruneFailed, match="refusing to delete 3 of 4 objects at once"):
        desk.deploy(FOUR[0])
    assert actions(desk.deploy("".join(FOUR[:2])))["settings-3"] == "deleted"
    desk.deploy("".join(FOUR))
    assert desk.deploy(FOUR[0], prune_many=True).counts.deleted == 3


@pytest.mark.proves("orphans", "pain-6")
def test_with_prune_off_stale_objects_stay_ours(desk: Desk) -> None:
    """With prune: false nothing is deleted, and turning it on later still finds what is stale."""
    careful = desk.allowing(prune=False)
    careful.deploy("".join(FOUR) + deployment())
    changes = careful.deploy("".join(FOUR))
    assert "stays: prune is off" in notes(changes.changes, "web")
    assert "Deployment.apps" in desk.inventory().kinds
    assert actions(desk.deploy("".join(FOUR)))["web"] == "deleted"


@pytest.mark.proves("stateful-kinds")
def test_claims_are_never_deleted_by_themselves(desk: Desk) -> None:
    """A volume claim that leaves the repository keeps its data until a person deletes it."""
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }
    desk.deploy(FOUR[0] + document(claim))
    changes = desk.deploy(FOUR[0])
    assert "stays: deleting it may delete its data" in notes(changes.changes, "data")
    assert desk.get("persistentvolumeclaims", "data") is not None
    assert "PersistentVolumeClaim" in desk.inventory().kinds


@pytest.mark.proves("stateful-kinds")
def test_namespaces_definitions_and_volumes_are_never_deleted_by_themselves(desk: Desk) -> None:
    """What other people's objects or data hang on stays when it leaves git, and is named each time."""
    kinds = ("Namespace", "CustomResourceDefinition", "PersistentVolume")
    able = desk.allowing(cluster_scoped=kinds, adopt=("any",))
    group = f"{desk.namespace}.example"
    volume = {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": desk.namespace},
        "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/nowhere"}},
    }
    try:
        namespace = document({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": desk.namespace}})
        able.deploy(f"{FOUR[0]}{namespace}---\n{definition('boats', 'Boat', group)}{document(volume)}")
        for _ in ("now", "and the next time"):
            changes = able.deploy(FOUR[0]).changes
            assert "stays: deleting it would delete every object of its kind" in notes(changes, f"boats.{group}")
            said = {change.ref.kind: change.notes[0] for change in changes if change.ref.name == desk.namespace}
            assert said["Namespace"].endswith("stays: deleting it would delete everything in it")
            assert said["PersistentVolume"].endswith("stays: deleting it may delete its data")
    finally:
        desk.cluster.request("DELETE", f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/boats.{group}")
        desk.cluster.request("DELETE", f"/api/v1/persistentvolumes/{desk.namespace}")


@pytest.mark.proves("propagation")
def test_what_an_object_owns_goes_with_it(desk: Desk) -> None:
    """My Deployment leaves git: its ReplicaSets and pods go as well, without that anybody waits for them."""
    desk.deploy(FOUR[0] + deployment())

    def pods() -> list[object]:
        found: list[object] = desk.cluster.request("GET", f"/api/v1/namespaces/{desk.namespace}/pods").data["items"]
        return found

    until(pods, what="the Deployment's pod")
    assert actions(desk.deploy(FOUR[0]))["web"] == "deleted"
    until(lambda: not pods(), what="the pod's end")


@pytest.mark.proves("propagation")
def test_an_object_created_anew_by_somebody_is_not_deleted(desk: Desk) -> None:
    """Only the very object that was planned to go is deleted, not a namesake that came later."""
    desk.deploy("".join(FOUR))
    plan = desk.plan("".join(FOUR[:3]))
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/settings-3"
    desk.cluster.request("DELETE", path)
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings-3"}}
    desk.write("somebody", path, body, "application/apply-patch+yaml")
    deleted, survivors = desk.prune(plan)
    assert deleted == ()
    assert "created anew" in survivors[0].notes[0]


def test_pruning_stops_when_the_lease_is_gone(desk: Desk) -> None:
    """A worker that lost its lease deletes nothing."""
    desk.deploy("".join(FOUR))
    cluster, audit = audited(desk.cluster)
    with pytest.raises(LeaseLost):
        replace(desk, cluster=cluster, may_write=lost).deploy("".join(FOUR[:3]))
    assert audit.writes == []


@pytest.mark.proves("prune-crash")
def test_the_inventory_is_widened_before_anything_is_applied(desk: Desk) -> None:
    """A worker that dies in the middle of an apply leaves nothing that is not found later."""
    desk.deploy(FOUR[0])
    cluster, audit = audited(desk.cluster)
    replace(desk, cluster=cluster).deploy(FOUR[0] + deployment())
    assert audit.writes[0].endswith(f"/secrets/{desk.parent.name}")
    assert audit.writes[1].endswith("/deployments/web")
    assert len(audit.writes) == 2


@pytest.mark.proves("applyset")
def test_kubectl_reads_the_inventory_as_an_applyset(desk: Desk) -> None:
    """The inventory is an ApplySet as KEP-3659 describes it."""
    desk.deploy(FOUR[0] + deployment())
    parent = desk.get("secrets", desk.parent.name)
    assert parent is not None
    marks = parent["metadata"]["annotations"]
    assert parent["metadata"]["labels"]["applyset.kubernetes.io/id"] == desk.parent.id
    assert marks["applyset.kubernetes.io/tooling"] == "pushboat/v1"
    assert marks["applyset.kubernetes.io/contains-group-kinds"] == "ConfigMap,Deployment.apps"
    assert marks["pushboat.dev/repository"] == "local/shop"


def test_the_inventory_stays_found_when_another_namespace_becomes_the_first(desk: Desk, door: Cluster) -> None:
    """The operator sorts my environment's namespaces: what I deployed before is still mine, and still pruned."""
    first, second = desk.namespace, f"{desk.namespace}-b"
    desk = desk.allowing(namespaces=(first, second), create_namespaces=True)
    try:
        desk.deploy("".join(FOUR))
        sorted_anew = desk.allowing(namespaces=(second, first))
        assert actions(sorted_anew.deploy("".join(FOUR[:3])))["settings-3"] == "deleted"
        assert sorted_anew.inventory().parent.namespace == first
    finally:
        sweep(door.request, second)
