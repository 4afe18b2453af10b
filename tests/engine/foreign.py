"""What people do to a cluster between two pushes: edit, label, scale, add, delete."""

from collections.abc import Callable
from random import Random
from typing import Any

from tests.cluster.desk import Desk
from workers.cluster.client.connection import MERGE
from workers.cluster.client.refusals import Answered

Edit = tuple[str, str, str, dict[str, Any]]

EDITS: tuple[Edit, ...] = (
    ("kubectl-edit", "/apis/apps/v1", "deployments/web", {"spec": {"replicas": 3}}),
    ("kubectl-edit", "/apis/apps/v1", "deployments/web", {"spec": {"template": {"spec": {"nodeName": "there"}}}}),
    ("kubectl-label", "/apis/apps/v1", "deployments/web", {"metadata": {"labels": {"by": "hand"}}}),
    ("kubectl-patch", "/api/v1", "services/web", {"spec": {"sessionAffinity": "ClientIP"}}),
    ("kubectl-edit", "/api/v1", "configmaps/settings", {"data": {"a": "by hand", "more": "by hand"}}),
    ("kubectl-annotate", "/api/v1", "configmaps/settings", {"metadata": {"annotations": {"by": "hand"}}}),
    ("kubectl-edit", "/api/v1", "secrets/secret", {"data": {"a": "Ynk="}}),
    ("kubectl-edit", "/apis/networking.k8s.io/v1", "networkpolicies/web", {"spec": {"policyTypes": ["Egress"]}}),
    ("kubectl-patch", "/apis/autoscaling/v2", "horizontalpodautoscalers/web", {"spec": {"maxReplicas": 9}}),
    ("kubectl-edit", "/apis/apps/v1", "statefulsets/db", {"spec": {"minReadySeconds": 7}}),
)
DELETED = ("/api/v1 configmaps/settings", "/apis/apps/v1 deployments/web", "/api/v1 services/web")


def write(random: Random, desk: Desk) -> list[str]:
    """Do some of it, and say what was done; what is not there is left alone."""
    done = []
    for manager, api, name, body in random.sample(EDITS, 3):
        path = f"{api}/namespaces/{desk.namespace}/{name}"
        if _did(lambda path=path, manager=manager, body=body: desk.write(manager, path, body, MERGE)):
            done.append(f"{manager} {name} {body}")
    if random.random() < 0.3:
        api, name = random.choice(DELETED).split()
        if _did(lambda: desk.cluster.request("DELETE", f"{api}/namespaces/{desk.namespace}/{name}")):
            done.append(f"delete {name}")
    return done


def _did(act: Callable[[], object]) -> bool:
    try:
        act()
    except Answered:
        return False
    return True
