"""The schema check is pure: manifests and schemas go in, mistakes come out; hostile schemas break nothing."""

import random
import time
from typing import Any

import pytest

from pushboat.model.manifest import Manifest, Ref
from workers.review.schema.checking import check
from workers.review.schema.compiling import Compiled
from workers.review.schema.definitions import defined
from workers.review.schema.nearest import nearest
from workers.review.schema.walking import faults
from workers.review.schema.words import Breach

META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
TEXT = {"type": "string"}
GVK = "x-kubernetes-group-version-kind"
SCHEMAS: dict[str, Any] = {
    META: {"type": "object", "properties": {"name": TEXT, "labels": {"type": "object", "additionalProperties": TEXT}}},
    "io.k8s.api.apps.v1.Tree": {
        "type": "object",
        GVK: [{"group": "apps", "version": "v1", "kind": "Tree"}],
        "properties": {
            "apiVersion": TEXT,
            "kind": TEXT,
            "metadata": {"allOf": [{"$ref": f"#/components/schemas/{META}"}]},
            "spec": {"$ref": "#/components/schemas/io.k8s.api.apps.v1.Branch"},
        },
    },
    "io.k8s.api.apps.v1.Branch": {
        "type": "object",
        "required": ["leaf"],
        "properties": {
            "leaf": TEXT,
            "branches": {"type": "array", "items": {"$ref": "#/components/schemas/io.k8s.api.apps.v1.Branch"}},
        },
    },
}


def tree(**spec: Any) -> Manifest:
    body = {"apiVersion": "apps/v1", "kind": "Tree", "metadata": {"name": "oak"}, "spec": spec}
    return Manifest(ref=Ref("apps", "Tree", "", "oak"), version="v1", body=body, file="a.yaml", line=1)


def told(*manifests: Manifest) -> list[str]:
    published = {("apps", "v1"): Compiled(SCHEMAS)}
    return [
        fault.message for _, fault in check(manifests, published, definitions=manifests, live=lambda _: None).mistakes
    ]


def test_a_schema_may_hold_itself() -> None:
    """A kind whose parts hold parts of the same sort is checked however deep it is."""
    deep: dict[str, Any] = {"lief": "x"}
    for _ in range(50):
        deep = {"branches": [deep]}
    assert told(tree(**deep))[0].endswith("branches[0].lief: did you mean leaf?")
    assert told(tree(leaf="x", branches=[{"leaf": "y"}, {}])) == []


def test_a_required_field_of_a_kind_that_is_written_in_go_is_a_hint_only() -> None:
    """What the schema of a built-in kind calls required is missed only where the API server is known to miss it."""
    assert told(tree()) == []


def test_status_and_nulls_are_no_mistakes() -> None:
    """What a cluster exported, with its status and empty fields, is as right as it was there."""
    given = tree(leaf=None)
    assert told(Manifest(**{**_fields(given), "body": {**given.body, "status": {"any": "thing"}}})) == []


def test_metadata_that_is_not_sent_is_no_mistake() -> None:
    """What only a server writes is dropped from an exported object, whatever it is."""
    given = tree(leaf="x")
    labelled = Manifest(**_fields(given), body={**given.body, "metadata": {"name": "oak", "labels": {"a": 5}}})
    published = {("apps", "v1"): Compiled(SCHEMAS)}

    def mistakes(sent: dict[str, Any]) -> int:
        return len(check([labelled], published, definitions=(), live=lambda _: None, sent=lambda _: sent).mistakes)

    assert (mistakes({**labelled.body}), mistakes({**given.body})) == (1, 0)


def _fields(manifest: Manifest) -> dict[str, Any]:
    return {name: getattr(manifest, name) for name in ("ref", "version", "file", "line")}


def test_a_kind_without_a_schema_is_said_to_be_unchecked() -> None:
    """I am told which kinds nobody could check, once each."""
    checked = check([tree(), tree()], {}, definitions=(), live=lambda _: None)
    assert (checked.mistakes, checked.unchecked) == ((), (("apps", "v1", "Tree"),))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("replcas", "replicas"),
        ("Replicas", "replicas"),
        ("replica", "replicas"),
        ("imagepullpolicy", "imagePullPolicy"),
        ("command", ""),
        ("x" * 100_000, ""),
    ],
)
def test_the_name_that_was_meant_is_found(written: str, meant: str) -> None:
    """A slip of the finger, another case or a missing letter is recognised; what is like nothing is not guessed at."""
    assert nearest(written, ["replicas", "imagePullPolicy", "selector"]) == meant


WORDS = ("type", "properties", "items", "required", "enum", "pattern", "allOf", "oneOf", "minimum", "minLength", "$ref",
    "additionalProperties", "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "nullable", "default", "format",
    "x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource")  # fmt: skip
ODD = (
    None,
    True,
    5,
    -1,
    1.5,
    "object",
    "array",
    "string",
    "integer",
    "map",
    "set",
    "",
    [],
    ["a"],
    [None],
    [{}],
    {},
    {"a": None},
)


def odd_schema(chance: random.Random, depth: int = 0) -> Any:
    if depth > 3 or chance.random() < 0.3:
        return chance.choice(ODD)
    words = chance.sample(WORDS, chance.randint(1, 5))
    made = {
        word: chance.choice([*ODD, odd_schema(chance, depth + 1), {"a": odd_schema(chance, depth + 1)}])
        for word in words
    }
    return {"type": chance.choice(["object", "array"]), **made}


def odd_value(chance: random.Random, depth: int = 0) -> Any:
    if depth > 3 or chance.random() < 0.4:
        return chance.choice(ODD)
    inner = odd_value(chance, depth + 1)
    return chance.choice([{"a": inner}, [inner], {"type": inner, "a": 5}, [inner, inner]])


@pytest.mark.slow
def test_a_schema_that_is_nonsense_breaks_nothing() -> None:
    """An aggregated API server may publish anything: whatever it is, the check ends with mistakes or without."""
    chance = random.Random(11)
    for _ in range(500):
        schemas = {"com.example.Odd": odd_schema(chance), META: odd_schema(chance)}
        if isinstance(schemas["com.example.Odd"], dict):
            schemas["com.example.Odd"][GVK] = [{"group": "example.com", "version": "v1", "kind": "Odd"}]
        document = Compiled(schemas)
        if rule := document.find("example.com", "v1", "Odd"):
            faults(rule, odd_value(chance))


def test_a_definition_that_is_nonsense_breaks_nothing() -> None:
    """So may a CRD of a push, as far as its own schema lets it."""
    chance = random.Random(12)
    for _ in range(500):
        version = {"name": "v1", "served": True, "schema": {"openAPIV3Schema": odd_schema(chance)}}
        spec = {"group": "example.com", "names": {"kind": "Odd"}, "versions": [version]}
        manifest = Manifest(ref=Ref("", "", "", ""), version="v1", body={"spec": spec}, file="a", line=1)
        for rule in defined([manifest], Compiled(SCHEMAS)).values():
            faults(rule, {"apiVersion": "a", "kind": "Odd", "metadata": {}, "a": odd_value(chance)})


def test_five_hundred_objects_are_checked_in_a_blink() -> None:
    """The check costs next to nothing: 500 objects with 40 fields each within a small part of a second."""
    manifests = [tree(leaf="x", branches=[{"leaf": "y"}] * 20) for _ in range(500)]
    published = {("apps", "v1"): Compiled(SCHEMAS)}
    began = time.process_time()
    checked = check(manifests, published, definitions=(), live=lambda _: None)
    assert checked.mistakes == ()
    assert time.process_time() - began < 1.0


def test_a_push_made_of_mistakes_costs_no_more_than_a_right_one() -> None:
    """Ten thousand objects with nothing but unknown fields end soon, with as many mistakes as somebody may read."""
    wrong = {f"lea{number}": "x" for number in range(1_000)}
    began = time.process_time()
    assert 500 <= len(told(*[tree(**wrong)] * 10_000)) <= 600
    assert time.process_time() - began < 20.0


def test_what_is_wrong_has_a_kind_of_breach() -> None:
    """Whoever shows a mistake knows whether it is about a name, a shape or a value."""
    document = Compiled(SCHEMAS)
    rule = document.find("apps", "v1", "Tree")
    assert rule is not None
    assert [each.breach for each in faults(rule, tree(leaf=5, loaf="x").body)] == [Breach.SHAPE, Breach.UNKNOWN]
