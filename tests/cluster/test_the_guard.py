"""The guard against mass deletion tells a rename from a loss."""

from random import Random
from typing import Any

import pytest

from pushboat.model.manifest import Ref
from workers.cluster.planning.successors import replaced

Bodies = dict[Ref, dict[str, Any]]


def bodies(*names: str, kind: str = "ConfigMap", group: str = "", namespace: str = "shop", **data: str) -> Bodies:
    return {
        Ref(group, kind, namespace, name): {"metadata": {"name": name}, "data": dict(data) or {"of": name}}
        for name in names
    }


RENAMES = {
    "prefixed": (bodies("a", "b", "c"), bodies("x-a", "x-b", "x-c")),
    "suffixed": (bodies("a", "b"), bodies("a-v2", "b-v2")),
    "unprefixed": (bodies("x-a", "x-b"), bodies("a", "b")),
    "rehashed": (bodies("settings-7k2m9t4bc5", at="1"), bodies("settings-9d2f6h8gk4", other="2")),
    "in another namespace": (bodies("a", "b"), bodies("a", "b", namespace="shop-2")),
    "of another API group": (
        bodies("web", kind="Ingress", group="extensions"),
        bodies("web", kind="Ingress", group="networking.k8s.io"),
    ),
    "with the same content": (bodies("a", a="1"), bodies("quite-different", a="1")),
    "with most of its content": (bodies("a", a="1", b="2", c="3"), bodies("other", a="1", b="2", c="4")),
}


@pytest.mark.proves("prune-guard")
@pytest.mark.proves(
    "many-renamed-at-once", among=("a suffix", "a hash", "another namespace", "another API group", "the same content")
)
@pytest.mark.parametrize("name", RENAMES)
def test_what_was_renamed_is_replaced(name: str) -> None:
    """A prefix, a hash, a namespace or a new name for the same content loses nothing."""
    leaving, arriving = RENAMES[name]
    assert set(replaced(leaving, arriving)) == set(leaving)


LOSSES = {
    "nothing comes": (bodies("a", "b"), {}),
    "another kind comes": (bodies("a", a="1"), bodies("a-2", kind="Secret", a="1")),
    "something quite different comes": (bodies("a", a="1", b="2"), bodies("zoo", c="3", d="4")),
    "the name only begins alike": (bodies("web", a="1"), bodies("website", b="2")),
}


@pytest.mark.proves("prune-guard")
@pytest.mark.parametrize("name", LOSSES)
def test_what_has_no_successor_is_lost(name: str) -> None:
    """An object of another kind or with nothing in common takes nobody's place."""
    leaving, arriving = LOSSES[name]
    assert replaced(leaving, arriving) == {}


@pytest.mark.parametrize("seed", range(300))
def test_no_arrival_counts_twice(seed: int) -> None:
    """However alike the objects are, each that comes takes the place of one that goes, of the same kind, at most."""
    random = Random(seed)
    leaving, arriving = _some(random, "old"), _some(random, "new")
    found = replaced(leaving, arriving)
    assert set(found) <= set(leaving)
    assert set(found.values()) <= set(arriving)
    assert len(set(found.values())) == len(found)
    assert all(old.kind == new.kind for old, new in found.items())


@pytest.mark.proves("many-renamed-at-once", among=("Secret", "Deployment"))
@pytest.mark.parametrize("seed", range(100))
def test_a_prefix_over_everything_never_loses_anything(seed: int) -> None:
    """Whatever is in my folder: a name prefix, or a suffix, replaces all of it."""
    random = Random(seed)
    leaving = _some(random, "old")
    form = random.choice(["x-{}", "{}-v2", "team.{}"])
    arriving = {Ref(ref.group, ref.kind, ref.namespace, form.format(ref.name)): body for ref, body in leaving.items()}
    assert set(replaced(leaving, arriving)) == set(leaving)


@pytest.mark.proves("pain-25")
def test_two_thousand_objects_are_compared_in_a_moment() -> None:
    """A large repository that is replaced whole does not keep anybody waiting."""
    leaving = {key: body for n in range(2000) for key, body in bodies(f"o{n}", a=f"{n}").items()}
    arriving = {key: body for n in range(2000) for key, body in bodies(f"p{n}q", b=f"{n}").items()}
    assert replaced(leaving, arriving) == {}


def _some(random: Random, word: str) -> Bodies:
    found: Bodies = {}
    for number in range(random.randrange(12)):
        name = random.choice([f"{word}-{number}", f"app-{number % 3}-{word}", f"hashed-{random.randbytes(5).hex()}"])
        data = {key: random.choice("12") for key in random.sample("abcdef", random.randrange(4))}
        kind = random.choice(["ConfigMap", "Secret", "Deployment"])
        found |= bodies(name, kind=kind, **data)
    return found
