"""Hooks of Helm take turns: of one weight, each runs to its end before the next one is made.

Charts rely on it without a word, by the names of their hooks. Helm goes by weight, then by kind, then by name. What
does not run (a Secret, a ServiceAccount) is ready once it is there, so those that follow each other are made together.
Argo CD runs hooks of one wave at once; an object with its annotation is left to that.
"""

from collections.abc import Mapping

from pushboat.model.manifest import Ref
from workers.manifests.directives.checking import Directed
from workers.manifests.directives.edges import Node
from workers.manifests.directives.helm import HOOKS

_RUNNING = ("Job", "Pod")
_KINDS = (
    "PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodDisruptionBudget",
    "ServiceAccount", "Secret", "ConfigMap", "StorageClass", "PersistentVolume", "PersistentVolumeClaim",
    "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Service", "DaemonSet",
    "Pod", "ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job",
    "CronJob", "IngressClass", "Ingress", "APIService",
)  # fmt: skip
_RANKS = {kind: number for number, kind in enumerate(_KINDS)}


def in_turn(here: Mapping[Ref, Directed], needs: Mapping[Node, list[Node]]) -> dict[Node, list[Node]]:
    """Let each hook of Helm wait for those before it in the same place, beside what else it waits for."""
    turns = dict(needs)
    hooks = sorted((ref for ref, each in here.items() if _is_helms(each)), key=_rank)
    before: list[Ref] = []
    current: list[Ref] = []
    for ref in hooks:
        if current and (ref.kind in _RUNNING or current[-1].kind in _RUNNING):
            before, current = current, []
        turns[ref] = [*needs[ref], *before]
        current.append(ref)
    return turns


def _is_helms(each: Directed) -> bool:
    return any(hook.said in HOOKS for hook in each.directives.hooks)


def _rank(ref: Ref) -> tuple[int, str, str, Ref]:
    return _RANKS.get(ref.kind, len(_KINDS)), ref.kind, ref.name, ref
