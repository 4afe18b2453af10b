"""Custom resources are judged as the API server judges them, by the CRD in the cluster or by the one in the push."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from pushboat.model.manifest import Manifest, Ref
from tests.cluster.made_from_schemas import tried
from tests.until import until
from workers.cluster.client.connection import APPLY, Cluster
from workers.review.schema.compiling import Compiled
from workers.review.schema.definitions import DEFINITION, defined
from workers.review.schema.walking import faults
from workers.review.schema.words import Rule

SAMPLE, SEED = 250, 7
OF_A_NULL = 'Invalid value: "null"'
TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
A_IS_WHOLE = {"type": "object", "properties": {"a": WHOLE}}
FIELDS: dict[str, Any] = {
    "text": TEXT,
    "whole": WHOLE,
    "small": {"type": "integer", "format": "int32"},
    "number": {"type": "number"},
    "truth": {"type": "boolean"},
    "nullable": {"type": "string", "nullable": True},
    "anything": {"x-kubernetes-preserve-unknown-fields": True},
    "empty": {"type": "object"},
    "open": {**A_IS_WHOLE, "x-kubernetes-preserve-unknown-fields": True},
    "texts": {"type": "object", "additionalProperties": TEXT},
    "objects": {"type": "object", "additionalProperties": {**A_IS_WHOLE, "required": ["a"]}},
    "all": {"type": "object", "additionalProperties": True},
    "either": {"x-kubernetes-int-or-string": True},
    "percent": {"x-kubernetes-int-or-string": True, "pattern": "^[0-9]+%?$"},
    "choice": {"type": "string", "enum": ["A", "B", ""]},
    "numbers": {"type": "integer", "enum": [1, 2]},
    "nothing": {"type": "string", "nullable": True, "enum": ["A", None]},
    "pattern": {"type": "string", "pattern": "^[a-z]+$"},
    "bounded": {"type": "integer", "minimum": 1, "maximum": 5},
    "between": {"type": "number", "minimum": 1, "exclusiveMinimum": True, "maximum": 5, "exclusiveMaximum": True},
    "short": {"type": "string", "minLength": 2, "maxLength": 3},
    "few": {"type": "array", "minItems": 1, "maxItems": 2, "items": WHOLE},
    "pair": {"type": "object", "minProperties": 1, "maxProperties": 2, "additionalProperties": TEXT},
    "set": {"type": "array", "x-kubernetes-list-type": "set", "items": TEXT},
    "named": {
        "type": "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name", "protocol"],
        "items": {
            "type": "object",
            "required": ["name"],
            "properties": {"name": TEXT, "protocol": {**TEXT, "default": "TCP"}, "v": WHOLE},
        },
    },
    "atomic": {"type": "array", "x-kubernetes-list-type": "atomic", "items": A_IS_WHOLE},
    "object": {"type": "object", "x-kubernetes-embedded-resource": True, "properties": {"spec": A_IS_WHOLE}},
    "wild": {
        "type": "object",
        "x-kubernetes-embedded-resource": True,
        "x-kubernetes-preserve-unknown-fields": True,
    },
    "required": {
        "type": "object",
        "required": ["a", "b", "n"],
        "properties": {"a": TEXT, "b": {**TEXT, "default": "x"}, "n": {**TEXT, "nullable": True}},
    },
    "defaulted": {
        "type": "object",
        "default": {"q": "d"},
        "required": ["q"],
        "properties": {"q": {**TEXT, "default": "z"}},
    },
    "date": {"type": "string", "format": "date-time"},
    "bytes": {"type": "string", "format": "byte"},
    "maps": {"type": "array", "items": {"type": "object", "additionalProperties": WHOLE}},
}
INNER = {"apiVersion": "v1", "kind": "X", "metadata": {"name": "q"}}
VALUES: tuple[Any, ...] = (
    *("x", "abc", "12", "5%", "A", "", "2024-01-01T00:00:00Z", "eA==", "!!", "a\n", "A" * 2000),
    *(5, -1, 0, 3, 1.5, 2.0, 2**31, 2**63, True, None),
    *([], ["a"], ["a", "a"], [1], [None], [1, 2, 3], [{"a": 1}], [{"a": "x"}], [{"b": 1}], [{"k": "x"}], [{}]),
    *([{"name": "a"}], [{"name": "a"}] * 2, [{"name": "a", "protocol": "UDP"}, {"name": "a"}], [{"v": 1}]),
    *([{"name": "a", "z": 1}], [{"name": "a", "v": "x"}], [{"name": None}]),
    *({}, {"a": 1}, {"a": "x"}, {"b": "x"}, {"z": None}, {"a": None}, {"nope": 1}, {"a": "y", "n": None}),
    *({"n": "x", "a": "y"}, {"k": {"a": 1}}, {"k": {}}, {"k": {"a": 1, "z": 2}}, {"k": {"a": "x"}}, {"k": True}),
    *({"q": None}, {"q": "x"}, {"a": "1", "b": "2", "c": "3"}),
    *(INNER, {**INNER, "metadata": {"nope": 1}}, {**INNER, "spec": {"a": 1, "b": 2}}, {**INNER, "other": 1}),
)
PAIRS = [(name, value) for name in FIELDS for value in VALUES]


@dataclass(frozen=True, slots=True)
class Harbour:
    """A cluster with a kind of boats, and the two rules that boats are held against."""

    cluster: Cluster
    group: str
    published: Rule
    brought: Rule

    def boat(self, **spec: Any) -> dict[str, Any]:
        metadata = {"name": "tug", "namespace": "default"}
        return {"apiVersion": f"{self.group}/v1", "kind": "Boat", "metadata": metadata, "spec": spec}


@pytest.fixture(scope="module")
def harbour(door: Cluster) -> Iterator[Harbour]:
    group = f"x{uuid4().hex[:8]}.example.com"
    body = definition(group)
    path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/boats.{group}"
    door.request("PATCH", path, {"fieldManager": "test"}, body, APPLY)
    wanted = ((group, "v1"), DEFINITION[:2])
    until(lambda: not door.published(wanted).missing, what="the schema of boats")
    door.kinds.refresh()
    documents = {version: Compiled(each.schemas) for version, each in door.published(wanted).documents.items()}
    published = documents[group, "v1"].find(group, "v1", "Boat")
    manifest = Manifest(ref=Ref(DEFINITION[0], DEFINITION[2], "", "x"), version="v1", body=body, file="a", line=1)
    assert published is not None
    yield Harbour(door, group, published, defined([manifest], documents[DEFINITION[:2]])[group, "v1", "Boat"])
    door.request("DELETE", path)


def definition(group: str) -> dict[str, Any]:
    schema = {"type": "object", "required": ["spec"], "properties": {"spec": {"type": "object", "properties": FIELDS}}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"plural": "boats", "singular": "boat", "kind": "Boat"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"boats.{group}"},
        "spec": {"group": group, "scope": "Namespaced", "names": names, "versions": [version]},
    }


def disagreement(harbour: Harbour, body: dict[str, Any]) -> str:
    """Say where the two differ; the server's word on values may go further than ours, never ours further than its."""
    theirs = tried(harbour.cluster, body, "tug")
    for rule in (harbour.published, harbour.brought):
        ours = faults(rule, body)
        if ours and theirs is None:
            return f"the server takes {body}, we say: {ours[0].message}"
        if not ours and theirs is not None and (theirs.code in (400, 500) or OF_A_NULL in str(theirs)):
            return f"we take {body}, the server says: {theirs}"
    return ""


def disagreements(harbour: Harbour, pairs: list[tuple[str, Any]]) -> list[str]:
    with ThreadPoolExecutor(4) as pool:
        told = pool.map(lambda pair: disagreement(harbour, harbour.boat(**{pair[0]: pair[1]})), pairs)
        return [each for each in told if each]


def test_a_sample_of_values_is_judged_as_the_server_does(harbour: Harbour) -> None:
    """My custom resource is never refused early where the API server would take it."""
    assert disagreements(harbour, random.Random(SEED).sample(PAIRS, SAMPLE)) == []


@pytest.mark.proof
def test_every_value_is_judged_as_the_server_does(harbour: Harbour) -> None:
    """That holds for every word of a schema and every sort of value."""
    assert disagreements(harbour, PAIRS) == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("texxt", "x", "unknown field spec.texxt: did you mean text?"),
        ("whole", "5", "spec.whole must be a whole number, this is text: write it without quotes"),
        ("truth", "true", "spec.truth must be true or false, this is text: write it without quotes"),
        ("text", 5, "spec.text must be text, this is a number: quote it"),
        ("either", 1.5, "spec.either must be a whole number or text, this is a fraction"),
        ("choice", "C", "spec.choice must be one of A, B"),
        ("pattern", "A", "spec.pattern must match ^[a-z]+$"),
        ("bounded", 0, "spec.bounded must be at least 1"),
        ("bounded", 6, "spec.bounded must be at most 5"),
        ("between", 1, "spec.between must be more than 1"),
        ("short", "abcd", "spec.short must have at most 3 characters"),
        ("few", [], "spec.few must have at least 1 item"),
        ("pair", {}, "spec.pair must have at least 1 field"),
        ("required", {"a": "x"}, "spec.required.n is missing"),
        ("set", ["a", "a"], "spec.set names an item twice"),
        ("named", [{"name": "a"}] * 2, "spec.named has two items with name a, protocol TCP"),
        ("object", {}, "spec.object.apiVersion is missing"),
        ("date", "tomorrow", "spec.date must be a date and time"),
        ("small", 2**31, "spec.small must fit into 32 bits"),
        ("few", [None], "spec.few[0] must not be null: give it a value or remove it"),
        ("text", None, "spec.text must not be null"),
        ("texts", {"a": None}, "spec.texts.a must not be null"),
        ("set", [None], "spec.set[0] must not be null"),
    ],
)
def test_each_mistake_is_named_in_words(harbour: Harbour, name: str, value: Any, words: str) -> None:
    """I read which field is wrong and what to write there, in the cluster's words or in those of my own CRD."""
    body = harbour.boat(**{name: value})
    for rule in (harbour.published, harbour.brought):
        assert any(fault.message.startswith(words) for fault in faults(rule, body)), faults(rule, body)
    assert tried(harbour.cluster, body, "tug") is not None
