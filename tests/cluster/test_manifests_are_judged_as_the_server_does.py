"""What is said of broken and of sound manifests without a cluster is what the API server says of them."""

import random
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest

from pushboat.model.manifest import Manifest
from tests.cluster.made_from_schemas import tried
from tests.review.golden import BROKEN, cases, findings, read
from tests.review.sound import Body, kind_of, varied
from workers.cluster.client.connection import Cluster
from workers.review.minors import DEFAULT, minor
from workers.review.words import Weight

SOUND, SAMPLE, SEED = 1_000, 40, 11
OUR_OWN = {"unreadable", "object", "not-allowed", "annotation", "removed-api", "unknown-kind"}
"""Rules about files and whole objects: what the API server never sees, or has no address for."""
DIFFERENCES: dict[str, str] = {}
"""Cases of which we say one thing and the API server another, each with the reason."""


def is_served(door: Cluster, body: Body) -> bool:
    return door.kinds.find(*kind_of(body)) is not None


def disagreement(door: Cluster, name: str, manifest: Manifest, wrong: Iterable[str]) -> str:
    """Say where the two differ about one object."""
    theirs = tried(door, dict(manifest.body), manifest.ref.name)
    ours = list(wrong)
    if ours and theirs is None:
        return f"{name}: the server takes {manifest.ref}, we say: {ours}"
    if not ours and theirs is not None:
        return f"{name}: we take {manifest.ref}, the server says: {theirs}"
    return ""


def broken(door: Cluster) -> Iterator[tuple[str, Manifest, list[str]]]:
    """Give every object of a broken case whose mistakes, if it has any, are about its schema."""
    for case in chain.from_iterable(cases(file) for file in sorted(BROKEN.glob("*.txt"))):
        found = findings(case)
        for manifest in read(case)[0]:
            wrong = [each for each in found if each.ref == manifest.ref and each.weight is Weight.ERROR]
            if is_served(door, dict(manifest.body)) and not any(each.rule in OUR_OWN for each in wrong):
                yield case.name, manifest, [str(each) for each in wrong]


def test_broken_manifests_are_refused_by_the_server_too(door: Cluster) -> None:
    """I am refused early only for what would be refused anyhow, and what differs stands in a table with its reason."""
    every = [*broken(door)]
    assert len(every) > 180
    with ThreadPoolExecutor(4) as pool:
        told = pool.map(lambda each: (each[0], disagreement(door, *each)), every)
        differ = {name: sentence for name, sentence in told if sentence}
    assert {name: differ[name] for name in differ.keys() - DIFFERENCES.keys()} == {}
    assert DIFFERENCES.keys() - differ.keys() == set()


def sound(door: Cluster, bodies: Iterable[Body]) -> list[str]:
    """Try sound objects at the server; say which it does not take."""
    served = [each for each in bodies if is_served(door, each) and "name" in each["metadata"]]
    with ThreadPoolExecutor(4) as pool:
        told = pool.map(lambda each: (each, tried(door, each, each["metadata"]["name"])), served)
        return [f"{body}: {refused}" for body, refused in told if refused is not None]


def test_a_sample_of_sound_manifests_is_taken_by_the_server_too(door: Cluster) -> None:
    """What counts as sound here is sound there."""
    every = [*varied(SOUND, SEED)]
    assert sound(door, random.Random(SEED).sample(every, SAMPLE)) == []


@pytest.mark.proof
@pytest.mark.timeout(600)
def test_a_thousand_sound_manifests_are_taken_by_the_server_too(door: Cluster) -> None:
    """That holds for all thousand of them."""
    assert {kind_of(each) for each in varied(SOUND, SEED)} <= minor(DEFAULT).kinds.keys()
    assert sound(door, varied(SOUND, SEED)) == []
