"""Below a CronJob I see its run and that one's pods, below an object of my own kind what names it as its owner."""

from dataclasses import replace
from typing import Any

import pytest
import yaml

from pushboat.model.health import Health
from pushboat.model.observed import Observed, read
from tests.cluster.definitions import PATH, definition
from tests.cluster.desk import Desk, statuses
from tests.lines import Closed, audited, put
from tests.until import until
from workers.cluster.objects import Object
from workers.deploying.observing import Observing

POD = {"restartPolicy": "Never", "containers": [{"name": "app", "image": "nginx:1"}]}
STUCK = {"devcluster.pushboat.dev/behaviour": "unschedulable"}
CRON: dict[str, Any] = {
    "apiVersion": "batch/v1",
    "kind": "CronJob",
    "metadata": {"name": "nightly"},
    "spec": {"schedule": "0 0 1 1 *", "jobTemplate": {"spec": {"template": {"spec": POD}}}},
}
NIGHTLY = yaml.safe_dump(CRON)


def seen(desk: Desk, text: str = NIGHTLY) -> Observed:
    """Look as a wait does, and give the one object that was kept."""
    kept: list[str] = [""]
    with Observing().each_look(kept.append) as see:
        desk.wait(text, 30.0, see=see)
    (root,) = read(kept[-1])
    return root


def owned_by(owner: Object) -> list[dict[str, Any]]:
    """Name an owner as its controller does."""
    ref = {name: owner[name] for name in ("apiVersion", "kind")}
    return [{**ref, "name": owner["metadata"]["name"], "uid": owner["metadata"]["uid"], "controller": True}]


def run(desk: Desk, name: str, marks: dict[str, str]) -> Object:
    """Begin a run of the CronJob as its schedule does, and wait for its pod."""
    cron, jobs = desk.get("cronjobs", "nightly", "/apis/batch/v1"), f"/apis/batch/v1/namespaces/{desk.namespace}/jobs"
    assert cron
    body = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "ownerReferences": owned_by(cron)},
        "spec": {"backoffLimit": 0, "template": {"metadata": {"annotations": marks}, "spec": POD}},
    }
    made: Object = desk.cluster.request("POST", jobs, body=body).data
    selected = {"labelSelector": f"batch.kubernetes.io/job-name={name}"}
    pods = f"/api/v1/namespaces/{desk.namespace}/pods"
    until(lambda: desk.cluster.request("GET", pods, selected).data["items"], what="its pod")
    return made


def goes_on(desk: Desk, job: Object) -> None:
    """Let the CronJob say that this run of it goes on."""
    there = f"/apis/batch/v1/namespaces/{desk.namespace}/cronjobs/nightly/status"
    ref = {name: job["metadata"][name] for name in ("name", "namespace", "uid")}
    active = [{"apiVersion": "batch/v1", "kind": "Job", **ref}]
    desk.write("cron", there, {"status": {"active": active}})


def test_a_run_of_a_cron_job_is_seen_down_to_its_pod(desk: Desk) -> None:
    """CronJob, Job, Pod: and why that one does not get on."""
    desk.deploy(NIGHTLY)
    goes_on(desk, run(desk, "nightly-1", STUCK))
    until(lambda: "Unschedulable" in statuses(desk), what="the scheduler's word")
    nightly = seen(desk)
    (job,) = nightly.dependents
    (pod,) = job.dependents
    assert [(each.ref.kind, each.health) for each in (nightly, job)] == [
        ("CronJob", Health.HEALTHY),
        ("Job", Health.PROGRESSING),
    ]
    assert (pod.ref.kind, pod.health) == ("Pod", Health.PROGRESSING)
    assert pod.reason
    assert pod.reason in job.reason


def test_a_cron_job_that_rests_costs_no_request(desk: Desk) -> None:
    """Nothing goes on, so neither jobs nor pods are asked for; what an earlier run left says nothing of today."""
    desk.deploy(NIGHTLY)
    run(desk, "nightly-1", STUCK)
    cluster, audit = audited(desk.cluster)
    assert seen(replace(desk, cluster=cluster)).dependents == ()
    assert {each.rpartition("/")[2] for each in audit.asked} <= {"cronjobs", "api", "apis"}


def test_a_run_costs_two_requests_and_their_watches(desk: Desk) -> None:
    """However often the wait looks: the namespace's jobs, and the pods of the run, each asked for once."""
    desk.deploy(NIGHTLY)
    goes_on(desk, run(desk, "nightly-1", {}))
    cluster, audit = audited(desk.cluster)
    assert seen(replace(desk, cluster=cluster)).dependents
    asked = [each.rpartition("/")[2] for each in audit.asked if each.startswith("GET /api") and each.count("/") > 3]
    assert sorted(asked) == ["cronjobs", "jobs", "pods"]


@pytest.mark.parametrize(("plural", "code"), [("jobs", 403), ("pods", 403), ("jobs", 503), ("pods", 400)])
def test_who_cannot_read_them_goes_without(desk: Desk, plural: str, code: int) -> None:
    """My deployer may not look at jobs, or at pods, or hears nothing: the deployment goes on, and shows what it may."""
    desk.deploy(NIGHTLY)
    goes_on(desk, run(desk, "nightly-1", {}))
    below = f"/{'apis/batch' if plural == 'jobs' else 'api'}/v1/namespaces/{desk.namespace}/{plural}"
    nightly = seen(replace(desk, cluster=put(desk.cluster, Closed(desk.cluster.line, below, code))))
    assert nightly.health is Health.HEALTHY
    assert [each.dependents for each in nightly.dependents] == ([] if plural == "jobs" else [()])


def test_what_names_my_own_kind_as_its_owner_is_seen_below_it(desk: Desk) -> None:
    """Its operator made another one with the same labels: it stands below, and no request was made for it."""
    group = f"{desk.namespace}.example"
    desk.cluster.request("POST", PATH, body=definition(group))
    boat = {"apiVersion": f"{group}/v1", "kind": "Boat", "metadata": {"name": "mother"}}
    desk.cluster.kinds.refresh()
    until(lambda: desk.cluster.kinds.find(group, "v1", "Boat"), what="the kind to be served")
    text = yaml.safe_dump(boat)
    desk.deploy(text)
    mother = desk.get("boats", "mother", f"/apis/{group}/v1")
    assert mother
    marks = {"labels": mother["metadata"]["labels"], "ownerReferences": owned_by(mother)}
    child = {**boat, "metadata": {"name": "child", **marks}}
    desk.cluster.request("POST", f"/apis/{group}/v1/namespaces/{desk.namespace}/boats", body=child)
    cluster, audit = audited(desk.cluster)
    found = seen(replace(desk, cluster=cluster), text)
    assert [each.ref.name for each in (found, *found.dependents)] == ["mother", "child"]
    assert [each for each in audit.asked if each.startswith("GET") and not each.endswith("/boats")] == []
