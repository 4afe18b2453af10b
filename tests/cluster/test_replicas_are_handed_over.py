"""Replicas leave a manifest because an autoscaler counts them from now on: their number must not fall in between."""

from typing import Any

import pytest

from tests.cluster.comparing import read
from tests.cluster.definitions import PATH, definition
from tests.cluster.desk import Desk, actions, deployment, document, notes
from tests.cluster.makers import bodies, kubectl
from tests.until import until
from workers.cluster.client.connection import Cluster

Body = dict[str, Any]
DEPLOYMENT = bodies(deployment(replicas=3))[0]
STATEFUL: Body = {**DEPLOYMENT, "kind": "StatefulSet", "spec": {**DEPLOYMENT["spec"], "serviceName": "web"}}


def without_replicas(body: Body) -> str:
    spec = {key: value for key, value in body["spec"].items() if key != "replicas"}
    return document({**body, "spec": spec})


def autoscaler(kind: str = "Deployment") -> str:
    target = {"apiVersion": "apps/v1", "kind": kind, "name": "web"}
    metric = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 9}},
    }
    spec = {"scaleTargetRef": target, "minReplicas": 3, "maxReplicas": 6, "metrics": [metric]}
    body = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"}}
    return document({**body, "spec": spec})


def count(desk: Desk, body: Body) -> Any:
    return read(desk, body)["spec"]["replicas"]


@pytest.mark.proves("pain-24")
@pytest.mark.proves("replicas-handed-to-an-autoscaler", among=("StatefulSet",))
@pytest.mark.parametrize("body", [DEPLOYMENT, STATEFUL], ids=["Deployment", "StatefulSet"])
def test_the_autoscaler_comes_with_the_same_push(desk: Desk, body: Body) -> None:
    """The push that brings an autoscaler and takes replicas out changes nothing about what runs."""
    desk.deploy(document(body))
    text = without_replicas(body) + autoscaler(body["kind"])
    changes = desk.deploy(text)
    assert count(desk, body) == 3
    assert "spec.replicas stays 3: HorizontalPodAutoscaler/" in notes(changes.changes, "web")
    assert set(actions(desk.deploy(text)).values()) == {"unchanged"}
    assert count(desk, body) == 3


@pytest.mark.proves("replicas-handed-to-an-autoscaler", among=("an autoscaler outside of git",))
@pytest.mark.parametrize("body", [DEPLOYMENT, STATEFUL], ids=["Deployment", "StatefulSet"])
def test_the_autoscaler_is_somebody_elses(desk: Desk, body: Body) -> None:
    """An autoscaler that stands in the namespace and not in my repository counts as well."""
    desk.deploy(document(body))
    kubectl(desk, bodies(autoscaler(body["kind"]))[0])
    desk.deploy(without_replicas(body))
    assert count(desk, body) == 3


@pytest.mark.proves("replicas-handed-to-an-autoscaler", among=("an object that kubectl made",))
def test_an_object_that_is_taken_over_keeps_its_count(desk: Desk) -> None:
    """What kubectl made and an autoscaler counts is adopted with the count that it has."""
    kubectl(desk, DEPLOYMENT)
    kubectl(desk, bodies(autoscaler())[0])
    desk.deploy(without_replicas(DEPLOYMENT))
    assert count(desk, DEPLOYMENT) == 3


def test_without_an_autoscaler_the_default_returns(desk: Desk) -> None:
    """Replicas that leave git for nobody are what a fresh apply gives: one."""
    desk.deploy(document(DEPLOYMENT))
    desk.deploy(without_replicas(DEPLOYMENT))
    assert count(desk, DEPLOYMENT) == 1


def test_an_autoscaler_that_leaves_with_them_counts_nothing(desk: Desk) -> None:
    """Where the autoscaler leaves git in the same push as the replicas, nobody keeps their number."""
    desk.deploy(document(DEPLOYMENT) + autoscaler())
    desk.deploy(without_replicas(DEPLOYMENT))
    assert count(desk, DEPLOYMENT) == 1


def test_a_count_by_hand_stays_where_git_says_none(desk: Desk) -> None:
    """`kubectl scale` on an object without replicas in git is how it is meant to be scaled."""
    text = without_replicas(DEPLOYMENT)
    desk.deploy(text)
    scale = f"/apis/apps/v1/namespaces/{desk.namespace}/deployments/web/scale"
    desk.write("kubectl", scale, {"spec": {"replicas": 4}})
    until(lambda: count(desk, DEPLOYMENT) == 4, what="the scale")
    assert set(actions(desk.deploy(text)).values()) == {"unchanged"}
    assert count(desk, DEPLOYMENT) == 4


@pytest.mark.proves("pain-24")
@pytest.mark.proves("replicas-handed-to-an-autoscaler", among=("a ScaledObject of KEDA",))
def test_kedas_scaled_object_counts_as_well(desk: Desk) -> None:
    """A KEDA ScaledObject takes replicas over like an autoscaler of Kubernetes."""
    scaled = {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": {"name": "web"}}
    able = desk.allowing(cluster_scoped=("CustomResourceDefinition",))
    desk.deploy(document(DEPLOYMENT))
    try:
        text = without_replicas(DEPLOYMENT) + document({**scaled, "spec": {"scaleTargetRef": {"name": "web"}}})
        able.deploy(text + document(definition("keda.sh", "ScaledObject", version="v1alpha1")))
        assert count(desk, DEPLOYMENT) == 3
    finally:
        desk.cluster.request("DELETE", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/scaledobjects.keda.sh")


@pytest.mark.proves("replicas-handed-to-an-autoscaler", among=("a custom resource that can be scaled",))
def test_a_custom_resource_keeps_its_count(desk: Desk, door: Cluster) -> None:
    """My Rollout's replicas leave git for an autoscaler: nobody gives the field a default, and it stays."""
    group = f"{desk.namespace}.example"
    body = definition(group, "Rollout", speaks=True)
    paths = {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"}
    body["spec"]["versions"][0]["subresources"]["scale"] = paths
    able = desk.allowing(cluster_scoped=("CustomResourceDefinition",))
    rollout = {"apiVersion": f"{group}/v1", "kind": "Rollout", "metadata": {"name": "web"}, "spec": {"replicas": 3}}
    target = autoscaler("Rollout").replace("apps/v1", f"{group}/v1")
    try:
        able.deploy(document(body) + document(rollout))
        text = document(body) + without_replicas(rollout) + target
        able.deploy(text)
        assert count(desk, rollout) == 3
        assert set(actions(able.deploy(text)).values()) == {"unchanged"}
    finally:
        door.request("DELETE", f"{PATH}/rollouts.{group}")
