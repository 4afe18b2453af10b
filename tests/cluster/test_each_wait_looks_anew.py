"""A wait that follows another one, as each wave's does, goes by what is there now, not by what the last one heard."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest

from pushboat.errors import Unhealthy
from pushboat.model.health import Finding, Health
from tests.cluster.desk import Desk, config_map, deployment, statuses
from tests.lines import Deaf, Together, put
from tests.until import PATIENCE, until
from workers.cluster.client.connection import MERGE
from workers.cluster.waiting.following import of_inventory
from workers.cluster.waiting.looking import Look, questions
from workers.cluster.waiting.waiting import wait
from workers.cluster.waiting.watches import Watches

SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n"


def waits(
    watches: Watches, desk: Desk, text: str, deadline: float, give_way: Callable[[], None] = lambda: None
) -> tuple[Finding, ...]:
    """Wait for the health of a revision."""
    return wait(
        watches,
        desk.manifests(text),
        deadline=deadline,
        give_way=give_way,
        say=desk.said.append,
        labels=of_inventory(desk.parent.id),
        written={change.ref for change in desk.made},
    )


def runs(desk: Desk) -> bool:
    """Say whether the first revision is ready."""
    live = desk.get("deployments", "web", "/apis/apps/v1")
    return bool(live and live.get("status", {}).get("readyReplicas") == 1)


def has_settled(desk: Desk, name: str) -> bool:
    """Say whether the controller has seen a Deployment as it is, and found that all its pods, if any, are there."""
    live = desk.get("deployments", name, "/apis/apps/v1") or {}
    status = live.get("status", {})
    said = {each["type"]: each for each in status.get("conditions", ())}
    seen = status.get("observedGeneration") == live.get("metadata", {}).get("generation")
    done = said.get("Progressing", {}).get("reason") == "NewReplicaSetAvailable"
    return seen and done and said.get("Available", {}).get("status") == "True"


def test_a_change_that_no_watch_has_heard_of_is_waited_for(desk: Desk) -> None:
    """The second wave changes what the first one waited for: that it was healthy once makes nothing green."""
    desk = replace(desk, cluster=put(desk.cluster, Deaf(desk.cluster.line)))
    desk.apply(deployment())
    until(lambda: runs(desk), what="the first revision")
    with Watches(desk.cluster) as watches:
        waits(watches, desk, deployment(), PATIENCE)
        worse = deployment(image="registry.example/web:2", behaviour="unready")
        desk.apply(worse)
        with pytest.raises(Unhealthy):
            waits(watches, desk, worse, 2)


def crashes(desk: Desk) -> bool:
    """Say whether a pod is held back after a crash."""
    return "CrashLoopBackOff" in statuses(desk)


@pytest.mark.proves("health-settle")
def test_a_crash_that_no_watch_has_heard_of_yet_is_not_green(desk: Desk) -> None:
    """My pod has no readiness probe and crashes while the worker gets no processor: it looks again before green."""
    desk = replace(desk, cluster=put(desk.cluster, Deaf(desk.cluster.line)))
    text = deployment(crash_after="3s")
    desk.apply(text)
    until(lambda: runs(desk), what="the pod to be ready", at_once=True)
    looks = count()

    def stand_still() -> None:
        if next(looks) == 1:  # its first look is over, and found it ready
            until(lambda: crashes(desk), what="the crash")

    with Watches(desk.cluster) as watches, pytest.raises(Unhealthy):
        waits(watches, desk, text, 6, stand_still)


def test_what_came_up_unheard_is_not_called_unhealthy(desk: Desk) -> None:
    """My pods come up in time, and the worker hears nothing of it: it looks before it says that they did not."""
    desk = replace(desk, cluster=put(desk.cluster, Deaf(desk.cluster.line)))
    text = deployment(ready_after="3s")
    desk.apply(text)
    begun = count()

    def come_up() -> None:
        if next(begun) == 1:  # its first look is over
            until(lambda: runs(desk), what="the pod to be ready")

    with Watches(desk.cluster) as watches:
        waits(watches, desk, text, 2, come_up)


def test_what_is_new_is_not_taken_for_deleted(desk: Desk) -> None:
    """An object of a kind that is watched already was made a moment ago: nobody deleted it."""
    desk = replace(desk, cluster=put(desk.cluster, Deaf(desk.cluster.line)))
    desk.apply(deployment())
    until(lambda: runs(desk), what="the first revision")
    with Watches(desk.cluster) as watches:
        waits(watches, desk, deployment(), PATIENCE)
        both = deployment() + deployment("front", replicas=0)
        desk.apply(both)
        until(lambda: has_settled(desk, "front"), what="the controller's last word")
        waits(watches, desk, both, PATIENCE)
    assert not [line for line in desk.said if "deleted" in line]


def test_nothing_is_red_for_what_nobody_heard_of(desk: Desk) -> None:
    """My rollout came up in its time, but its watch was silent, or Pushboat stood still until that was over: green."""
    desk = replace(desk, cluster=put(desk.cluster, Deaf(desk.cluster.line)))
    text = deployment(behaviour="unready")
    desk.apply(text)
    began = time.monotonic()

    def stands_still() -> None:
        if desk.said:  # it has looked once, and has seen nothing that runs
            heal(desk)
            until(lambda: runs(desk) and time.monotonic() > began + 2, what="the rollout, and its time to be over")

    with Watches(desk.cluster) as watches:
        (finding,) = waits(watches, desk, text, 2, give_way=stands_still)
    assert finding.judgement.health is Health.HEALTHY


def heal(desk: Desk) -> None:
    """Make the pods ready that never would be."""
    pods = f"/api/v1/namespaces/{desk.namespace}/pods"
    behaves = {"metadata": {"annotations": {"devcluster.pushboat.dev/behaviour": None}}}
    for pod in until(
        lambda: desk.cluster.request("GET", pods, {"labelSelector": "app=web"}).data["items"], what="its pods"
    ):
        desk.cluster.request("PATCH", f"{pods}/{pod['metadata']['name']}", body=behaves, content_type=MERGE)


JOB = """---
apiVersion: batch/v1
kind: Job
metadata: {name: once}
spec:
  ttlSecondsAfterFinished: 3600
  template: {spec: {restartPolicy: Never, containers: [{name: app, image: "migrate:1"}]}}
"""


@pytest.mark.parametrize("behaviour", [{}, {"behaviour": "unready"}], ids=["green", "red"])
def test_a_job_that_goes_while_nobody_watches_has_ended_as_it_was_seen(desk: Desk, behaviour: dict[str, str]) -> None:
    """My Job was seen to end well, and goes by itself while the cluster is read once more: it did not end unseen."""
    desk = replace(desk, cluster=put(desk.cluster, Deaf(desk.cluster.line)))
    desk.apply(JOB)
    until(lambda: "Complete" in str(desk.get("jobs", "once", "/apis/batch/v1")), what="the Job's end")
    text, looks = JOB + deployment(**behaviour), count()
    desk.apply(text)
    if not behaviour:  # it runs, and has to go on running for a moment
        until(lambda: runs(desk), what="the pod to be ready", at_once=True)

    def clean_up() -> None:
        if next(looks) == 1:  # the first look is over
            jobs = f"/apis/batch/v1/namespaces/{desk.namespace}/jobs"
            desk.cluster.request("DELETE", f"{jobs}/once", {"propagationPolicy": "Background"})
            until(lambda: desk.cluster.find(f"{jobs}/once") is None, what="the Job's removal")
            heal(desk)
            until(lambda: runs(desk), what="the pod to be ready")

    with Watches(desk.cluster) as watches:
        found = waits(watches, desk, text, 2, clean_up)
    assert [each.judgement.reason for each in found if each.ref.kind == "Job"] == ["finished and cleaned up"]


def test_what_was_waited_for_is_shown_to_the_end(desk: Desk) -> None:
    """One of my Deployments says when it is ready, another has to run for a moment: I see the pods of both at last."""
    one, other = deployment("one", ready_after="500ms"), deployment("other")
    text = one.replace("image: nginx:1", "image: nginx:1\n        readinessProbe: {httpGet: {port: 8080}}") + other
    assert "readinessProbe" in text
    desk.apply(text)
    looks: list[Look] = []
    desk.wait(text, see=lambda look, _: looks.append(look))
    assert sorted(ref.name for ref, pods in looks[-1].new_pods.items() if pods) == ["one", "other"]


def test_places_are_read_once_more_at_the_same_time(desk: Desk) -> None:
    """The API server hangs when my rollout's time is over: its silence is borne once, not for each place in turn."""
    text = deployment() + config_map("one") + "---\n" + SERVICE
    asked = questions(desk.cluster.kinds, desk.manifests(text), of_inventory(desk.parent.id))
    line = Together(desk.cluster.line, threading.Barrier(len(asked)), {kind.plural for (kind, _), _ in asked})
    with Watches(put(desk.cluster, line)) as watches:
        watches.of(asked)
        watches.again()
        assert all(map(watches.known, asked))
