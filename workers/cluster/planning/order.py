"""In which order kinds are applied: one table, read from the top.

A row begins a new stage only where the API server needs that, for each stage waits for the one before it. Within a
stage all goes at once, the upper rows a moment earlier.
"""

from dataclasses import dataclass

from pushboat.model.manifest import Ref
from workers.cluster.client.kinds import BUILT_IN


@dataclass(frozen=True, slots=True)
class Row:
    """Some kinds of Kubernetes itself; `needs` says why all above must be there first, where they must."""

    kinds: tuple[str, ...]
    needs: str = ""


CLASSES, CUSTOM = "*Class", "*"
"""Kinds that are named Class, an operator's too; and all that have no row of their own."""
TABLE = (
    Row(("Namespace",)),
    Row(("CustomResourceDefinition",)),
    Row((CLASSES,), needs="an operator's class is an object of a definition"),
    Row(("ResourceQuota", "LimitRange", "NetworkPolicy")),
    Row(("ServiceAccount", "Role", "ClusterRole"), needs="quotas and limits judge what comes after them, not before"),
    Row(("ConfigMap", "Secret", "PersistentVolume")),
    Row(("RoleBinding", "ClusterRoleBinding"), needs="a role is looked at when somebody is bound to it"),
    Row(("PersistentVolumeClaim", "Service")),
    Row(
        ("Pod", "ReplicationController", "ReplicaSet", "DaemonSet", "StatefulSet", "Deployment", "Job", "CronJob"),
        needs="a pod is refused without its account and class, and hears of services when it starts",
    ),
    Row(("PodDisruptionBudget", "HorizontalPodAutoscaler", "Ingress")),
    Row((CUSTOM,)),
    Row(("APIService",), needs="what is asked of everybody must not be asked of what brings the answer"),
    Row(("ValidatingAdmissionPolicy", "MutatingAdmissionPolicy")),
    Row(("ValidatingAdmissionPolicyBinding", "MutatingAdmissionPolicyBinding")),
    Row(("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")),
)
_STAGES = tuple(sum(bool(row.needs) for row in TABLE[: place + 1]) for place in range(len(TABLE)))
_PLACES = {kind: place for place, row in enumerate(TABLE) for kind in row.kinds}
_WORKLOADS = _STAGES[_PLACES["Pod"]]
NEVER_PRUNED = {
    "Namespace": "deleting it would delete everything in it",
    "CustomResourceDefinition": "deleting it would delete every object of its kind, also other teams'",
    "PersistentVolumeClaim": "deleting it may delete its data",
    "PersistentVolume": "deleting it may delete its data",
}
"""Kinds that we never delete by ourselves, and why."""
NEVER_RECREATED = frozenset({"Namespace", "CustomResourceDefinition"})
"""Kinds that no operator's file can have deleted: the deletion takes along more than it could bring back."""


def is_custom(ref: Ref) -> bool:
    """Say whether an object is a custom resource, which an operator may have to let go."""
    return ref.group not in BUILT_IN


def may_come_late(ref: Ref) -> bool:
    """Say whether nothing else of a push stands on an object, so that it may be applied after all the others."""
    return is_custom(ref) or stage_of(ref) >= _WORKLOADS


def leaves_as(ref: Ref) -> int:
    """Number the rank in which an object is deleted, 0 first: the order of applying the other way round.

    Custom resources leave before the workloads of their operator, although both are applied in one stage.
    """
    behind = _STAGES[-1] - stage_of(ref)
    return 2 * behind + (0 if is_custom(ref) else 1)


def stage_of(ref: Ref) -> int:
    """Number the stage that an object belongs to."""
    return _STAGES[place_of(ref)]


def place_of(ref: Ref) -> int:
    """Number the row that an object belongs to; a namesake of a built-in kind, as Knative's Service, is no such one."""
    if not is_custom(ref) and ref.kind in _PLACES:
        return _PLACES[ref.kind]
    return _PLACES[CLASSES if ref.kind.endswith("Class") else CUSTOM]
