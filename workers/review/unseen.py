"""An object as people's own rules may see it: with its Secret's keys, and with none of its values.

Whoever writes a rule chooses its words, and those are read by more people than a Secret is.
"""

from collections.abc import Mapping
from typing import Any

from pushboat.model.manifest import Manifest

HIDDEN = "KioqKg=="
"""Stands for each value: four stars, as base64."""
_KEPT = "kubectl.kubernetes.io/last-applied-configuration"


def unseen(manifest: Manifest) -> Mapping[str, Any]:
    """Give an object's body, that of a Secret without its values."""
    if (manifest.ref.group, manifest.ref.kind) != ("", "Secret"):
        return manifest.body
    body = dict(manifest.body)
    for field in ("data", "stringData"):
        if isinstance(body.get(field), Mapping):
            body[field] = dict.fromkeys(body[field], HIDDEN)
        elif field in body:
            body[field] = {}
    metadata = body.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, Mapping) else None
    if isinstance(metadata, Mapping) and isinstance(annotations, Mapping) and _KEPT in annotations:
        body["metadata"] = {**metadata, "annotations": {**annotations, _KEPT: HIDDEN}}
    return body
