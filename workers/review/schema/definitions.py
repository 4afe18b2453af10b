"""The schemas that a push brings itself: what its CRDs say of the kinds that they define."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pushboat.model.manifest import Manifest
from workers.review.schema.compiling import Compiled, rule_of
from workers.review.schema.words import Rule, Shape

DEFINITION = ("apiextensions.k8s.io", "v1", "CustomResourceDefinition")
Kind = tuple[str, str, str]
"""Group, version and kind."""


def is_definition(manifest: Manifest) -> bool:
    """Say whether a manifest defines a kind."""
    return (manifest.ref.group, manifest.version, manifest.ref.kind) == DEFINITION


def defined(manifests: Iterable[Manifest], metadata: Compiled) -> dict[Kind, Rule]:
    """Make the rules of all kinds that these definitions serve; each must itself be without faults.

    `metadata` is a document that knows the metadata of all objects; every one does.
    """
    return {kind: rule for manifest in manifests for kind, rule in _of(manifest.body["spec"], metadata)}


def _of(spec: Mapping[str, Any], metadata: Compiled) -> Iterator[tuple[Kind, Rule]]:
    group, kind = spec.get("group"), (spec.get("names") or {}).get("kind")
    for version in spec.get("versions") or ():
        schema = (version.get("schema") or {}).get("openAPIV3Schema") if version else None
        if isinstance(schema, Mapping) and version.get("served"):
            yield (str(group), str(version.get("name")), str(kind)), _root(schema, metadata)


def _root(schema: Mapping[str, Any], metadata: Compiled) -> Rule:
    """Add what every object has, whether its schema says so or not."""
    rule = rule_of(schema, metadata, of_a_crd=True)
    if rule.shape is Shape.OBJECT:
        text = Rule(shape=Shape.TEXT, types=frozenset((str,)))
        rule.fields = {**rule.fields, "apiVersion": text, "kind": text, "metadata": metadata.metadata or Rule()}
    return rule
