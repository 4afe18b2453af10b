"""What an object needs before the API server takes it, and whether the same plan brings that.

A plan is tried against the cluster of today. What refers to something that only comes with it would be refused there,
and be taken when it is applied in its turn.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pushboat.model.changeset import Action
from pushboat.model.manifest import Ref
from workers.cluster.planning.words import Plan, Step

_RBAC = "rbac.authorization.k8s.io"
_COUNTED = ("Pod", "PersistentVolumeClaim", "Service")
_COUNTING = ("ResourceQuota", "LimitRange")


def brought(plan: Plan, step: Step) -> Ref | None:
    """Find what an object needs and the plan itself makes or changes."""
    changing = {each.manifest.ref for each in plan.steps if each.action is not Action.UNCHANGED}
    return next((ref for ref in _needs(step, changing) if ref in changing), None)


def _needs(step: Step, changing: set[Ref]) -> Iterator[Ref]:
    ref, body = step.manifest.ref, step.body
    if (ref.group, ref.kind) == ("", "Pod"):
        yield from _of_a_pod(_inner(body, "spec"), ref.namespace)
    if ref.group == _RBAC and ref.kind.endswith("Binding"):
        role = _inner(body, "roleRef")
        kind = str(role.get("kind"))
        yield Ref(_RBAC, kind, ref.namespace if kind == "Role" else "", str(role.get("name")))
    if ref.group == "" and ref.kind in _COUNTED:
        yield from (each for each in sorted(changing) if each.kind in _COUNTING and each.namespace == ref.namespace)


def _of_a_pod(spec: Mapping[str, Any], namespace: str) -> Iterator[Ref]:
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    yield Ref("", "ServiceAccount", namespace, str(account))
    yield Ref("scheduling.k8s.io", "PriorityClass", "", str(spec.get("priorityClassName")))
    yield Ref("node.k8s.io", "RuntimeClass", "", str(spec.get("runtimeClassName")))


def _inner(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = body.get(key)
    return found if isinstance(found, Mapping) else {}
