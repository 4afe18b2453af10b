"""Objects with annotations, short, as a renderer would leave them."""

from collections.abc import Mapping
from typing import Any

import yaml

from pushboat.model.manifest import Manifest
from workers.manifests.directives.checking import Directed, directed
from workers.manifests.reading import read_manifests

GROUPS = {
    "Job": "batch/v1", "Deployment": "apps/v1", "StatefulSet": "apps/v1",
    "CustomResourceDefinition": "apiextensions.k8s.io/v1", "Widget": "example.com/v1",
}  # fmt: skip


def body(
    kind: str = "Job",
    name: str = "one",
    annotations: Mapping[str, Any] | None = None,
    *,
    namespace: str = "shop",
    **more: Any,
) -> dict[str, Any]:
    """Make one object."""
    metadata: dict[str, Any] = {"name": name, "namespace": namespace} if namespace else {"name": name}
    if annotations is not None:
        metadata["annotations"] = dict(annotations)
    return {"apiVersion": GROUPS.get(kind, "v1"), "kind": kind, "metadata": metadata, **more}


def manifests(*bodies: Mapping[str, Any]) -> list[Manifest]:
    """Read objects as if they stood in one file."""
    return read_manifests(yaml.safe_dump_all(bodies, sort_keys=False, allow_unicode=True), "deploy/all.yaml")


def all_of(*bodies: Mapping[str, Any], recreate: tuple[str, ...] = ()) -> tuple[Directed, ...]:
    """Read objects with what is said about them."""
    return directed(manifests(*bodies), recreate=recreate)
