"""Pods before there are any: the template that a workload makes them from, their number, and who selects them."""

from collections.abc import Mapping
from typing import Any

from pushboat.model.manifest import Ref
from workers.cluster.objects import Object
from workers.cluster.planning.warnings.words import items, part

ROLLED_OUT = frozenset(
    {("apps", "Deployment"), ("apps", "StatefulSet"), ("apps", "DaemonSet"), ("argoproj.io", "Rollout")}
)
"""Kinds that replace their pods when their template changes."""


def template(ref: Ref, body: Object | None) -> Mapping[str, Any]:
    """Find the template of an object's pods, its own for a pod; empty where it makes none."""
    if (ref.group, ref.kind) == ("", "Pod"):
        return body or {}
    if (ref.group, ref.kind) == ("batch", "CronJob"):
        return part(body, "spec", "jobTemplate", "spec", "template")
    found = part(body, "spec", "template")
    return found if part(found, "spec") else {}


def pod_labels(ref: Ref, body: Object | None) -> Mapping[str, Any]:
    """Read the labels that an object's pods will have."""
    return part(template(ref, body), "metadata", "labels")


def replicas(body: Object | None) -> int:
    """Read how many pods are wanted; one where it does not say."""
    number = part(body, "spec").get("replicas", 1)
    return number if isinstance(number, int) else 1


def has(labels: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Say whether labels have all the pairs that a Service selects by."""
    return all(labels.get(key) == value for key, value in wanted.items())


def selects(selector: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    """Say whether a selector of pairs and expressions means these labels."""
    return has(labels, part(selector, "matchLabels")) and all(
        _holds(each, labels) for each in items(selector, "matchExpressions")
    )


def _holds(expression: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    key, values = str(expression.get("key")), expression.get("values") or ()
    match expression.get("operator"):
        case "In":
            return key in labels and labels[key] in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case _:
            return key not in labels
