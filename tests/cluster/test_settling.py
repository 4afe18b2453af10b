"""A pod without a readiness probe has to run for a moment, counted from its own start, and only then."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from pushboat.model.manifest import Manifest
from workers.cluster.waiting.settling import Settling
from workers.manifests.reading import read_manifests

PROBE = {"readinessProbe": {"httpGet": {"port": 80}}}


def workload(kind: str = "Deployment", container: dict[str, Any] | None = None, **spec: Any) -> Manifest:
    made: dict[str, Any] = {"name": "app", **(container or {})}
    body = {"template": {"spec": {"containers": [made]}}, **spec}
    text = {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "web", "namespace": "shop"}, "spec": body}
    return read_manifests(json.dumps(text), "web.yaml")[0]


def pod(started: float, container: dict[str, Any] | None = None, **status: Any) -> dict[str, Any]:
    state = {"running": {"startedAt": stamp(started)}}
    its = {"name": "app", "state": state, "restartCount": 0, **status}
    spec = {"containers": [{"name": "app", **(container or {})}]}
    return {"metadata": {"uid": "1", "name": "web-1"}, "spec": spec, "status": {"containerStatuses": [its]}}


def stamp(when: float) -> str:
    return datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def left(manifest: Manifest, live: dict[str, Any], ahead: float = 0.0) -> float:
    return Settling([manifest]).left({manifest.ref}, {manifest.ref: [live]}, ahead)


@pytest.mark.proves("health-settle")
def test_a_pod_that_has_just_started_has_to_run_for_a_second() -> None:
    """My pod has no probe and started now: green comes a second later."""
    assert 0.9 < left(workload(), pod(time.time())) <= 1.0


def test_a_pod_that_runs_for_long_has_nothing_to_prove() -> None:
    """My push scales up; the pods that ran before do not cost another second."""
    assert left(workload(), pod(time.time() - 60)) == 0.0


def test_the_cluster_s_clock_counts() -> None:
    """The cluster's clock is a minute behind ours: a pod that started a second ago has not run for a minute."""
    assert left(workload(), pod(time.time() - 60), ahead=-60.0) > 0.9


@pytest.mark.proves("health-settle")
def test_a_probe_speaks_for_itself() -> None:
    """With a readiness probe green comes with it, and minReadySeconds is the cluster's own settle time."""
    assert left(workload(container=PROBE), pod(time.time(), PROBE)) == 0.0
    assert left(workload(minReadySeconds=5), pod(time.time())) == 0.0


def test_a_container_that_does_not_run_has_not_settled() -> None:
    """The Deployment still counts a pod as ready that has crashed: nobody is fooled."""
    crashed = pod(time.time() - 60, state={"waiting": {"reason": "CrashLoopBackOff"}})
    assert left(workload(), crashed) == 1.0


def test_a_container_that_has_crashed_must_outlive_its_last_life() -> None:
    """A container that crashed after twenty seconds is believed when it has run for longer than that."""
    now = time.time()
    last = {"terminated": {"startedAt": stamp(now - 40), "finishedAt": stamp(now - 20)}}
    assert 10 < left(workload(), pod(now - 10, restartCount=1, lastState=last)) < 13


def test_what_was_not_rolled_out_is_not_asked() -> None:
    """An unchanged Deployment that was ready all the time costs nothing."""
    manifest = workload()
    assert Settling([manifest]).left(set(), {manifest.ref: [pod(time.time())]}, 0.0) == 0.0
