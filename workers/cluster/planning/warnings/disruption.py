"""A PodDisruptionBudget that never lets a pod go: whoever drains a node waits for ever."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from pushboat.model.changeset import Action
from pushboat.model.digits import whole
from pushboat.model.manifest import Ref
from workers.cluster.objects import Object, ref_of
from workers.cluster.planning.warnings.templates import pod_labels, replicas, selects
from workers.cluster.planning.warnings.words import Prospect, Prospects, is_at, part

BUDGET = ("policy", "PodDisruptionBudget")
_COUNTED = frozenset({("apps", "Deployment"), ("apps", "StatefulSet"), ("argoproj.io", "Rollout")})
_SCALERS = frozenset({("autoscaling", "HorizontalPodAutoscaler"), ("keda.sh", "ScaledObject")})


def concerned(prospects: Prospects) -> tuple[str, ...]:
    """List the namespaces whose budgets matter: where a workload comes, or changes its number of pods."""
    return tuple(dict.fromkeys(each.ref.namespace for each in prospects.objects if _changes_its_number(each)))


def in_the_way(prospect: Prospect, prospects: Prospects) -> Iterator[str]:
    """Warn of a budget that lets none of a workload's pods go, where this push makes it so."""
    if (prospect.ref.group, prospect.ref.kind) not in _COUNTED or prospect.after is None:
        return
    if prospect.action is Action.REFUSED or _is_scaled(prospect, prospects) or replicas(prospect.after) == 0:
        return
    number, labels = replicas(prospect.after), pod_labels(prospect.ref, prospect.after)
    for ref, budget, is_news in _budgets(prospect, prospects):
        spec = part(budget, "spec")
        if not (is_news or _changes_its_number(prospect)) or spec.get("selector") is None:
            continue
        if selects(part(spec, "selector"), labels) and (rule := _lets_none_go(spec, number)):
            pods = "its only pod" if number == 1 else f"any of its {number} pods"
            yield f"{prospect.ref} cannot give up {pods} to a node that is drained: {ref} has {rule}"


def _budgets(workload: Prospect, prospects: Prospects) -> Iterator[tuple[Ref, Object, bool]]:
    """List the budgets of a workload's namespace, those of the push as they will be; each with whether it is new."""
    ours = [each for each in prospects.beside(workload) if (each.ref.group, each.ref.kind) == BUDGET]
    for each in ours:
        if each.after is not None and each.action is not Action.REFUSED:
            yield each.ref, each.after, each.comes_or_changes
    known = {each.ref for each in ours}
    for budget in prospects.budgets:
        ref = ref_of(budget)
        if ref.namespace == workload.ref.namespace and ref not in known:
            yield ref, budget, False


def _changes_its_number(prospect: Prospect) -> bool:
    if (prospect.ref.group, prospect.ref.kind) not in _COUNTED or not prospect.comes_or_changes:
        return False
    return prospect.action is Action.CREATED or any(is_at(each.path, "spec.replicas") for each in prospect.fields)


def _is_scaled(workload: Prospect, prospects: Prospects) -> bool:
    """Say whether an autoscaler of the push counts the pods: then nobody knows yet how many there will be."""
    targets = (
        part(each.after, "spec", "scaleTargetRef")
        for each in prospects.beside(workload)
        if (each.ref.group, each.ref.kind) in _SCALERS and each.after is not None
    )
    return any((each.get("kind"), each.get("name")) == (workload.ref.kind, workload.ref.name) for each in targets)


def _lets_none_go(spec: Mapping[str, Any], number: int) -> str:
    """Give the field by which a budget lets none of so many pods go; empty where it does."""
    for name in ("maxUnavailable", "minAvailable"):
        if (said := spec.get(name)) is not None:
            count = _count(said, number)
            if count is not None and (count == 0 if name == "maxUnavailable" else count >= number):
                return f"{name}: {said}"
            return ""
    return ""


def _count(said: Any, number: int) -> int | None:
    """Read a number of pods, or a part of them, which the controller rounds up."""
    if isinstance(said, int):
        return said
    text = str(said)
    part = whole(text[:-1]) if text.endswith("%") else None
    return None if part is None else math.ceil(part * number / 100)
