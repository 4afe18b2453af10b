"""All objects of a push are held against their schemas before the first of them is written."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import yaml

from pushboat.errors import InvalidManifest
from tests.cluster.desk import Desk, config_map, deployment, document
from tests.lines import Closed, audited, put
from workers.cluster.client.connection import APPLY
from workers.cluster.client.openapi import OpenApi
from workers.deploying.schemas import refuse_mistakes, surely_wrong
from workers.manifests.reading import read_manifests
from workers.review import limits
from workers.review.schema.checking import check
from workers.review.schema.compiling import Compiled

OCTAL = '("010", which is read as 8 without quotes)'


def refused(desk: Desk, text: str) -> InvalidManifest:
    with pytest.raises(InvalidManifest) as wrong:
        refuse_mistakes(desk.cluster, desk.plan(text))
    return wrong.value


def test_what_the_operator_forbids_hides_no_slip_of_the_pen(desk: Desk) -> None:
    """A namespace that is not mine, a number for a label, a misspelt field: I read all at once, each of them once."""
    foreign = config_map("a").replace("name: a", "name: a\n  namespace: kube-system\n  labels: {b: 1}")
    slips = deployment().replace("replicas: 1", "replcas: 1")
    manifests = read_manifests(f"{foreign}---\n{slips}", "deploy/all.yaml")
    with pytest.raises(InvalidManifest) as wrong:
        limits.check(manifests, desk.environment, desk.cluster.kinds, partial(surely_wrong, desk.cluster))
    told = [line.partition(": ")[2] for line in wrong.value.details.splitlines() if line.startswith("- ")]
    said = ("kube-system/a is outside", "labels.b must be text", "did you mean replicas?")
    assert [[words in line for words in said] for line in told] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]


@pytest.mark.proves("preflight")
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
        "- deploy/all.yaml:42:11: ConfigMap/b: data.a must be text, this is a number: quote it " + OCTAL,
    ]


@pytest.mark.proves("pain-12")
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


@pytest.mark.proves("preflight")
def test_a_mistake_in_the_third_object_leaves_the_first_two_untouched(desk: Desk) -> None:
    """What is refused for its shape is refused before anything is written."""
    cluster, audit = audited(desk.cluster)
    text = config_map("one") + config_map("two") + deployment().replace("template:", "templat:")
    refused(replace(desk, cluster=cluster), text)
    assert audit.writes == []


def test_what_a_renderer_made_is_named_by_its_folder(desk: Desk) -> None:
    """I use kustomize, whose output has no lines of mine: I read the overlay, the object and the field."""
    plan = desk.plan(deployment().replace("replicas", "replcas"))
    stages = tuple(
        tuple(
            replace(step, manifest=replace(step.manifest, file="deploy/base", line=1, written=None)) for step in stage
        )
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


@pytest.mark.parametrize("code", [403, 404, 500])
def test_without_schemas_the_server_alone_judges(desk: Desk, code: int) -> None:
    """Where Pushboat may not read schemas, or there are none, a deployment goes on with one word for each kind."""
    closed = replace(put(desk.cluster, Closed(desk.cluster.line, "/openapi", code)), openapi=OpenApi())
    plan = desk.plan(config_map("one") + config_map("two") + deployment().replace("replicas", "replcas"))
    said = refuse_mistakes(closed, plan)
    assert [each.partition(" not checked: ")[0] for each in said] == ["schema of ConfigMap", "schema of Deployment"]
    assert all(each.partition(" not checked: ")[2] for each in said)


@pytest.mark.proves("pain-23")
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


@pytest.mark.proves("pain-23")
def test_what_does_not_change_is_not_checked(desk: Desk) -> None:
    """A push that changes nothing asks for no schema."""
    text = config_map("one")
    desk.deploy(text)
    cluster, audit = audited(desk.cluster)
    assert refuse_mistakes(cluster, desk.plan(text)) == ()
    assert audit.asked == []
