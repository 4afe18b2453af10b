"""What leaves goes in the opposite order of its coming, or as its annotations say, and never gets stuck."""

import random
from itertools import chain
from typing import Any

import pytest

from tests.directives.drawing import DEPENDS, GROUP, RULE, SELECT, WAVE, drawn, waiting
from tests.directives.objects import all_of, body
from workers.manifests.directives.departures import departures
from workers.manifests.directives.edges import Junction, edges_of

GONE = "werf.io/delete-dependency-x"


def order(*bodies: dict[str, Any]) -> list[list[str]]:
    return [[each.manifest.ref.name for each in batch] for batch in departures(all_of(*bodies))]


def test_the_last_wave_leaves_first() -> None:
    """As Argo CD prunes: higher waves before lower ones."""
    assert order(body(name="a", annotations={WAVE: "-1"}), body(name="b"), body(name="c", annotations={WAVE: "5"})) == [
        ["c"],
        ["b"],
        ["a"],
    ]


@pytest.mark.parametrize(
    "annotations",
    [
        {DEPENDS: "batch/namespaces/shop/Job/db"},
        {SELECT: "state=ready,kind=Job,name=db"},
        {RULE: "upsert after upserting g"},
        {RULE: "delete before deleting g"},
    ],
)
def test_who_waited_for_something_leaves_before_it(annotations: dict[str, str]) -> None:
    """A database outlives what needs it."""
    assert order(body(name="db", annotations={GROUP: "g"}), body("Deployment", "web", annotations)) == [["web"], ["db"]]


@pytest.mark.parametrize(
    "annotations", [{RULE: "delete after deleting g"}, {GONE: "state=absent,kind=Deployment"}], ids=["kapp", "werf"]
)
def test_what_must_be_gone_first_is(annotations: dict[str, str]) -> None:
    """Credentials that an application needs to go stay until it has gone."""
    assert order(body("Secret", "key", annotations), body("Deployment", "app", {GROUP: "g"})) == [["app"], ["key"]]


def test_what_was_said_of_leaving_counts_first() -> None:
    """Where a rule of leaving contradicts the order of coming, the rule is followed."""
    web = body(name="web", annotations={RULE: "upsert after upserting g", f"{RULE}.x": "delete after deleting g"})
    assert order(web, body(name="db", annotations={GROUP: "g"})) == [["db"], ["web"]]


def test_a_circle_leaves_at_once() -> None:
    """Nothing that objects say of each other makes them undeletable, nor a name that is nobody's."""
    assert order(waiting("a", "b"), waiting("b", "a"), waiting("c", "gone")) == [["a", "b", "c"]]
    both = {GROUP: "g", RULE: "delete after deleting g"}
    assert order(body(name="a", annotations=both), body(name="b", annotations=both)) == [["a", "b"]]


@pytest.mark.parametrize("seed", range(30))
def test_every_object_leaves_once(seed: int) -> None:
    """Whatever the annotations: nothing is left behind, and nobody goes before those who wait for it."""
    objects = list(drawn(seed))
    random.Random(seed).shuffle(objects)  # which orders are tried is no secret
    batches = departures(objects)
    refs = [each.manifest.ref for each in chain.from_iterable(batches)]
    assert sorted(refs) == sorted(each.manifest.ref for each in objects)
    at = {each.manifest.ref: number for number, batch in enumerate(batches) for each in batch}
    for ref, waits in edges_of(objects).waits.items():
        assert all(at[ref] < at[other] for other in waits if not isinstance(other, Junction))
