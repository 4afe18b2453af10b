"""A change that cannot be is refused, and what runs goes on: nothing is deleted in order to be made anew."""

from typing import Any

import pytest

from pushboat.errors import ApplyRejected
from tests.cluster.comparing import read
from tests.cluster.desk import Desk, document
from tests.cluster.old_defaults import CLAIM, named, pods, service, workload

Body = dict[str, Any]
OTHER = {"app": "other"}


def reselected(body: Body) -> Body:
    """Let a workload choose other pods."""
    pods_of_others = {"metadata": {"labels": OTHER}, "spec": body["spec"]["template"]["spec"]}
    return {**body, "spec": {**body["spec"], "selector": {"matchLabels": OTHER}, "template": pods_of_others}}


INVALID: dict[str, tuple[Body, Body]] = {
    "a Service without its target": (service(), service(type="ExternalName")),
    "a Service with the same port twice": (
        service(),
        {**service(), "spec": {"selector": OTHER, "ports": [{"port": 80, "name": "a"}, {"port": 80, "name": "b"}]}},
    ),
    "a Deployment with a broken surge": (
        workload("Deployment"),
        workload("Deployment", strategy={"rollingUpdate": {"maxSurge": "many"}}),
    ),
}
IMMUTABLE: dict[str, tuple[Body, Body]] = {
    "a Service's address": (service(), service(clusterIP="10.0.99.99")),
    "a Deployment's selector": (workload("Deployment"), reselected(workload("Deployment"))),
    "a StatefulSet's service": (
        workload("StatefulSet"),
        {**workload("StatefulSet"), "spec": {**workload("StatefulSet")["spec"], "serviceName": "other"}},
    ),
    "a Job's template": (
        named("batch/v1", "Job", suspend=True, template=pods(restartPolicy="Never")),
        named("batch/v1", "Job", suspend=True, template=pods({"image": "app:2"}, restartPolicy="OnFailure")),
    ),
    "a claim's class": (
        named("v1", "PersistentVolumeClaim", **CLAIM),
        named("v1", "PersistentVolumeClaim", **CLAIM, storageClassName="other"),
    ),
}


def refused(desk: Desk, before: Body, now: Body) -> str:
    """Deploy the one and then the other; give the refusal's words."""
    desk.deploy(document(before))
    was = read(desk, before)["metadata"]["uid"]
    with pytest.raises(ApplyRejected) as said:
        desk.deploy(document(now))
    live = read(desk, before)
    assert live["metadata"]["uid"] == was
    assert "deletionTimestamp" not in live["metadata"]
    return said.value.summary


@pytest.mark.proves("pain-5")
@pytest.mark.parametrize("what", INVALID)
def test_what_is_invalid_leaves_the_object_that_runs(desk: Desk, what: str) -> None:
    """My mistake is red with its field, and the object of before serves on."""
    assert "give the" not in refused(desk, *INVALID[what]), "no advice about a field that cannot change"


@pytest.mark.proves("immutable-field", "pain-5", "pain-8")
@pytest.mark.parametrize("what", IMMUTABLE)
def test_what_cannot_change_leaves_the_object_that_runs(desk: Desk, what: str) -> None:
    """I change what cannot change: the sentence says so and what to do, and the object of before serves on."""
    before, now = IMMUTABLE[what]
    said = refused(desk, before, now)
    assert f"{before['kind']}/" in said
    assert "new name" in said
