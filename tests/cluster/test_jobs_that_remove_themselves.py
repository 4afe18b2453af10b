"""How a Job ended counts, although it removed itself the moment it had."""

import pytest

from pushboat.errors import Unhealthy
from pushboat.model.health import Health
from tests.cluster.desk import Desk, deployment, document
from tests.until import until
from workers.cluster.waiting.fleeting import UNSEEN, remembered
from workers.cluster.waiting.waiting import followed, wait


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
            watches, manifests, deadline=5, give_way=lambda: None, say=desk.said.append, part_of=desk.parent.id
        )
    assert finding.judgement == UNSEEN


def test_one_that_somebody_deleted_is_not_called_healthy() -> None:
    """Somebody deletes my Job before it ended: nobody claims that it went well."""
    running = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "once"}, "status": {"active": 1}}
    assert remembered(None, running, ()) == UNSEEN
