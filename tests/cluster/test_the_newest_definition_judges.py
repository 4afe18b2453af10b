"""Custom resources are judged by the newest definition: the push's own, or the cluster's, however young it is."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import yaml

from pushboat.errors import InvalidManifest
from tests.cluster.desk import Desk, document
from tests.cluster.gadgets import wait_until_published
from tests.until import until
from workers.cluster.client.connection import APPLY
from workers.cluster.planning.words import Plan
from workers.cluster.writing.dry_running import dry_run
from workers.deploying.schemas import refuse_mistakes
from workers.review.schema.checking import check
from workers.review.schema.compiling import Compiled
from workers.review.schema.definitions import DEFINITION

CRD = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


def refused(desk: Desk, text: str) -> InvalidManifest:
    with pytest.raises(InvalidManifest) as wrong:
        refuse_mistakes(desk.cluster, desk.plan(text))
    return wrong.value


def definition(group: str, **fields: Any) -> str:
    """Write a CRD of gadgets."""
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": fields}}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"plural": "gadgets", "singular": "gadget", "kind": "Gadget"}
    spec = {"group": group, "scope": "Namespaced", "names": names, "versions": [version]}
    body = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    return document({**body, "metadata": {"name": f"gadgets.{group}"}, "spec": spec})


def gadget(group: str, name: str = "one", **spec: Any) -> str:
    """Write a gadget."""
    return document({"apiVersion": f"{group}/v1", "kind": "Gadget", "metadata": {"name": name}, "spec": spec})


@pytest.fixture
def group() -> str:
    return f"x{uuid4().hex[:8]}.example.com"


def maker(desk: Desk) -> Desk:
    """Allow definitions."""
    return desk.allowing(cluster_scoped=("CustomResourceDefinition",))


@pytest.mark.proves("preflight")
def test_objects_of_a_definition_in_the_same_push_are_judged_by_it(desk: Desk, group: str) -> None:
    """A custom resource comes with its CRD, which the cluster does not have: its mistakes are found all the same."""
    desk = maker(desk)
    both = definition(group, size={"type": "integer"}, colour={"type": "string", "enum": ["red", "blue"]})
    told = refused(desk, both + gadget(group, sise=3, colour="green"))
    assert "unknown field spec.sise: did you mean size?" in told.details
    assert "spec.colour must be one of red, blue" in told.details
    assert refuse_mistakes(desk.cluster, desk.plan(both + gadget(group, size=3, colour="red"))) == ()


@pytest.mark.proves("definitions-first")
def test_a_new_field_of_a_definition_counts_at_once(desk: Desk, group: str) -> None:
    """I add a field to a CRD and use it in the same commit: the cluster's old schema does not stand in the way."""
    desk = maker(desk)
    old = definition(group, size={"type": "integer"}) + gadget(group, size=1)
    desk.deploy(old)
    try:
        assert "unknown field spec.colour" in refused(desk, old + gadget(group, "two", colour="red")).summary
        new = definition(group, size={"type": "integer"}, colour={"type": "string"}) + gadget(group, colour="red")
        plan = desk.plan(new)
        assert refuse_mistakes(desk.cluster, plan) == ()
        tried = {change.ref.kind: change.notes for change in dry_run(desk.cluster, plan).changes}
        assert "not tried" in " ".join(tried["Gadget"])
        assert "unknown field spec.coluor" in refused(desk, new.replace("colour: red", "coluor: red")).summary
    finally:
        desk.cluster.request("DELETE", f"{CRD}/gadgets.{group}")


def test_what_was_wrong_before_a_rule_came_may_stay(desk: Desk, group: str) -> None:
    """A rule is tightened after my object was made: I may change another field, as the API server lets me."""
    desk = maker(desk)
    loose = definition(group, size={"type": "integer"}, colour={"type": "string"})
    desk.deploy(loose + gadget(group, size=1, colour="green"))
    try:
        strict = definition(group, size={"type": "integer"}, colour={"type": "string", "enum": ["red"]})
        desk.deploy(strict + gadget(group, size=1, colour="green"))
        changed = strict + gadget(group, size=2, colour="green")
        assert refuse_mistakes(desk.cluster, desk.plan(changed)) == ()
        until(lambda: desk.deploy(changed), what="the server takes it")
        assert "spec.colour must be one of red" in refused(desk, strict + gadget(group, size=3, colour="grey")).summary
    finally:
        desk.cluster.request("DELETE", f"{CRD}/gadgets.{group}")


def test_items_that_somebody_else_declares_are_counted(desk: Desk, group: str) -> None:
    """A list needs two items, of which another tool declares one: mine alone are not too few."""
    pair = {"type": "array", "minItems": 2, "x-kubernetes-list-type": "set", "items": {"type": "string"}}
    desk = maker(desk)
    text = definition(group, pair=pair)
    desk.deploy(text)
    try:
        path = f"/apis/{group}/v1/namespaces/{desk.namespace}/gadgets/one"
        both, mine = (yaml.safe_load(gadget(group, pair=items).removeprefix("---\n")) for items in (["a", "b"], ["a"]))
        desk.write("somebody", path, both, APPLY)
        there = desk.get("gadgets", "one", f"/apis/{group}/v1")
        desk.cluster.request("PATCH", path, {"fieldManager": "pushboat", "dryRun": "All"}, mine, APPLY)
        manifests = desk.manifests(text + document(mine))
        rules = {
            key: Compiled(each.schemas) for key, each in desk.cluster.published([DEFINITION[:2]]).documents.items()
        }

        def mistakes(live: Any) -> list[str]:
            checked = check(manifests[1:], rules, definitions=manifests, live=lambda _: live)
            return [fault.message for _, fault in checked.mistakes]

        assert (mistakes(there), mistakes(None)) == ([], ["spec.pair must have at least 2 items"])
    finally:
        desk.cluster.request("DELETE", f"{CRD}/gadgets.{group}")


def test_a_null_that_is_not_sent_is_no_mistake(desk: Desk, group: str) -> None:
    """A field without a value is a mistake only where a null would get to the API server."""
    desk = maker(desk)
    plan = desk.plan(definition(group, size={"type": "integer"}) + gadget(group, size=None))
    kept, left = (_with_size(plan, spec) for spec in ({"size": None}, {}))
    assert refuse_mistakes(desk.cluster, left) == ()
    with pytest.raises(InvalidManifest, match=r"spec\.size must not be null"):
        refuse_mistakes(desk.cluster, kept)


def _with_size(plan: Plan, spec: dict[str, Any]) -> Plan:
    """Let the gadget's body have this spec."""
    stages = [
        tuple(
            replace(step, body={**step.body, "spec": spec}) if step.manifest.ref.kind == "Gadget" else step
            for step in stage
        )
        for stage in plan.stages
    ]
    return replace(plan, stages=tuple(stages))


def test_a_broken_definition_is_named_and_its_objects_are_left_to_the_server(desk: Desk, group: str) -> None:
    """A mistake in my CRD is told once, at the CRD, and not again at everything that it defines."""
    broken = yaml.safe_load(definition(group, size={"type": "integer"}).removeprefix("---\n"))
    broken["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["propertys"] = {}
    told = refused(maker(desk), document(broken) + gadget(group, size="x"))
    assert "…" in told.summary
    assert "properties.spec.propertys: did you mean properties?" in told.summary
    assert "Gadget" not in told.details


def test_a_definition_that_somebody_changed_a_moment_ago_counts(desk: Desk, group: str) -> None:
    """Another environment brings a CRD's new field, and mine uses it at once: I am not held against the old schema."""
    old, new = (
        yaml.safe_load(definition(group, size={"type": "integer"}, **more).removeprefix("---\n"))
        for more in ({}, {"colour": {"type": "string"}})
    )
    path = f"{CRD}/gadgets.{group}"
    desk.cluster.request("PATCH", path, {"fieldManager": "somebody"}, old, APPLY)
    try:
        wait_until_published(desk, group)
        plan = desk.plan(gadget(group, colour="red"))
        desk.cluster.request("PATCH", path, {"fieldManager": "somebody"}, new, APPLY)
        assert refuse_mistakes(desk.cluster, plan) == ()
    finally:
        desk.cluster.request("DELETE", path)
