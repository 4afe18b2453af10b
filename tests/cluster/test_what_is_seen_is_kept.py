"""While a wait goes on, and at its end, each object is kept as it was seen: with its ReplicaSets, pods and reasons."""

from contextlib import suppress

import pytest
import yaml

from pushboat.errors import Unhealthy
from pushboat.model.health import Health
from pushboat.model.observed import MOST_DEPENDENTS, Observed, read
from tests.cluster.desk import Desk, config_map, deployment
from tests.until import PATIENCE
from workers.deploying.observing import Observing

CRASHES = 12.0
"""Seconds in which a pod has come, crashed and been held back, also where the cluster has little of the machine."""


def seen(desk: Desk, text: str, deadline: float = PATIENCE) -> tuple[Observed, ...]:
    """Deploy, wait, and give what was kept at last; how it ends is told elsewhere."""
    desk.deploy(text)
    kept: list[str] = [""]
    with suppress(Unhealthy), Observing().each_look(kept.append) as see:
        desk.wait(text, deadline, see=see)
    return read(kept[-1])


def test_a_healthy_deployment_is_kept_with_its_pods(desk: Desk) -> None:
    """I see my Deployment, its ReplicaSet and three pods, all well; a ConfigMap has nothing to wait for."""
    (web,) = seen(desk, deployment(replicas=3, ready_after="1s") + config_map("settings", a="1"))
    (replica_set,) = web.dependents
    assert (web.ref.kind, web.health, web.reason) == ("Deployment", Health.HEALTHY, "")
    assert (replica_set.ref.kind, replica_set.health, replica_set.note) == ("ReplicaSet", Health.HEALTHY, "revision 1")
    assert [(each.ref.kind, each.health) for each in replica_set.dependents] == [("Pod", Health.HEALTHY)] * 3


def test_of_a_failing_rollout_both_revisions_are_kept(desk: Desk) -> None:
    """The new ReplicaSet and its pod say why they do not run; the previous one, which still runs, stands below it."""
    seen(desk, deployment(replicas=2))
    (web,) = seen(desk, deployment(replicas=2, behaviour="crash-loop", message="boom: no database"), deadline=CRASHES)
    new, old = web.dependents
    assert web.health is Health.DEGRADED
    assert "boom: no database" in web.reason
    assert [(each.note, each.health) for each in (new, old)] == [
        ("revision 2", Health.DEGRADED),
        ("revision 1", Health.HEALTHY),
    ]
    assert all("CrashLoopBackOff" in each.reason for each in new.dependents if each.health is Health.DEGRADED)
    assert {each.health for each in old.dependents} == {Health.HEALTHY}


def test_of_many_pods_the_worst_are_named(desk: Desk) -> None:
    """Twelve pods are ten and a number."""
    (web,) = seen(desk, deployment(replicas=MOST_DEPENDENTS + 2))
    (replica_set,) = web.dependents
    assert (len(replica_set.dependents), replica_set.more) == (MOST_DEPENDENTS, 2)


@pytest.mark.parametrize("kind", ["StatefulSet", "DaemonSet", "Job"])
def test_other_owners_have_their_pods_directly_below(desk: Desk, kind: str) -> None:
    """There is no ReplicaSet between them."""
    body = yaml.safe_load(deployment())
    body["kind"] = kind
    for field in ("replicas", "strategy"):
        body["spec"].pop(field, None)
    if kind == "Job":
        body["apiVersion"] = "batch/v1"
        del body["spec"]["selector"]
        body["spec"]["template"]["spec"]["restartPolicy"] = "Never"
    (found,) = seen(desk, yaml.safe_dump(body))
    assert (found.ref.kind, found.health) == (kind, Health.HEALTHY)
    assert {each.ref.kind for each in found.dependents} == {"Pod"}


def test_what_a_secret_holds_is_not_kept(desk: Desk) -> None:
    """A pod that dies with my password on its lips is kept without it."""
    secret = "---\napiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {key: s3cret-of-mine}\n"
    crash = deployment(behaviour="crash-loop", message="no login with s3cret-of-mine")
    (web,) = [each for each in seen(desk, crash + secret, deadline=CRASHES) if each.ref.kind == "Deployment"]
    assert "no login with" in web.reason
    assert "s3cret-of-mine" not in repr(web)
