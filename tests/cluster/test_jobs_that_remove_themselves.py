"""How a Job, or other work that runs once, ended counts, although it removed itself the moment it had."""

from collections.abc import Iterator
from typing import Any

import pytest

from pushboat.errors import Unhealthy
from pushboat.model.health import Health
from tests.cluster.definitions import PATH, definition
from tests.cluster.desk import Desk, actions, config_map, deployment, document
from tests.until import until
from workers.cluster.inventory import Recorded
from workers.cluster.pruning import prune
from workers.cluster.waiting.fleeting import UNSEEN, ended, remembered
from workers.cluster.waiting.following import followed, of_inventory
from workers.cluster.waiting.waiting import wait


def job(name: str = "once", ttl: int = 0, **wishes: str) -> str:
    annotations = {f"devcluster.pushboat.dev/{key.replace('_', '-')}": value for key, value in wishes.items()}
    container = {"name": "app", "image": "migrate:1"}
    template = {"metadata": {"annotations": annotations}, "spec": {"restartPolicy": "Never", "containers": [container]}}
    spec = {"ttlSecondsAfterFinished": ttl, "backoffLimit": 0, "template": template}
    return document({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": spec})


def gone(desk: Desk) -> None:
    """Wait until the Job has come and gone."""
    until(lambda: desk.get("jobs", "once", "/apis/batch/v1") is None, what="the Job to be cleaned up")


@pytest.mark.proves("health-job")
@pytest.mark.parametrize("late", [False, True])
def test_one_that_went_well_is_green(desk: Desk, *, late: bool) -> None:
    """My Job is gone when anybody looks: green, because its end was seen."""
    (finding,) = desk.deploy_and_wait(job(), between=lambda: gone(desk) if late else None)
    assert finding.judgement.health is Health.HEALTHY


@pytest.mark.proves("health-job")
@pytest.mark.proves("job-cleaned-up-at-once", among=("a Job that fails",))
@pytest.mark.parametrize("late", [False, True])
def test_one_that_failed_is_red(desk: Desk, *, late: bool) -> None:
    """My Job failed and is gone when anybody looks: red, with its reason."""
    with pytest.raises(Unhealthy, match=r"Job/.*/once: .*backoff limit"):
        desk.deploy_and_wait(job(behaviour="fail"), between=lambda: gone(desk) if late else None)


@pytest.mark.proves("job-cleaned-up-at-once", among=("one of many Jobs",))
def test_one_of_many_is_not_lost(desk: Desk) -> None:
    """My Jobs end long before the last object of the push is written: all are green."""
    text = "".join(job(f"once-{number}", completes_after="10ms") for number in range(5))
    text += "".join(deployment(f"web-{number}") for number in range(10))
    assert {each.judgement.health for each in desk.deploy_and_wait(text)} == {Health.HEALTHY}


@pytest.mark.proves("job-cleaned-up-at-once", among=("a Job that is made anew",))
def test_the_end_of_the_one_before_does_not_count(desk: Desk) -> None:
    """My Job went well last week and is made anew: what counts is how the new one ends."""
    desk.deploy_and_wait(job(ttl=3600))
    manifests = desk.manifests(job(ttl=3600))
    path = f"/apis/batch/v1/namespaces/{desk.namespace}/jobs/once"
    with followed(desk.cluster, manifests, desk.parent.id) as watches:
        desk.cluster.request("DELETE", path, {"propagationPolicy": "Background"})
        gone(desk)
        (finding,) = wait(
            watches,
            manifests,
            deadline=5,
            give_way=lambda: None,
            say=desk.said.append,
            labels=of_inventory(desk.parent.id),
        )
    assert finding.judgement == UNSEEN


RUNS: dict[str, tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "Workflow": (
        "argoproj.io/v1alpha1",
        {"ttlStrategy": {"secondsAfterCompletion": 0}},
        {"phase": "Succeeded"},
        {"phase": "Failed", "message": "no luck"},
    ),
    "SparkApplication": (
        "sparkoperator.k8s.io/v1beta2",
        {"timeToLiveSeconds": 1},
        {"applicationState": {"state": "COMPLETED"}},
        {"applicationState": {"state": "FAILED", "errorMessage": "no luck"}},
    ),
    "JobSet": (
        "jobset.x-k8s.io/v1alpha2",
        {"ttlSecondsAfterFinished": 0},
        {"conditions": [{"type": "Completed", "status": "True"}]},
        {"conditions": [{"type": "Failed", "status": "True", "message": "no luck"}]},
    ),
    "PyTorchJob": (
        "kubeflow.org/v1",
        {"runPolicy": {"ttlSecondsAfterFinished": 0}},
        {"conditions": [{"type": "Succeeded", "status": "True"}]},
        {"conditions": [{"type": "Failed", "status": "True", "message": "no luck"}]},
    ),
}
"""By kind: what lets it go by itself, and how it ends well and badly."""


@pytest.fixture
def served(desk: Desk, request: pytest.FixtureRequest) -> Iterator[str]:
    """Serve one of these kinds, as long as the test."""
    kind: str = request.param
    group, _, version = RUNS[kind][0].partition("/")
    body = definition(group, kind, version=version, speaks=True)
    body["metadata"]["annotations"] = {"api-approved.kubernetes.io": "unapproved, for a test"}
    desk.cluster.request("POST", PATH, body=body)
    api = f"/apis/{group}/{version}/namespaces/{desk.namespace}/{kind.lower()}s"

    def is_served() -> bool:
        desk.cluster.kinds.refresh()
        return bool(desk.cluster.kinds.find(group, version, kind) and desk.cluster.find(api))

    until(is_served, what=f"{kind} to be served")
    yield kind
    desk.cluster.request("DELETE", f"{PATH}/{body['metadata']['name']}")


@pytest.mark.proves("job-cleaned-up-at-once", among=("Workflow", "SparkApplication", "JobSet", "PyTorchJob"))
@pytest.mark.parametrize("served", RUNS, indirect=True)
def test_other_work_that_removes_itself_is_judged_by_its_end(desk: Desk, served: str) -> None:
    """My Workflow, or what else runs once, ends and is gone when anybody looks: green or red, as it ended."""
    api_version, spec, well, badly = RUNS[served]
    path = f"/apis/{api_version}/namespaces/{desk.namespace}/{served.lower()}s/once"
    text = document({"apiVersion": api_version, "kind": served, "metadata": {"name": "once"}, "spec": spec})

    def ends(status: dict[str, Any]) -> None:
        desk.write("its-controller", f"{path}/status", {"status": status})
        desk.cluster.request("DELETE", path)

    (finding,) = desk.deploy_and_wait(text, between=lambda: ends(well))
    assert (finding.judgement.health, finding.judgement.reason) == (Health.HEALTHY, "finished and cleaned up")
    with pytest.raises(Unhealthy, match="no luck"):
        desk.deploy_and_wait(text, between=lambda: ends(badly))


def deployed(desk: Desk, text: str) -> dict[str, str]:
    """Apply, wait and prune as the story does, with what has ended kept in the inventory; say what was done."""
    plan = desk.plan(text)
    with followed(desk.cluster, desk.manifests(text), desk.parent.id) as watches:
        changes = desk.apply_plan(plan)
        manifests = [each for each in desk.manifests(text) if each.ref not in plan.over]
        written = {change.ref for change in desk.made}
        findings = wait(
            watches, manifests, deadline=30, give_way=lambda: None, say=desk.said.append, written=written,
            labels=of_inventory(desk.parent.id),
        )  # fmt: skip
    recorded = Recorded(ended=ended(plan, findings))
    prune(desk.cluster, plan, fence=1, may_write=lambda: None, say=desk.said.append, recorded=recorded)
    return actions(changes)


@pytest.mark.proves("ended-work")
def test_one_that_ended_well_runs_again_when_its_manifest_changes_and_only_then(desk: Desk) -> None:
    """My migration ran and is gone: other changes leave it at that, push after push; a new image runs it."""
    assert deployed(desk, job()) == {"once": "created"}
    gone(desk)
    for more in ("", config_map("a"), config_map("a")):
        assert deployed(desk, job() + more)["once"] == "unchanged"
    assert desk.get("jobs", "once", "/apis/batch/v1") is None
    assert deployed(desk, job().replace("migrate:1", "migrate:2") + config_map("a"))["once"] == "created"


@pytest.mark.proves("ended-work")
def test_one_that_ended_badly_runs_again(desk: Desk) -> None:
    """My migration failed and is gone: the next push tries it once more."""
    for _ in ("first", "again"):
        with pytest.raises(Unhealthy):
            deployed(desk, job(behaviour="fail"))
        gone(desk)
    assert desk.plan(job(behaviour="fail")).steps[0].action.value == "created"


@pytest.mark.proves("ended-work")
def test_one_without_an_end_of_its_own_is_made_again(desk: Desk) -> None:
    """Somebody deletes my Job, which does not go by itself: the next push brings it back, as it does anything."""
    text = job().replace("  ttlSecondsAfterFinished: 0\n", "")
    assert "ttl" not in text
    deployed(desk, text)
    desk.cluster.request("DELETE", f"/apis/batch/v1/namespaces/{desk.namespace}/jobs/once")
    gone(desk)
    assert deployed(desk, text) == {"once": "created"}


def test_one_that_somebody_deleted_is_not_called_healthy() -> None:
    """Somebody deletes my Job before it ended: nobody claims that it went well."""
    running = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "once"}, "status": {"active": 1}}
    assert remembered(None, running, ()) == UNSEEN
