"""Who owns a field, and what to do about it: server-side apply's managedFields, read without any schema.

An object has drifted when the fields that we declare are no longer ours: whoever changes a value by an update takes
its ownership away from us. So drift is read from the bookkeeping that the API server sends anyway, and values that it
merely spells differently (1000m and 1) are no drift.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workers.cluster.objects import Object

OURS = "pushboat"
_PEOPLE = re.compile(
    r"(kubectl.*|before-first-apply|k9s|k0s|oc|lens|openlens|freelens|node-fetch|headlamp|octant|dashboard.*|mozilla.*"
    r"|rancher|python-requests|curl.*|kubernetes-client|okteto|garden|skaffold|telepresence|cli)",
    re.IGNORECASE,
)
_SCALERS = re.compile(r"(kube-controller-manager|horizontal-pod-autoscaler|keda.*|vpa-.*|kube-scaler.*|knative-.*)")
_CA_INJECTORS = re.compile(r"(cert-manager.*|cainjector|service-ca-operator|kube-webhook-certgen|certgen.*)")
_FIELD_STEPS = re.compile(r"\.([^.\[\]]+)|\[([^\]]*)\]")
_SELECTOR = re.compile(r'(\w+)=("[^"]*"|\d+|true|false)')
_WHERE_DECLARED = ("apiVersion", "kind", "status")
_IDENTITY = ("name", "namespace")


class Decision(StrEnum):
    """What to do with a field of ours that another manager holds."""

    TAKE = "take over"
    LEAVE = "leave"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Holder:
    """A manager that holds a field, and the subresource that it wrote it through."""

    manager: str
    subresource: str = ""

    def __str__(self) -> str:
        """Name it as people know it."""
        return f"{self.manager} ({self.subresource})" if self.subresource else self.manager


Path = tuple[str | int, ...]


def decide(holder: Holder, field: str) -> Decision:
    """Decide about one field (as `.spec.replicas`): people's changes give way, a controller's own field stays."""
    if _PEOPLE.fullmatch(holder.manager) or holder.manager == OURS:
        return Decision.TAKE
    if field.endswith(".replicas") and (holder.subresource == "scale" or _SCALERS.fullmatch(holder.manager)):
        return Decision.LEAVE
    if field.endswith(".caBundle") and _CA_INJECTORS.fullmatch(holder.manager):
        return Decision.LEAVE
    return Decision.REFUSE


def lost_fields(body: Mapping[str, Any], live: Mapping[str, Any]) -> Iterator[tuple[Path, tuple[Holder, ...]]]:
    """Find the declared fields that are no longer ours, each with those who hold it now (nobody, when it is gone)."""
    entries = [entry for entry in live["metadata"].get("managedFields") or () if entry.get("fieldsType") == "FieldsV1"]
    ours = [entry["fieldsV1"] for entry in entries if entry.get("manager") == OURS]
    others = [(_holder(entry), entry["fieldsV1"]) for entry in entries if entry.get("manager") != OURS]
    for path, steps in _unowned(_wishes(body), ours, (), ()):
        yield path, tuple(holder for holder, fields in others if _owns(fields, steps))


def without(body: Object, path: Path) -> Object:
    """Copy a body without one field."""
    step, *rest = path
    copied: Any = dict(body) if isinstance(body, Mapping) else list(body)
    if rest:
        copied[step] = without(copied[step], tuple(rest))
    else:
        del copied[step]
    return copied  # type: ignore[no-any-return]  # a path's first step is always a key of an object


def dotted(path: Path) -> str:
    """Write a path as the API server does: `.spec.replicas`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def _holder(entry: Mapping[str, Any]) -> Holder:
    return Holder(str(entry.get("manager", "")), str(entry.get("subresource", "")))


def _wishes(body: Mapping[str, Any]) -> Object:
    metadata = {key: value for key, value in body.get("metadata", {}).items() if key not in _IDENTITY}
    return {**{key: value for key, value in body.items() if key not in _WHERE_DECLARED}, "metadata": metadata}


def _unowned(
    value: Any, owned: Sequence[Any], path: Path, steps: tuple[str, ...]
) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Walk what we declare beside the field sets that are ours; `steps` is the path in the field set's spelling."""
    if not owned:
        yield path, steps
    elif isinstance(value, Mapping) and any(node for node in owned):
        for key, each in value.items():
            if not _is_empty(each):  # an empty value owns nothing
                below = [node[f"f:{key}"] for node in owned if f"f:{key}" in node]
                yield from _unowned(each, below, (*path, key), (*steps, f"f:{key}"))
    elif isinstance(value, list) and any(_has_items(node) for node in owned):
        for place, item in enumerate(value):
            keys = [key for node in owned for key in node if matches(key, item)]
            below = [node[key] for node in owned for key in keys if key in node]
            yield from _unowned(item, below, (*path, place), (*steps, keys[0] if keys else "?"))


def _is_empty(value: Any) -> bool:
    return value == [] or (isinstance(value, Mapping) and all(_is_empty(each) for each in value.values()))


def _has_items(node: Mapping[str, Any]) -> bool:
    return any(key.startswith(("k:", "v:")) for key in node)


def matches(key: str, item: Any) -> bool:
    """Say whether a field set's list key (`k:{"name":"web"}` or `v:"finalizer"`) means this item."""
    kind, _, text = key.partition(":")
    if kind not in "kv" or not text:
        return False
    wanted = json.loads(text)
    if kind == "v":
        return bool(wanted == item)
    # A key field that the manifest leaves out was defaulted by the server (a port's protocol).
    return isinstance(item, Mapping) and all(item.get(name, value) == value for name, value in wanted.items())


def _owns(fields: Mapping[str, Any], steps: tuple[str, ...]) -> bool:
    node: Any = fields
    for step in steps:
        if step not in node:
            return False
        node = node[step]
    return True


def locate(body: Mapping[str, Any], field: str) -> Path | None:
    """Find what the API server names as `.spec.x` or `.webhooks[name="a"].clientConfig.caBundle`."""
    node: Any = body
    path: list[str | int] = []
    for key, selector in _FIELD_STEPS.findall(field):
        if key and isinstance(node, Mapping) and key in node:
            path.append(key)
        elif selector and isinstance(node, list):
            wanted = {name: json.loads(text) for name, text in _SELECTOR.findall(selector)}
            place = next((at for at, item in enumerate(node) if wanted.items() <= dict(item).items()), None)
            if place is None:
                return None
            path.append(place)
        else:
            return None
        node = node[path[-1]]
    return tuple(path) or None
