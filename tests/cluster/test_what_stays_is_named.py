"""What left git and cannot go, or must not, is named each time, and goes once it may."""

from typing import Any

import pytest

from pushboat.model.manifest import Ref
from tests.cluster.definitions import definition
from tests.cluster.desk import Desk, actions, config_map, document
from tests.directives.rows import ROWS
from workers.cluster.client.connection import Cluster
from workers.cluster.planning.leaving import protected
from workers.cluster.planning.order import leaves_as

HOLD = {"metadata": {"finalizers": ["example.com/hold"]}}
RELEASE: dict[str, Any] = {"metadata": {"finalizers": []}}
KEPT = config_map("kept", a="1")
SECRET = document({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "gone"}, "stringData": {"a": "b"}})
SERVICE = document(
    {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "gone"}, "spec": {"ports": [{"port": 80}]}}
)
ACCOUNT = document({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "gone"}})
HELD = {"configmaps": config_map("gone"), "secrets": SECRET, "services": SERVICE, "serviceaccounts": ACCOUNT}


@pytest.mark.proves("survivors", "pain-6")
@pytest.mark.parametrize("plural", HELD)
def test_an_object_with_a_finalizer_is_named_until_it_is_gone(desk: Desk, plural: str) -> None:
    """It is not counted as deleted; the finalizer is named; the next deployment after its release knows it is gone."""
    path = f"/api/v1/namespaces/{desk.namespace}/{plural}/gone"
    desk.deploy(KEPT + HELD[plural])
    desk.write("holder", path, HOLD)
    plan = desk.plan(KEPT)
    assert desk.prune(plan)[0] == ()
    (stays,) = desk.prune(desk.plan(KEPT))[1]
    assert stays.notes[0].endswith("stays: still being deleted: finalizer example.com/hold")
    assert len(desk.inventory().kinds) == 2 - (plural == "configmaps"), "it is still found"
    desk.write("holder", path, RELEASE)
    assert actions(desk.deploy(KEPT)) == {"kept": "unchanged"}
    assert desk.inventory().kinds == {"ConfigMap"}


PROTECTIONS = [(row.key, row.value) for row in ROWS if row.value in {keep.said for keep in row.means.keeps}]


@pytest.mark.proves("prune-protection")
@pytest.mark.parametrize(("key", "word"), PROTECTIONS)
def test_an_annotation_for_another_tool_keeps_an_object(key: str, word: str) -> None:
    """What I wrote for Argo CD, Flux, Helm, kapp or cli-utils holds here too, whatever else stands beside it."""
    assert key in protected({"metadata": {"annotations": {key: word}}})
    assert protected({"metadata": {"annotations": {key: "something else"}}}) == ""
    if "argocd" in key:
        assert word in protected({"metadata": {"annotations": {key: f"ServerSideApply=true, {word}"}}})
        assert word in protected({"metadata": {"annotations": {key: f"NoSuchOption=true,{word}"}}})


@pytest.mark.proves("prune-protection")
def test_what_asks_for_a_word_is_deleted_with_one() -> None:
    """`Prune=confirm` stays until somebody consents; `Prune=false` stays then too."""
    asks = {"metadata": {"annotations": {"argocd.argoproj.io/sync-options": "Prune=confirm"}}}
    never = {"metadata": {"annotations": {"argocd.argoproj.io/sync-options": "Prune=false"}}}
    assert protected(asks)
    assert not protected(asks, consent=True)
    assert protected(never, consent=True)


@pytest.mark.proves("prune-protection")
def test_a_protected_object_stays_ours_until_it_may_go(desk: Desk) -> None:
    """It keeps its label and place in the inventory, is named each time, and goes when the annotation does."""
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "gone"}}
    body["metadata"]["annotations"] = {"helm.sh/resource-policy": "keep"}  # type: ignore[index]  # a mapping
    desk.deploy(KEPT + document(body))
    for _ in range(2):
        (stays,) = desk.prune(desk.plan(KEPT))[1]
        assert "helm.sh/resource-policy: keep" in stays.notes[0]
    path = f"/api/v1/namespaces/{desk.namespace}/configmaps/gone"
    desk.write("kubectl", path, {"metadata": {"annotations": {"helm.sh/resource-policy": None}}})
    assert actions(desk.deploy(KEPT))["gone"] == "deleted"


@pytest.mark.proves("order-of-deletion", "pain-21")
def test_the_last_to_come_is_the_first_to_go() -> None:
    """Webhooks, custom resources, workloads, Services, configuration: each leaves before what it stands on."""
    order = [
        Ref("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", "", "a"),
        Ref("example.com", "Widget", "shop", "a"),
        Ref("apps", "Deployment", "shop", "a"),
        Ref("", "Service", "shop", "a"),
        Ref("", "ServiceAccount", "shop", "a"),
        Ref("apiextensions.k8s.io", "CustomResourceDefinition", "", "a"),
    ]
    ranks = [leaves_as(ref) for ref in order]
    assert ranks == sorted(set(ranks))
    assert leaves_as(Ref("batch", "Job", "shop", "a")) == leaves_as(order[2])


@pytest.fixture
def widgets(desk: Desk, door: Cluster) -> Any:
    """A kind of ours, of a group of its own."""
    group = f"{desk.namespace}.example.com"
    yield group, definition(group, "Widget")
    path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.{group}"
    if door.find(path):
        door.request("DELETE", path)


@pytest.mark.proves("order-of-deletion", "pain-21")
def test_an_operator_outlives_its_custom_resources(desk: Desk, widgets: Any) -> None:
    """While a finalizer holds a custom resource, what may have to take it off stays; then both go."""
    group, defined = widgets
    desk = desk.allowing(cluster_scoped=("CustomResourceDefinition",))
    widget = {"apiVersion": f"{group}/v1", "kind": "Widget", "metadata": {"name": "one"}}
    path = f"/apis/{group}/v1/namespaces/{desk.namespace}/widgets/one"
    base = document(defined) + KEPT
    desk.deploy(base + ACCOUNT + document(widget))
    desk.write("operator", path, HOLD)
    deleted, stay = desk.prune(desk.plan(base))
    assert deleted == ()
    assert {each.ref.kind: each.notes[0].partition("stays: ")[2] for each in stay} == {
        "Widget": "still being deleted: finalizer example.com/hold",
        "ServiceAccount": f"it may be what Widget/{desk.namespace}/one needs to go, which is still being deleted",
    }
    desk.write("operator", path, RELEASE)
    assert actions(desk.deploy(base))["gone"] == "deleted"
