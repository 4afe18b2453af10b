"""A manifest as it goes to the API server, and the marks that we put on it: pure dictionary work."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pushboat.model.digits import whole
from pushboat.model.manifest import Manifest, Ref

PART_OF = "applyset.kubernetes.io/part-of"
APPLIED = "pushboat.dev/applied"
"""The digest of the manifest that an object was applied from."""
FENCE = "pushboat.dev/fence"
"""The lane's fence at the last take-over of an expired lease; an earlier worker must not write past it."""
MADE_FOR = "pushboat.dev/made-for"
"""An annotation of a namespace that we created: for which environment (`<repository>:<environment>`)."""
ABSENT_VERSION = "1"
"""A resource version that no object has: an apply with it creates, and answers 409 where the object exists."""
CAUSE = "kubernetes.io/change-cause"
"""https://kubernetes.io/docs/reference/labels-annotations-taints/#change-cause"""
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
READ_ONLY = (
    "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
    "managedFields", "selfLink",
)  # fmt: skip
"""Metadata that only the server writes."""

Object = dict[str, Any]
_BRANCHES = (dict, list, tuple)
_one_spelling = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def ref_of(live: Mapping[str, Any]) -> Ref:
    """Name an object that the API server sent."""
    group, _, _ = api_group(live)
    metadata = live["metadata"]
    return Ref(group, live["kind"], metadata.get("namespace", ""), metadata["name"])


def api_group(body: Mapping[str, Any]) -> tuple[str, str, str]:
    """Split apiVersion and kind into group, version and kind."""
    group, _, version = str(body.get("apiVersion", "")).rpartition("/")
    return group, version, str(body.get("kind", ""))


def declared(manifest: Manifest) -> Object:
    """Give what a manifest declares, without what the API server would rewrite on its own.

    A Secret's stringData becomes data (the server does that too, and then nobody owns what was written); a status and
    metadata that only the server writes, which exports and generators leave behind, are no wishes. Nulls are kept:
    to the API server, a key with nothing behind it is not the same as no key.
    """
    body: Object = _without_null_times(manifest.body) if _has_null_times(manifest.body) else {**manifest.body}
    metadata = {key: value for key, value in (body.get("metadata") or {}).items() if key not in READ_ONLY}
    marks = metadata.get("annotations")
    if isinstance(marks, Mapping) and LAST_APPLIED in marks:
        metadata["annotations"] = {key: value for key, value in marks.items() if key != LAST_APPLIED}
    body["metadata"] = metadata
    body.pop("status", None)
    if is_secret(body) and isinstance(body.get("stringData"), dict) and isinstance(body.get("data") or {}, dict):
        encoded = {key: _encoded(value) for key, value in body.pop("stringData").items()}
        body["data"] = {**(body.get("data") or {}), **encoded}
    return body


def dropped(manifest: Manifest) -> tuple[str, ...]:
    """Name what a manifest says and only the server writes; what generators leave empty is not worth a word."""
    metadata = manifest.body.get("metadata") or {}
    names = [f"metadata.{name}" for name in READ_ONLY if metadata.get(name)]
    if LAST_APPLIED in (metadata.get("annotations") or {}):
        names.append(f"metadata.annotations[{LAST_APPLIED}]")
    return (*names, "status") if manifest.body.get("status") else tuple(names)


def digest(body: Mapping[str, Any]) -> str:
    """Name a body by its content, whatever the order of its keys."""
    return hashlib.sha256(_one_spelling(body).encode()).hexdigest()[:40]


def marked(body: Mapping[str, Any], part_of: str, applied: str) -> Object:
    """Add our marks: whose it is, and the digest of what it was applied from."""
    metadata = body["metadata"]
    labels = {**(metadata.get("labels") or {}), PART_OF: part_of}
    annotations = {**(metadata.get("annotations") or {}), APPLIED: applied}
    return {**body, "metadata": {**metadata, "labels": labels, "annotations": annotations}}


def labels(live: Mapping[str, Any]) -> Mapping[str, str]:
    """Read the labels."""
    return live["metadata"].get("labels") or {}


def annotations(live: Mapping[str, Any]) -> Mapping[str, str]:
    """Read the annotations."""
    return live["metadata"].get("annotations") or {}


def fence_of(live: Mapping[str, Any]) -> int:
    """Read the fence that a take-over left, 0 where there was none."""
    return whole(annotations(live).get(FENCE, "")) or 0


def is_going(live: Mapping[str, Any]) -> bool:
    """Say whether an object is being deleted: it is there, but not for long."""
    return "deletionTimestamp" in live["metadata"]


def finalizers(live: Mapping[str, Any]) -> tuple[str, ...]:
    """List who must let an object go before it is gone."""
    return tuple(live["metadata"].get("finalizers") or ())


def held_by(live: Mapping[str, Any]) -> str:
    """Say that an object is still being deleted, and which finalizers hold it."""
    holders = finalizers(live)
    names = f": finalizer{'s' * (len(holders) > 1)} {', '.join(holders)}" if holders else ""
    return f"still being deleted{names}"


def is_original(live: Mapping[str, Any]) -> bool:
    """Tell an object that was applied from one that a controller made with a copy of its labels (an EndpointSlice)."""
    owners = live["metadata"].get("ownerReferences") or ()
    return APPLIED in annotations(live) and not any(owner.get("controller") for owner in owners)


def is_secret(body: Mapping[str, Any]) -> bool:
    """Say whether an object holds secret values."""
    return body.get("kind") == "Secret" and body.get("apiVersion") == "v1"


def deleting(live: Mapping[str, Any], propagation: str, *, as_read: bool = True) -> Object:
    """Write what a DELETE says: this very object and no namesake; `as_read`: unless somebody has written it since."""
    names = ("uid", "resourceVersion") if as_read else ("uid",)
    exactly = {name: live["metadata"][name] for name in names}
    return {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": propagation, "preconditions": exactly}


def _encoded(value: Any) -> str:
    return base64.b64encode(("" if value is None else str(value)).encode()).decode()


def _has_null_times(value: Mapping[str, Any] | Sequence[Any], of: str = "") -> bool:
    """Say whether there is anything to leave out: copying costs twice as much as looking, at every object of a push."""
    if isinstance(value, dict):
        if of == "metadata" and value.get("creationTimestamp", "") is None:
            return True
        return any(isinstance(each, _BRANCHES) and _has_null_times(each, key) for key, each in value.items())
    return any(_has_null_times(each) for each in value if isinstance(each, _BRANCHES))


def _without_null_times(value: Mapping[str, Any] | Sequence[Any], of: str = "") -> Any:
    """Copy a body without the `metadata: {creationTimestamp: null}` that generators write into every template."""
    if isinstance(value, dict):
        copied = {
            key: _without_null_times(each, key) if isinstance(each, _BRANCHES) else each for key, each in value.items()
        }
        if of == "metadata" and copied.get("creationTimestamp", "") is None:
            del copied["creationTimestamp"]
        return copied
    return [_without_null_times(each) if isinstance(each, _BRANCHES) else each for each in value]
