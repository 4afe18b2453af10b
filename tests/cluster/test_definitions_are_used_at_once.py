"""Definitions change and are used at once, before the real API server: whoever wins its race, nobody is blamed."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from pushboat.errors import ClusterUnavailable
from tests.cluster.definitions import PATH
from tests.cluster.desk import Desk, actions, document
from tests.cluster.gadgets import SIZE, discovered, gadget, gadgets, lives, somebody_has
from tests.until import until
from workers.cluster.planning.words import Plan
from workers.cluster.writing.dry_running import dry_run
from workers.deploying.schemas import refuse_mistakes


@pytest.fixture
def group(desk: Desk) -> Iterator[str]:
    """A group of its own, whose definition leaves with the test."""
    name = f"x{uuid4().hex[:8]}.example.com"
    yield name
    desk.cluster.request("DELETE", f"{PATH}/gadgets.{name}")


@pytest.mark.parametrize("often", [8, pytest.param(80, marks=pytest.mark.proof)])
def test_fields_are_used_as_soon_as_they_are_declared(desk: Desk, group: str, often: int) -> None:
    """I add a field and use it in one push, again and again: each is green, whoever wins the API server's race."""
    desk = desk.allowing(cluster_scoped=("CustomResourceDefinition",))
    fields = dict(SIZE)
    desk.deploy(document(gadgets(group, fields)) + gadget(group, size=0))
    for number in range(often):
        fields[f"field{number}"] = {"type": "string"}
        desk.deploy(document(gadgets(group, fields)) + gadget(group, size=number, **{f"field{number}": "x"}))


def test_versions_are_used_as_soon_as_they_are_served(desk: Desk, group: str) -> None:
    """So is a version that my push lets a definition serve."""
    desk = desk.allowing(cluster_scoped=("CustomResourceDefinition",))
    body = gadgets(group, SIZE)
    desk.deploy(document(body) + gadget(group, size=0))
    for number in range(2, 6):
        body["spec"]["versions"].append({**body["spec"]["versions"][0], "name": f"v{number}", "storage": False})
        desk.deploy(document(body) + gadget(group, f"v{number}", size=number))


@pytest.mark.parametrize("often", [4, pytest.param(40, marks=pytest.mark.proof)])
def test_a_plan_goes_by_what_somebody_changed_right_before(desk: Desk, group: str, often: int) -> None:
    """Somebody drops a required field and adds another one, and my plan comes at once, again and again: it is green."""
    fields: dict[str, Any] = {**SIZE, "weight": {"type": "string"}}
    somebody_has(desk, gadgets(group, fields))
    until(lambda: discovered(desk, group), what="the definition")
    plans = [desk.plan(gadget(group, **{f"field{number}": "x"})) for number in range(often)]
    for number, plan in enumerate(plans):
        somebody_has(desk, gadgets(group, fields, "weight"))
        fields[f"field{number}"] = {"type": "string"}
        somebody_has(desk, gadgets(group, fields))
        refuse_mistakes(desk.cluster, plan)
        dry_run(desk.cluster, plan)


@pytest.mark.parametrize("do", [dry_run, Desk.apply_plan])
@pytest.mark.parametrize("is_known", [False, True])
@pytest.mark.parametrize("scopes", [("Namespaced", "Cluster"), ("Cluster", "Namespaced")])
def test_a_kind_that_was_defined_anew_with_its_objects_elsewhere_is_looked_up_again(
    desk: Desk, group: str, scopes: tuple[str, str], is_known: bool, do: Callable[[Any, Plan], object]
) -> None:
    """Somebody deletes a definition and makes it anew for objects outside of namespaces, or inside, while my commit is
    on its way: it is not blamed, whether Pushboat heard of that before it writes or then. The next try is right."""
    desk = desk.allowing(cluster_scoped=("Gadget",))
    old, new = gadgets(group, SIZE), gadgets(group, SIZE)
    old["spec"]["scope"], new["spec"]["scope"] = scopes
    path = f"{PATH}/gadgets.{group}"
    somebody_has(desk, old)
    until(lambda: discovered(desk, group), what="the first definition")
    desk.deploy(gadget(group, size=1))
    plan = desk.plan(gadget(group, size=2))
    desk.cluster.request("DELETE", path)
    until(lambda: desk.cluster.find(path) is None, what="the end of the first definition")
    somebody_has(desk, new)
    if is_known:
        until(lambda: lives(desk, group) == scopes[1], what="the second definition")
    with pytest.raises(ClusterUnavailable):
        do(desk.cluster if do is dry_run else desk, plan)
    until(lambda: lives(desk, group) == scopes[1], what="the second definition")
    assert actions(desk.deploy(gadget(group, size=2)))["one"] == "created"
