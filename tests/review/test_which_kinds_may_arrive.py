"""Which unknown kinds a push may bring: whoever could define one counts; no slip of the pen has to wait."""

from typing import Any

import pytest

from pushboat.model.manifest import Manifest, Ref
from workers.review.arriving import may_arrive, meant

GROUP, KIND = "boats.example", "Boat"
RBAC = "rbac.authorization.k8s.io/v1"
WORKLOAD = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "operator"}}


def role(
    verbs: Any = ("create",), resources: Any = ("customresourcedefinitions",), groups: Any = None
) -> dict[str, Any]:
    """Write a ClusterRole."""
    groups = groups or ["apiextensions.k8s.io"]
    rule = {"verbs": list(verbs), "resources": list(resources), "apiGroups": groups}
    return {"apiVersion": RBAC, "kind": "ClusterRole", "rules": [rule]}


def binding(name: str) -> dict[str, Any]:
    """Bind somebody to a role of the cluster's."""
    return {"apiVersion": RBAC, "kind": "ClusterRoleBinding", "roleRef": {"kind": "ClusterRole", "name": name}}


def named(api: str, kind: str, **spec: Any) -> dict[str, Any]:
    """Write an object."""
    return {"apiVersion": api, "kind": kind, "metadata": {"name": "one"}, "spec": spec}


BRING = {
    "an operator that may create definitions": [WORKLOAD, role()],
    "an operator that may do anything": [WORKLOAD, role(["*"], ["*"], ["*"])],
    "an operator that is an administrator": [WORKLOAD, binding("cluster-admin")],
    "a job that installs": [{**WORKLOAD, "kind": "Job"}, role()],
    "OLM": [named("operators.coreos.com/v1alpha1", "Subscription")],
    "Flux": [named("helm.toolkit.fluxcd.io/v2", "HelmRelease")],
    "Argo CD": [named("argoproj.io/v1alpha1", "Application")],
    "a Crossplane package": [named("pkg.crossplane.io/v1", "Provider")],
    "a composite": [
        named("apiextensions.crossplane.io/v1", "CompositeResourceDefinition", group=GROUP, names={"kind": KIND})
    ],
    "a composite's claim": [
        named(
            "apiextensions.crossplane.io/v1", "CompositeResourceDefinition", group=GROUP, names={"kind": "XBoat"},
            claimNames={"kind": KIND},
        )
    ],
    "an aggregated API": [named("apiregistration.k8s.io/v1", "APIService", group=GROUP)],
}  # fmt: skip
BRING_NOTHING = {
    "nothing at all": [],
    "a workload without rights": [WORKLOAD],
    "rights without a workload": [role()],
    "a workload that only looks at definitions": [WORKLOAD, role(["get", "list"])],
    "rights on something else": [WORKLOAD, role(resources=["configmaps"], groups=[""])],
    "a binding to another role": [WORKLOAD, binding("view")],
    "a composite of another kind": [
        named("apiextensions.crossplane.io/v1", "CompositeResourceDefinition", group=GROUP, names={"kind": "XBoat"})
    ],
    "another aggregated API": [named("apiregistration.k8s.io/v1", "APIService", group="other.example")],
    "a namesake of an installer": [named("apps.example/v1", "Subscription")],
    "what is no role": [
        WORKLOAD,
        {"kind": "ClusterRole", "rules": "all"},
        {"kind": "ClusterRoleBinding", "roleRef": 1},
    ],
}


def push(*bodies: dict[str, Any]) -> list[Manifest]:
    """Read a push."""
    return [Manifest(ref=Ref("", "", "", ""), version="", body=body, file="a.yaml", line=1) for body in bodies]


@pytest.mark.parametrize("what", BRING)
def test_a_kind_may_come_with_who_could_define_it(what: str) -> None:
    """My operator and an object of its kind may come in one push."""
    assert may_arrive(push(*BRING[what]), GROUP, KIND)


@pytest.mark.parametrize("what", BRING_NOTHING)
def test_a_kind_that_nobody_could_define_is_a_mistake(what: str) -> None:
    """A kind that nothing in my push could define is named at once."""
    assert not may_arrive(push(*BRING_NOTHING[what]), GROUP, KIND)


@pytest.mark.parametrize("group", ["", "apps", "batch"])
def test_a_kind_of_kubernetes_itself_never_comes(group: str) -> None:
    """No operator defines a Deploymnt."""
    assert not may_arrive(push(*BRING["an operator that may do anything"]), group, "Deploymnt")


@pytest.mark.parametrize(
    ("kind", "found"),
    [("Certifcate", "Certificate"), ("Issuers", "Issuer"), ("TCPRoute", ""), ("Certificate", ""), ("Boat", "")],
)
def test_a_slip_of_the_pen_is_told_from_a_kind_of_its_own(kind: str, found: str) -> None:
    """A letter too many is a slip; kinds that only look alike are not."""
    assert meant(kind, {"Certificate", "Issuer", "ClusterIssuer", "HTTPRoute"}) == found
