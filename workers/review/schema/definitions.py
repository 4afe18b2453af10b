"""The schemas that a push brings itself: what its CRDs say of the kinds that they define."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pushboat.model.manifest import Manifest
from workers.review.schema.compiling import Compiled, rule_of
from workers.review.schema.parts import inner, several, word
from workers.review.schema.words import Rule
from workers.review.words import Kind

DEFINITION = ("apiextensions.k8s.io", "v1", "CustomResourceDefinition")


def is_definition(manifest: Manifest) -> bool:
    """Say whether a manifest defines a kind."""
    return (manifest.ref.group, manifest.version, manifest.ref.kind) == DEFINITION


def subject_of(manifest: Manifest) -> tuple[str, str]:
    """Say which group and kind a definition is about."""
    spec = inner(manifest.body, "spec")
    return word(spec, "group"), word(inner(spec, "names"), "kind")


def defined(manifests: Iterable[Manifest], document: Compiled) -> dict[Kind, Rule]:
    """Make the rules of all kinds that these definitions serve; each must itself be without faults.

    `document` is any that the cluster publishes: it knows the metadata of every object.
    """
    return {kind: rule for manifest in manifests for kind, rule in _of(manifest.body["spec"], document)}


def _of(spec: Mapping[str, Any], document: Compiled) -> Iterator[tuple[Kind, Rule]]:
    group, kind = word(spec, "group"), word(inner(spec, "names"), "kind")
    for version in several(spec, "versions"):
        schema = inner(inner(version, "schema"), "openAPIV3Schema")
        if schema and version.get("served"):
            yield (group, word(version, "name"), kind), _root(schema, document)


def _root(schema: Mapping[str, Any], document: Compiled) -> Rule:
    rule = rule_of(schema, document, of_a_crd=True)
    rule.fields = {**rule.fields, **document.of_every_object}
    return rule
