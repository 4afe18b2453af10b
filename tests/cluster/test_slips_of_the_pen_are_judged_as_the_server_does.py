"""Manifests of this repository, with a slip of the pen or two, are judged as the API server judges them."""

import copy
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest
from tests.cluster.made_from_schemas import tried
from workers.cluster.client.connection import Cluster
from workers.cluster.objects import declared
from workers.manifests.decoding import decode
from workers.manifests.reading import read_manifests
from workers.review.schema.checking import check
from workers.review.schema.compiling import Compiled

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("examples", "deploy", "tests/cases", "tests/data/manifests", "tests/data/health")
SAMPLE, WHOLE, SEED = 200, 6_000, 3
ODD: tuple[Any, ...] = ("x", "5", 5, 0, -1, 1.5, True, [], {}, ["a"], {"a": 1}, "true", "1Gi", "!", "", 2**40, "a b")
KEPT = {("apiVersion",), ("kind",), ("metadata",), ("metadata", "name"), ("metadata", "namespace")}
LEFT_TO_THE_SERVER = ("the name of the object", "must not be provided in pod spec", "boolean or JSON schema expected")


def manifests(door: Cluster) -> list[Manifest]:
    """Read all that the cluster knows the kind of; what another test has in it already would be judged with that."""
    found = []
    for file in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.y*ml")):
        try:
            name = str(file.relative_to(ROOT))
            read = read_manifests(decode(file.read_bytes(), name), name)
        except InvalidManifest:
            continue
        found += [each for each in read if _is_new(door, each)]
    return [replace(each, body=_placed(declared(each))) for each in found]


def _is_new(door: Cluster, manifest: Manifest) -> bool:
    kind = door.kinds.find(manifest.ref.group, manifest.version, manifest.ref.kind)
    return kind is not None and (kind.namespaced or door.find(kind.path("", manifest.ref.name)) is None)


def _placed(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "metadata": {**body["metadata"], "namespace": "default"}}


def slipped(chance: random.Random, manifest: Manifest) -> Manifest:
    """Make one to three slips in an object, none of which gives it another name or kind."""
    body = copy.deepcopy(dict(manifest.body))
    for _ in range(chance.randint(1, 3)):
        spots = list(_spots(body, ()))
        if spots:
            _slip(chance, *chance.choice(spots))
    return replace(manifest, body=body)


def _spots(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        if (*path, key) not in KEPT:
            yield value, key
        yield from _spots(inner, (*path, key))


def _slip(chance: random.Random, holder: Any, key: Any) -> None:
    kind = chance.choice(("rename", "change", "change", "delete", "repeat", "empty"))
    if kind == "rename" and isinstance(holder, dict):
        holder[f"{key[:-1]}{chance.choice('xsy')}"] = holder.pop(key)
    elif kind == "delete":
        del holder[key]
    elif kind == "repeat" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    elif kind == "empty":
        holder[key] = None
    else:
        holder[key] = copy.deepcopy(chance.choice(ODD))


def disagreements(door: Cluster, number: int) -> list[str]:
    """Let both judge so many slips, and the manifests as they are; say where one sees what the other does not."""
    chance, sound = random.Random(SEED), manifests(door)
    published = door.published({(each.ref.group, each.version) for each in sound})
    rules = {version: Compiled(each.schemas) for version, each in published.documents.items()}

    def differs(manifest: Manifest) -> str:
        theirs = tried(door, dict(manifest.body), manifest.ref.name)
        ours = check([manifest], rules, definitions=(), live=lambda _: None).mistakes
        if ours and theirs is None and _is_new(door, manifest):  # else another test has brought it in meanwhile
            return f"the server takes {manifest.body}, we say: {ours[0][1].message}"
        about_shape = theirs is not None and (theirs.code in (400, 500) or not theirs.causes)
        if not ours and about_shape and not any(words in str(theirs) for words in LEFT_TO_THE_SERVER):
            return f"we take {manifest.body}, the server says: {theirs}"
        return ""

    assert len(sound) > 100
    with ThreadPoolExecutor(4) as pool:
        told = pool.map(differs, [*sound, *(slipped(chance, chance.choice(sound)) for _ in range(number))])
        return [each for each in told if each]


def test_a_sample_of_slips_is_judged_as_the_server_does(door: Cluster) -> None:
    """Whatever I misspell, forget or misplace: I am red early only where I would be red anyhow."""
    assert disagreements(door, SAMPLE) == []


@pytest.mark.proof
@pytest.mark.timeout(600)
def test_thousands_of_slips_are_judged_as_the_server_does(door: Cluster) -> None:
    """That holds for thousands of slips in manifests as people write them."""
    assert disagreements(door, WHOLE) == []
