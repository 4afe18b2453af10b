"""The API server's books, read and rearranged: whatever is done, nobody's field is lost and none is invented."""

import random
from typing import Any

import pytest

from workers.cluster.fieldsets import Fields, Steps, holds, joined, nulled, pruned, spelled, split, uncovered, union
from workers.cluster.planning.conflicts import lost
from workers.cluster.records import MOST_ENTRIES, record, remembers

NAMES = ("a", "b", "c.d/e")
SEEDS = range(60)


def some_fields(chance: random.Random, depth: int = 4) -> dict[str, Any]:
    """Make up a field set as the API server writes them."""
    node: dict[str, Any] = {}
    for name in NAMES:
        if chance.random() < 0.6:
            node[f"f:{name}"] = some_fields(chance, depth - 1) if depth and chance.random() < 0.6 else {}
    if depth and chance.random() < 0.3:
        node["f:items"] = {f'k:{{"name":"{name}"}}': {".": {}, "f:name": {}} for name in NAMES if chance.random() < 0.5}
    return node


def paths(fields: Fields, at: Steps = ()) -> set[Steps]:
    """List everything that is owned."""
    found: set[Steps] = set()
    for key, node in fields.items():
        found |= paths(node, (*at, key)) if node else {(*at, key)}
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_by_putting_together_and_taking_apart(seed: int) -> None:
    """What two managers own together is what either owns; what is picked and the rest are the whole."""
    chance = random.Random(seed)
    one, other = some_fields(chance), some_fields(chance)
    both = paths(union(one, other))
    owned = {path[:-1] if path[-1] == "." else path for path in both}
    for path in paths(one) | paths(other):
        whole = path[:-1] if path[-1] == "." else path
        assert any(each[: len(whole)] == whole for each in owned), path
    for path in both:
        assert any(path[:-1] == each[: len(path[:-1])] for each in paths(one) | paths(other))
    rest, picked = split(one, lambda steps: steps[-1] == "f:b")
    assert paths(rest) | paths(picked) == paths(one)
    assert not any("f:b" in path for path in paths(rest))
    assert joined([one]) == one


@pytest.mark.parametrize("seed", SEEDS)
def test_what_has_a_place_in_git_is_covered(seed: int) -> None:
    """A body covers what it declares, whatever stands there, and nothing else."""
    chance = random.Random(seed)
    fields = some_fields(chance)
    body = as_body(fields)
    assert list(uncovered(fields, body)) == []
    for steps in paths(fields):
        if steps[-1] != "." and not steps[-1].startswith("k:") and "f:name" not in steps:
            gone = list(uncovered(fields, pruned(body, steps)))
            assert gone
            assert all(steps[: len(each)] == each for each in gone)
            assert list(uncovered(fields, nulled(pruned(body, steps), steps))) in ([], gone)


def as_body(fields: Fields) -> Any:
    if any(key.startswith("k:") for key in fields):
        return [{"name": key.split('"')[3]} for key in fields if key.startswith("k:")]
    return {key[2:]: as_body(node) if node else "x" for key, node in fields.items() if key.startswith("f:")}


def test_a_leaf_is_owned_with_all_that_is_in_it() -> None:
    """A mapping that the API server replaces as one belongs to its owner with everything in it."""
    fields = {"f:spec": {"f:selector": {}}}
    assert holds(fields, {"spec": {"selector": {"matchLabels": {"a": "b"}}}}, ("spec", "selector", "matchLabels", "a"))
    assert not holds(fields, {"spec": {"replicas": 1}}, ("spec", "replicas"))


def test_paths_are_spelled_as_people_write_them() -> None:
    """Items of lists stand by their names, keys with dots in brackets."""
    assert spelled(("f:spec", "f:containers", 'k:{"name":"app"}', "f:image")) == "spec.containers[app].image"
    assert spelled(("f:metadata", "f:annotations", "f:a.b/c")) == "metadata.annotations[a.b/c]"
    assert spelled(("f:metadata", "f:finalizers", 'v:"x"')) == "metadata.finalizers[x]"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_record_knows_each_field_that_a_commit_changed(seed: int) -> None:
    """Every field that a commit does not touch is remembered, and the one that it changes is not."""
    chance = random.Random(seed)
    body = {"spec": as_body(some_fields(chance)), "metadata": {"name": "web"}, "data": {"a": "1", "b": "2"}}
    kept = record(body)
    changed = {**body, "data": {"a": "1", "b": "3"}}
    assert remembers(kept, changed, ("data", "a"))
    assert not remembers(kept, changed, ("data", "b"))
    assert not remembers(kept, {**body, "data": {"a": "1", "c": "2"}}, ("data", "c"))
    assert len(kept) <= MOST_ENTRIES * 4


def test_a_record_of_a_large_object_stays_small() -> None:
    """Where there are thousands of fields, the record is no longer, and what is not in the crowd is still known."""
    crowd = {f"key-{number}": str(number) for number in range(5_000)}
    body = {"kind": "ConfigMap", "metadata": {"name": "web"}, "data": crowd, "immutable": False}
    kept = record(body)
    assert len(kept) <= MOST_ENTRIES * 4
    changed = {**body, "data": {**crowd, "key-1": "other"}}
    assert remembers(kept, changed, ("immutable",))
    assert not remembers(kept, changed, ("data", "key-1"))
    assert remembers(kept, body, ("data", "key-1"))


def test_an_item_that_moves_in_its_list_is_known_again() -> None:
    """A container that comes before the others changes nothing about them."""
    one, two = {"name": "one", "image": "a"}, {"name": "two", "image": "b"}
    kept = record({"spec": {"containers": [one]}})
    moved = {"spec": {"containers": [two, one]}}
    assert remembers(kept, moved, ("spec", "containers", 1, "image"))
    assert not remembers(kept, moved, ("spec", "containers", 0, "image"))


def test_the_values_of_a_secret_are_not_summed_up_one_by_one() -> None:
    """Who guesses one value of a secret cannot try it against its record."""
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "k"}, "data": {"a": "MQ==", "b": "Mg=="}}
    kept = record(secret)
    assert not remembers(kept, {**secret, "data": {"a": "MQ=="}}, ("data", "a"))
    assert remembers(kept, secret, ("data", "a"))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_quick_look_at_what_is_ours_never_overlooks_a_field(seed: int) -> None:
    """What is found to be no longer ours at a glance is what walking every field finds, whatever was taken away."""
    chance = random.Random(seed)
    fields = some_fields(chance)
    body = as_body(fields)
    assert list(lost(body, [fields])) == []
    for steps in sorted(paths(fields)):
        if steps[-1] != ".":
            ours = without_a_path(fields, steps)
            at_a_glance = list(lost(body, [ours]))
            assert at_a_glance == list(lost(body, [ours, {}]))  # two field sets are always walked
            assert at_a_glance or steps[-1] == "f:name"


def without_a_path(fields: Fields, steps: Steps) -> Fields:
    """Take one field out of a field set; what holds it stays ours, as a mapping."""
    step, *rest = steps
    if not rest:
        return {".": {}, **{key: node for key, node in fields.items() if key != step}}
    return {**fields, step: without_a_path(fields[step], tuple(rest))}
