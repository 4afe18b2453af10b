"""All objects of a push are held against their schemas before the first of them is written."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest
import yaml

from pushboat.errors import InvalidManifest
from tests.cluster.audit import audited
from tests.cluster.desk import Desk, config_map, deployment, document
from tests.until import until
from workers.cluster.client.connection import APPLY, Cluster
from workers.cluster.client.lines import Reply
from workers.cluster.client.openapi import OpenApi
from workers.cluster.planning.words import Plan
from workers.cluster.writing.dry_running import dry_run
from workers.deploying.schemas import refuse_mistakes
from workers.review.schema.checking import check
from workers.review.schema.compiling import Compiled

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


def test_every_mistake_of_a_push_is_named_at_once(desk: Desk) -> None:
    """I make four mistakes in three objects and read all four, each with its line and column and what I meant."""
    wrong = deployment().replace("replicas: 1", "replcas: 1").replace("image: nginx", "imgae: nginx")
    service = document({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"ports": [{}]}})
    told = refused(desk, config_map("settings", a="1") + wrong + service + config_map("b").replace("{}", "{a: 010}"))
    container = "spec.template.spec.containers[0]"
    assert told.summary == told.details.splitlines()[0].removeprefix("- ") + " (and 3 more)"
    assert told.details.replace(f"/{desk.namespace}/", "/").splitlines() == [
        "- deploy/all.yaml:14:3: Deployment/web: unknown field spec.replcas: did you mean replicas?",
        f"- deploy/all.yaml:26:9: Deployment/web: unknown field {container}.imgae: did you mean image?",
        "- deploy/all.yaml:36:5: Service/web: spec.ports[0].port is missing",
        '- deploy/all.yaml:42:11: ConfigMap/b: data.a must be text, this is a number: quote it ("010")',
    ]


def test_a_secrets_value_is_not_shown(desk: Desk) -> None:
    """I forget the quotes around a password: I read where, and nobody reads the password."""
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"pin": 4711}}
    told = refused(desk, document(secret))
    assert told.summary == (
        f"deploy/all.yaml:7:8: Secret/{desk.namespace}/s: stringData.pin must be text, this is a number: quote it"
    )
    coded = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"pin": "hunter2!"}}
    told = refused(desk, document(coded))
    assert "data.pin must be base64" in told.summary
    assert "hunter2" not in told.summary + told.details


def test_a_mistake_in_the_third_object_leaves_the_first_two_untouched(desk: Desk) -> None:
    """What is refused for its shape is refused before anything is written."""
    cluster, audit = audited(desk.cluster)
    text = config_map("one") + config_map("two") + deployment().replace("template:", "templat:")
    refused(replace(desk, cluster=cluster), text)
    assert audit.writes == []


def test_objects_of_a_definition_in_the_same_push_are_judged_by_it(desk: Desk, group: str) -> None:
    """A custom resource comes with its CRD, which the cluster does not have: its mistakes are found all the same."""
    desk = maker(desk)
    both = definition(group, size={"type": "integer"}, colour={"type": "string", "enum": ["red", "blue"]})
    told = refused(desk, both + gadget(group, sise=3, colour="green"))
    assert "unknown field spec.sise: did you mean size?" in told.details
    assert "spec.colour must be one of red, blue" in told.details
    assert refuse_mistakes(desk.cluster, desk.plan(both + gadget(group, size=3, colour="red"))) == ()


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


def test_what_a_renderer_made_is_named_by_its_folder(desk: Desk) -> None:
    """I use kustomize, whose output has no lines of mine: I read the overlay, the object and the field."""
    plan = desk.plan(deployment().replace("replicas", "replcas"))
    stages = tuple(
        tuple(replace(step, manifest=replace(step.manifest, file="deploy/base", line=1, text="")) for step in stage)
        for stage in plan.stages
    )
    with pytest.raises(InvalidManifest, match=r"^deploy/base:1: Deployment/.*/web: unknown field spec\.replcas"):
        refuse_mistakes(desk.cluster, replace(plan, stages=stages))


def test_what_somebody_else_declares_need_not_be_declared_here(desk: Desk) -> None:
    """I push a part of an object whose rest another tool applies: what that one declares is not missing here."""
    whole = yaml.safe_load(deployment().removeprefix("---\n"))
    path = f"/apis/apps/v1/namespaces/{desk.namespace}/deployments/web"
    desk.write("somebody", path, whole, APPLY)
    part = {**whole, "spec": {"revisionHistoryLimit": 3}}
    there = desk.get("deployments", "web", "/apis/apps/v1")
    published = desk.cluster.published([("apps", "v1")])
    rules = {version: Compiled(each.schemas) for version, each in published.documents.items()}

    def mistakes(live: dict[str, Any] | None) -> list[str]:
        checked = check(desk.manifests(document(part)), rules, definitions=(), live=lambda _: live)
        return [fault.message for _, fault in checked.mistakes]

    assert mistakes(there) == []
    desk.cluster.request("PATCH", path, {"fieldManager": "pushboat", "dryRun": "All"}, part, APPLY)
    assert mistakes(None) == ["spec.selector is missing", "spec.template is missing"]
    assert there is not None
    ours = [{**each, "manager": "pushboat"} for each in there["metadata"]["managedFields"]]
    owned = {**there, "metadata": {**there["metadata"], "managedFields": ours}}
    assert mistakes(owned) == ["spec.selector is missing", "spec.template is missing"]


def test_a_broken_definition_is_named_and_its_objects_are_left_to_the_server(desk: Desk, group: str) -> None:
    """A mistake in my CRD is told once, at the CRD, and not again at everything that it defines."""
    broken = yaml.safe_load(definition(group, size={"type": "integer"}).removeprefix("---\n"))
    broken["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["propertys"] = {}
    told = refused(maker(desk), document(broken) + gadget(group, size="x"))
    assert "…" in told.summary
    assert "properties.spec.propertys: did you mean properties?" in told.summary
    assert "Gadget" not in told.details


@dataclass(slots=True)
class Closed:
    """Stands where the line stood and lets nobody read schemas."""

    line: Any
    code: int = 403

    def send(self, method: str, path: str, *rest: Any) -> Reply:
        if path.startswith("/openapi"):
            status = b'{"kind": "Status", "message": "forbidden: User \\"x\\" cannot get path \\"/openapi/v3\\""}'
            return Reply(self.code, status, {})
        reply: Reply = self.line.send(method, path, *rest)
        return reply


@pytest.mark.parametrize("code", [403, 404, 500])
def test_without_schemas_the_server_alone_judges(desk: Desk, code: int) -> None:
    """Where Pushboat may not read schemas, or there are none, a deployment goes on with one word for each kind."""
    closed: Cluster = replace(desk.cluster, line=Closed(desk.cluster.line, code), openapi=OpenApi())  # type: ignore[arg-type]
    plan = desk.plan(config_map("one") + config_map("two") + deployment().replace("replicas", "replcas"))
    said = refuse_mistakes(closed, plan)
    assert [each.partition(" not checked: ")[0] for each in said] == ["schema of ConfigMap", "schema of Deployment"]
    assert all(each.partition(" not checked: ")[2] for each in said)


def test_schemas_are_asked_for_once(desk: Desk) -> None:
    """The second push asks whether the schemas are still the same, and does not fetch them again."""
    cluster, audit = audited(replace(desk.cluster, openapi=OpenApi()))
    plan = desk.plan(config_map("one") + deployment())
    for _ in range(2):
        refuse_mistakes(cluster, plan)
    assert audit.asked == [
        "GET /openapi/v3",
        "GET /openapi/v3/api/v1",
        "GET /openapi/v3/apis/apps/v1",
        "GET /openapi/v3",
    ]


def test_what_does_not_change_is_not_checked(desk: Desk) -> None:
    """A push that changes nothing asks for no schema."""
    text = config_map("one")
    desk.deploy(text)
    cluster, audit = audited(desk.cluster)
    assert refuse_mistakes(cluster, desk.plan(text)) == ()
    assert audit.asked == []
