"""Whatever the API server takes, the schema check takes; and what it refuses for its shape, we refuse before it."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from tests.cluster.made_from_schemas import (
    Path,
    Schemas,
    Site,
    fitting,
    in_its_place,
    put,
    resolved,
    sites,
    tried,
    value_at,
)
from tests.cluster.sound_objects import RICH, SMALL, Body
from workers.cluster.client.connection import Cluster
from workers.cluster.client.refusals import Answered
from workers.review.schema.compiling import Compiled
from workers.review.schema.insisting import insisted
from workers.review.schema.walking import faults
from workers.review.schema.words import Fault

SAMPLE, SEED = 250, 7
META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
OTHER = ("x", True, 5, 1.5, 2**31, {"a": 1}, ["a"])
WRONG: dict[str, tuple[Any, ...]] = {
    "string": (5, True, 1.5, {"a": 1}, ["a"]),
    "integer": ("5", "x", True, 1.5, {"a": 1}, [1], 2**31, 2**63, 1e3, 10.0),
    "number": ("5", True, {"a": 1}),
    "boolean": ("true", 1, "x", {"a": 1}),
    "array": ("x", {"a": 1}, 5, [None]),
    "object": ("x", ["a"], 5, True, {"nonsense": 1}),
}
EMPTY: dict[str, tuple[Any, ...]] = {"string": ("",), "array": ([],)}
LEFT_TO_THE_SERVER = (
    "the name of the object",
    "must not be provided in pod spec",
    "managedFields must be nil",
    "boolean or JSON schema expected",
    "cannot unmarshal string into Go value of type v1.JSONSchemaProps",
    'as ".000000"',
)
"""Refusals of names, by admission, of schemas in schemas and of a Lease's times, which look like those of shapes."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A real cluster and the rules that it publishes."""

    cluster: Cluster
    schemas: dict[tuple[str, str], Schemas]
    rules: dict[tuple[str, str], Compiled]

    def judge(self, body: Body, kind: Body) -> tuple[list[Fault], Answered | None]:
        """Let both say what they think."""
        group, version = version_of(kind)
        found = self.cluster.kinds.find(group, version, kind["kind"])
        rule = self.rules[group, version].find(group, version, kind["kind"])
        assert found is not None
        assert rule is not None
        ours = faults(rule, in_its_place(body, inside=found.namespaced))
        return ours, tried(self.cluster, body, kind["metadata"]["name"])

    def sites(self, *kinds: Body) -> Iterator[Site]:
        """Find the places of these objects."""
        for body in kinds:
            group, version = version_of(body)
            names = {
                name
                for name, schema in self.schemas[group, version].items()
                for each in schema.get("x-kubernetes-group-version-kind", ())
                if (each["group"], each["version"], each["kind"]) == (group, version, body["kind"])
            }
            yield from sites(body, self.schemas[group, version], names.pop())


def version_of(body: Body) -> tuple[str, str]:
    group, _, version = body["apiVersion"].rpartition("/")
    return group, version


@pytest.fixture(scope="module")
def scene(door: Cluster) -> Scene:
    published = door.published({version_of(body) for body in (*SMALL, *RICH)})
    assert not published.missing
    schemas = {version: document.schemas for version, document in published.documents.items()}
    return Scene(door, schemas, {version: Compiled(each) for version, each in schemas.items()})


def broken(site: Site, schemas: Schemas) -> Iterator[tuple[Path, Any]]:
    """Break each field of a place in every way that its schema suggests."""
    for key, field in schemas[site.name].get("properties", {}).items():
        if not site.path and key in ("apiVersion", "kind", "status"):
            continue
        path, schema = (*site.path, key), resolved(schemas, field)
        of = schema.get("type")
        values: list[Any] = [None, *WRONG.get(of, OTHER)]
        values += ["!!", "", "2024-05-17T08:30:00Z"] if schema.get("format") in ("byte", "date-time") else []
        if of == "array":
            item = fitting(schemas, schema["items"])
            inner = resolved(schemas, schema["items"]).get("type")
            values += [[item, item], *([each] for each in WRONG.get(inner, OTHER))]
        if of == "object" and isinstance(schema.get("additionalProperties"), dict):
            inner = resolved(schemas, schema["additionalProperties"]).get("type")
            values += [{"k1": each} for each in (*WRONG.get(inner, OTHER), "!", None)]
        yield from ((path, value) for value in values)
    if schemas[site.name].get("properties"):
        yield (*site.path, "nonsense"), 1


def every_break(scene: Scene) -> list[tuple[Body, Path, Any]]:
    found, seen = [], set()
    for site in scene.sites(*SMALL):
        if site.name not in seen:
            seen.add(site.name)
            schemas = scene.schemas[version_of(site.body)]
            found += [(site.body, *each) for each in broken(site, schemas)]
            if META not in seen:
                seen.add(META)
                found += [(site.body, *each) for each in broken(Site(site.body, ("metadata",), META), schemas)]
    return found


def disagreement(scene: Scene, sound: Body, path: Path, value: Any) -> str:
    """Say where the two differ: we are stricter, or laxer about a shape or a name."""
    ours, theirs = scene.judge(put(sound, path, value), sound)
    where = f"{sound['kind']} {path} = {value!r}"
    if ours and theirs is None:
        return f"the server takes {where}, we say: {ours[0].message}"
    about_shape = theirs is not None and (theirs.code in (400, 500) or not theirs.causes)
    if not ours and about_shape and not any(words in str(theirs) for words in LEFT_TO_THE_SERVER):
        return f"we take {where}, the server says: {theirs}"
    return ""


def disagreements(scene: Scene, breaks: list[tuple[Body, Path, Any]]) -> list[str]:
    with ThreadPoolExecutor(4) as pool:
        return [told for told in pool.map(lambda each: disagreement(scene, *each), breaks) if told]


@pytest.mark.proves("preflight")
@pytest.mark.parametrize("sound", [*SMALL, *RICH], ids=lambda body: body["kind"])
def test_what_the_server_takes_is_taken(scene: Scene, sound: Body) -> None:
    """My sound objects are never refused by the check that comes before the API server."""
    ours, theirs = scene.judge(sound, sound)
    assert (ours, theirs) == ([], None)


def test_a_sample_of_broken_fields_is_judged_as_the_server_does(scene: Scene) -> None:
    """A field with a wrong value is refused where the API server refuses it, and only there."""
    breaks = every_break(scene)
    assert len(breaks) > 9_000
    assert disagreements(scene, random.Random(SEED).sample(breaks, SAMPLE)) == []


@pytest.mark.proof
@pytest.mark.timeout(600)
def test_every_broken_field_is_judged_as_the_server_does(scene: Scene) -> None:
    """There is no field of a built-in kind whose wrong values we judge otherwise than the API server."""
    assert disagreements(scene, every_break(scene)) == []


def without(scene: Scene, site: Site, field: str) -> str:
    """Try an object without a field, or with a wrong one: proven, taken, or hidden by other refusals."""
    schemas, name = scene.schemas[version_of(site.body)], site.body["metadata"]["name"]
    sound = tried(scene.cluster, site.body, name)
    refusals = [tried(scene.cluster, body, name) for body in broken_by(schemas, site, field)]
    if None in refusals:
        return "taken"
    new = {each for refused in refusals for each in complaints(refused) - complaints(sound)}
    return "proven" if sound is None or any(field in each for each, _ in new) else "hidden"


def broken_by(schemas: Schemas, site: Site, field: str) -> Iterator[Body]:
    schema = schemas[site.name]
    of = resolved(schemas, schema["properties"][field])
    if field in schema.get("required", ()):
        body = put(site.body, (*site.path, field), None)
        del value_at(body, site.path)[field]
        yield body
        if empty := EMPTY.get(of.get("type")):
            yield put(site.body, (*site.path, field), empty[0])
    if of.get("enum") or of.get("items", {}).get("enum"):
        yield put(site.body, (*site.path, field), ["Nonsense"] if of.get("type") == "array" else "Nonsense")


def complaints(refused: Answered | None) -> set[tuple[str, str]]:
    return {(cause.field, cause.message) for cause in refused.causes} if refused else set()


def insisted_sites(scene: Scene) -> dict[tuple[str, str], list[Site]]:
    found: dict[tuple[str, str], list[Site]] = {}
    for site in scene.sites(*RICH, *SMALL):
        for field in insisted(site.name):
            found.setdefault((site.name, field), []).append(site)
    return found


def test_what_we_insist_on_the_server_insists_on(scene: Scene) -> None:
    """A missing field, or a word that is none of those allowed, is red early only where it would be red anyhow."""

    def answer(field: str, places: list[Site]) -> str:
        answers = (without(scene, site, field) for site in places)
        return next((each for each in answers if each != "hidden"), "hidden")

    found = insisted_sites(scene)
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda each: (each, answer(each[1], found[each])), found)
    assert [each for each in answers if each[1] != "proven"] == []
    assert len(found) > 150


@pytest.mark.proof
@pytest.mark.timeout(600)
def test_what_we_insist_on_the_server_insists_on_everywhere(scene: Scene) -> None:
    """That holds in every place where such a field can stand."""
    everywhere = [(site, field) for (_, field), places in insisted_sites(scene).items() for site in places]
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda each: (each[0].path, each[1], without(scene, *each)), everywhere)
    assert [each for each in answers if each[2] == "taken"] == []
