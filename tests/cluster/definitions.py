"""Kinds of our own, as small as an API server takes them."""

from collections.abc import Mapping
from typing import Any

Body = dict[str, Any]
PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
ANYTHING: Body = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
NOTHING: Body = {"type": "object"}


def definition(
    group: str, kind: str = "Boat", schema: Mapping[str, Any] = ANYTHING, *, version: str = "v1", speaks: bool = False
) -> Body:
    """Define a kind whose objects live in namespaces; where it `speaks`, they have a status of their own."""
    word = kind.lower()
    served: Body = {"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    if speaks:
        served["subresources"] = {"status": {}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{word}s.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"plural": f"{word}s", "singular": word, "kind": kind},
            "versions": [served],
        },
    }
