"""What a CRD serves, by its own words, before any cluster has read them."""

from collections.abc import Iterator, Mapping
from typing import Any


def served_by(body: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str], bool]]:
    """Name each kind in each version that a definition serves, and whether its objects live in namespaces."""
    spec = body.get("spec")
    if not isinstance(spec, Mapping) or not isinstance(spec.get("names"), Mapping):
        return
    versions = spec.get("versions")
    for version in versions if isinstance(versions, list) else ():
        if isinstance(version, Mapping) and version.get("served", True):
            key = (str(spec.get("group")), str(version.get("name")), str(spec["names"].get("kind")))
            yield key, spec.get("scope") == "Namespaced"
