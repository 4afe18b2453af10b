"""A plan warns of a Service that leads to no pod, and of no other."""

import pytest

from tests.planning.prospecting import pod, prospects, warnings, workload
from workers.cluster.planning.warnings.services import undecided


def service(selector: str = "{app: web}", spec: str = "", name: str = "web") -> str:
    return f"---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{selector: {selector}{spec}}}\n"


NOWHERE = "Service/shop/web leads to no pod: neither this push nor the cluster has any with app=web"


def nowhere(before: str, after: str, **others: object) -> list[str]:
    return [sentence for _, sentence in warnings(before, after, "selects-nothing", **others)]


def test_a_misspelt_selector_is_named_with_what_was_meant() -> None:
    """I write app: web and my pods have app: wbe: the plan says both."""
    assert nowhere("", service() + workload("web", app="wbe")) == [f"{NOWHERE}; Deployment/shop/web has app=wbe"]


def test_labels_that_change_under_a_service_are_noticed() -> None:
    """I relabel a Deployment and leave its Service as it is; the pods that still run go with the old labels."""
    before, after = service() + workload(), service() + workload("web", app="shop")
    assert nowhere(before, after, pods=[pod({"app": "web"})]) == [f"{NOWHERE}; Deployment/shop/web has app=shop"]


def test_a_workload_that_leaves_is_noticed() -> None:
    """I delete a Deployment from git and forget its Service."""
    assert nowhere(service() + workload(), service(), pods=[pod({"app": "web"})]) == [NOWHERE]


def test_pods_that_are_going_do_not_count() -> None:
    """What the cluster deletes just now is no pod to lead to."""
    assert nowhere("", service(), pods=[pod({"app": "web"}, deletionTimestamp="2026-01-01T00:00:00Z")]) == [NOWHERE]


@pytest.mark.parametrize(
    "after",
    [
        service("{}"),
        service("null"),
        service("null", ", clusterIP: None"),
        service(spec=", type: ExternalName, externalName: db.example.com"),
        service() + workload(),
        service() + workload(kind="StatefulSet"),
        service(spec=", clusterIP: None") + workload(kind="StatefulSet"),
        service() + workload(spec="replicas: 0"),
        service() + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: web, more: x}}\nspec: {}\n",
        service() + "---\napiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: k}\nspec: {}\n",
        service()
        + """---
apiVersion: batch/v1
kind: CronJob
metadata: {name: c}
spec: {jobTemplate: {spec: {template: {metadata: {labels: {app: web}}, spec: {containers: []}}}}}
""",
    ],
)
def test_no_false_alarm(after: str) -> None:
    """No selector, an outside name, pods of the push of any kind, or an operator's: there is nothing to warn of."""
    assert nowhere("", after) == []


def test_pods_of_a_custom_resource_that_is_there_already_count() -> None:
    """An operator's pods run since long, and I add a Service for them."""
    assert nowhere("", service("{strimzi.io/cluster: k}"), pods=[pod({"strimzi.io/cluster": "k"})]) == []


def test_what_led_nowhere_before_is_not_said_with_every_push() -> None:
    """A Service without pods that this push does not touch is not this push's doing, and costs no question."""
    before, after = service() + workload("api"), service() + workload("api", image="a:2")
    assert nowhere(before, after) == []
    assert undecided(prospects(before, after)) == ()


def test_a_custom_resource_that_makes_no_pods_hides_nothing() -> None:
    """A ServiceMonitor beside the Service is no reason to be silent."""
    monitor = "---\napiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: m}\nspec: {}\n"
    assert nowhere("", service() + monitor) == [NOWHERE]
