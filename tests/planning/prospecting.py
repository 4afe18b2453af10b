"""Plans for the rules of warnings, from manifests alone: what is there, and what a push makes of it."""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from pushboat.model.changeset import Action, PlanWarning
from workers.cluster.objects import Object, ref_of
from workers.cluster.planning.diff import compare
from workers.cluster.planning.warnings import warned
from workers.cluster.planning.warnings.words import Prospect, Prospects

Said = list[tuple[str, str]]


def written(text: str) -> list[Object]:
    """Read objects; their namespace is shop."""
    bodies = [each for each in yaml.safe_load_all(text) if each]
    return [{**each, "metadata": {"namespace": "shop", **each["metadata"]}} for each in bodies]


def prospects(
    before: str, after: str, *, pods: Iterable[Object] = (), budgets: Iterable[Object] = (), tried: bool = True
) -> Prospects:
    """Say what becomes of each object; what is gone afterwards leaves."""
    old, new = ({ref_of(each): each for each in written(text)} for text in (before, after))
    found = []
    for ref in {**old, **new}:
        there, then = old.get(ref), new.get(ref)
        action = (
            Action.CREATED if there is None else Action.DELETED if then is None
            else Action.UNCHANGED if there == then else Action.CONFIGURED
        )  # fmt: skip
        fields = compare(ref, there, then).fields
        found.append(Prospect(ref=ref, action=action, before=there, after=then, fields=fields, tried=tried))
    return Prospects(objects=tuple(found), pods=tuple(pods), budgets=tuple(budgets))


def said(found: Mapping[Any, Iterable[PlanWarning]]) -> Said:
    """List topics and sentences."""
    return [(str(each.topic), each.sentence) for warnings in found.values() for each in warnings]


def warnings(before: str, after: str, topic: str = "", **others: Any) -> Said:
    """List what is warned of, of one topic where it is named."""
    return [each for each in said(warned(prospects(before, after, **others))) if topic in ("", each[0])]


def pod(labels: Mapping[str, str], **metadata: Any) -> Object:
    """Make a pod of the cluster."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "p", "namespace": "shop", "labels": dict(labels), **metadata},
    }


def workload(
    name: str = "web",
    kind: str = "Deployment",
    *,
    app: str = "",
    spec: str = "",
    pod_spec: str = "",
    image: str = "a:1",
) -> str:
    """Write a workload; `spec` and `pod_spec` are flow mappings' insides."""
    app = app or name
    return f"""---
apiVersion: apps/v1
kind: {kind}
metadata: {{name: {name}}}
spec:
  selector: {{matchLabels: {{app: {app}}}}}
  {spec}
  template:
    metadata: {{labels: {{app: {app}}}}}
    spec: {{containers: [{{name: app, image: "{image}"{", " if pod_spec else ""}{pod_spec}}}]}}
"""
