"""Find the judge of a custom kind: its own row, or its group's contract.

Some controllers keep one contract in hundreds of kinds, and name their groups alike.
"""

from collections.abc import Mapping

from workers.cluster.health.kinds import clouds, cluster_api, crossplane, knative, policies
from workers.cluster.health.kinds.table import TABLE, Judge

FAMILIES: Mapping[str, Judge] = {
    "serving.knative.dev": knative.happy,
    "eventing.knative.dev": knative.happy,
    "messaging.knative.dev": knative.happy,
    "sources.knative.dev": knative.happy,
    "flows.knative.dev": knative.happy,
    "operator.knative.dev": knative.happy,
    "cluster.x-k8s.io": cluster_api.reconciled,
    "crossplane.io": crossplane.managed,
    "upbound.io": crossplane.managed,
    "constraints.gatekeeper.sh": policies.constraint,
    "mutations.gatekeeper.sh": policies.constraint,
    "services.k8s.aws": clouds.aws,
    "cnrm.cloud.google.com": clouds.google,
    "azure.com": clouds.azure,
}
"""Endings of groups in which every kind keeps one contract; a row of its own comes first."""


def judge_of(group: str, kind: str) -> Judge | None:
    """Find the judge of a custom kind, nothing where none is known."""
    if judge := TABLE.get((group, kind)):
        return judge
    while group:
        if family := FAMILIES.get(group):
            return family
        _, _, group = group.partition(".")
    return None
