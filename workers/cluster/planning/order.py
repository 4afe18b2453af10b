"""In which order kinds are applied: stages, one after the other; within a stage everything goes at once."""

from pushboat.model.manifest import Ref
from workers.cluster.client.kinds import BUILT_IN

DEFINITIONS = frozenset({"CustomResourceDefinition", "Namespace"})
_STAGES: tuple[frozenset[str], ...] = (
    DEFINITIONS,
    frozenset(
        {
            "ClusterRole",
            "ClusterRoleBinding",
            "Role",
            "RoleBinding",
            "ServiceAccount",
            "PriorityClass",
            "RuntimeClass",
            "StorageClass",
            "IngressClass",
            "ResourceQuota",
            "LimitRange",
            "NetworkPolicy",
            "ConfigMap",
            "Secret",
            "PersistentVolume",
            "PersistentVolumeClaim",
        }
    ),
    frozenset({"Service"}),
    frozenset(),  # workloads and every kind that has no place of its own
    frozenset({"APIService", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"}),
)
_EVERYTHING_ELSE = 3
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
    return is_custom(ref) or stage_of(ref) >= _EVERYTHING_ELSE


def leaves_as(ref: Ref) -> int:
    """Number the rank in which an object is deleted, 0 first: the order of applying the other way round.

    Custom resources leave before the workloads of their operator, although both are applied in one stage.
    """
    behind = len(_STAGES) - 1 - stage_of(ref)
    return 2 * behind + (0 if is_custom(ref) else 1)


def stage_of(ref: Ref) -> int:
    """Number the stage that an object belongs to; an operator's class such as a GatewayClass counts by its name."""
    for number, kinds in enumerate(_STAGES):
        if ref.kind in kinds:
            return number
    return 1 if ref.kind.endswith("Class") else _EVERYTHING_ELSE
