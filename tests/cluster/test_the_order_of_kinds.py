"""The order in which kinds are applied, and the other way round in which they leave."""

from itertools import pairwise

import pytest

from pushboat.model.manifest import Ref
from workers.cluster.planning.order import leaves_as, place_of, stage_of

RBAC, APPS = "rbac.authorization.k8s.io", "apps"


def ref(kind: str, group: str = "") -> Ref:
    """Name an object."""
    return Ref(group, kind, "shop", "one")


MUST_FOLLOW = {
    "what is in a namespace": (ref("Namespace"), ref("ConfigMap")),
    "objects of a definition": (ref("CustomResourceDefinition", "apiextensions.k8s.io"), ref("Boat", "x.example")),
    "an operator's class": (
        ref("CustomResourceDefinition", "apiextensions.k8s.io"), ref("GatewayClass", "gateway.networking.k8s.io")
    ),
    "pods with a priority": (ref("PriorityClass", "scheduling.k8s.io"), ref("Pod")),
    "claims of a class": (ref("StorageClass", "storage.k8s.io"), ref("PersistentVolumeClaim")),
    "what a quota counts": (ref("ResourceQuota"), ref("ConfigMap")),
    "pods that limits fill in": (ref("LimitRange"), ref("Pod")),
    "pods behind a policy": (ref("NetworkPolicy", "networking.k8s.io"), ref("Deployment", APPS)),
    "pods with an account": (ref("ServiceAccount"), ref("Job", "batch")),
    "a binding to a role": (ref("Role", RBAC), ref("RoleBinding", RBAC)),
    "a binding to a cluster's role": (ref("ClusterRole", RBAC), ref("ClusterRoleBinding", RBAC)),
    "rights of pods": (ref("RoleBinding", RBAC), ref("StatefulSet", APPS)),
    "pods with settings": (ref("Secret"), ref("CronJob", "batch")),
    "a claim on a volume": (ref("PersistentVolume"), ref("PersistentVolumeClaim")),
    "pods that hear of a service": (ref("Service"), ref("DaemonSet", APPS)),
    "a webhook that its server must outlive": (
        ref("Deployment", APPS), ref("ValidatingWebhookConfiguration", "admissionregistration.k8s.io")
    ),
    "an API that a service answers": (ref("Service"), ref("APIService", "apiregistration.k8s.io")),
}  # fmt: skip


@pytest.mark.parametrize("what", MUST_FOLLOW)
def test_what_needs_another_waits_for_it(what: str) -> None:
    """In one push, no object comes before what it needs, and none leaves after it."""
    first, then = MUST_FOLLOW[what]
    assert stage_of(first) < stage_of(then)
    assert leaves_as(then) < leaves_as(first)


def test_what_needs_no_waiting_is_begun_in_the_order_that_people_expect() -> None:
    """An operator is on its way before its objects are tried, without a wait between; webhooks come last."""
    order = [
        ref("Deployment", APPS), ref("HorizontalPodAutoscaler", "autoscaling"), ref("Boat", "x.example")
    ]  # fmt: skip
    assert len({stage_of(each) for each in order}) == 1
    assert all(place_of(one) < place_of(other) for one, other in pairwise(order))
    last = (
        ref("APIService", "apiregistration.k8s.io"),
        ref("MutatingWebhookConfiguration", "admissionregistration.k8s.io"),
    )
    assert place_of(last[0]) < place_of(last[1])


def test_a_namesake_is_not_taken_for_what_kubernetes_calls_so() -> None:
    """Knative's Service is a workload with a name of its own, not what pods hear of."""
    assert stage_of(ref("Service", "serving.knative.dev")) == stage_of(ref("Boat", "x.example"))


def test_custom_resources_leave_before_their_operator() -> None:
    """An operator lives long enough to let its objects go."""
    assert leaves_as(ref("Boat", "x.example")) < leaves_as(ref("Deployment", APPS))
