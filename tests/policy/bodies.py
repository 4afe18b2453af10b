"""Manifests of bodies that no file has."""

from typing import Any

from pushboat.model.manifest import Manifest, Ref


def manifest_of(body: dict[str, Any], file: str = "a.yaml", namespace: str = "") -> Manifest:
    """Make a manifest of a body."""
    group, _, version = str(body["apiVersion"]).rpartition("/")
    ref = Ref(group, str(body["kind"]), namespace, str(body["metadata"]["name"]))
    return Manifest(ref=ref, version=version, body=body, file=file, line=1)
