"""How objects are judged: one file per case under tests/data/health, named `<kind>-<judgement>[-<why>].yaml`."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from pushboat.model.health import Health
from workers.cluster.health import assess

CASES = sorted((Path(__file__).parent.parent / "data" / "health").glob("*.yaml"))


def load(name: str) -> dict[str, Any]:
    path = next(case for case in CASES if case.stem == name)
    loaded: dict[str, Any] = yaml.safe_load(path.read_text())
    return loaded


@pytest.mark.proves("health-order", "health-pod-failed", "health-api-service")
@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_an_object_is_judged_as_its_file_is_named(case: Path) -> None:
    """Each kind has the judgement that its status deserves, and whoever is not healthy says why."""
    judgement = assess(yaml.safe_load(case.read_text()))
    assert judgement.health is Health(case.stem.split("-")[1].capitalize())
    assert bool(judgement.reason) or judgement.health is Health.HEALTHY


@pytest.mark.proves("health-pod-failed")
@pytest.mark.parametrize(
    ("name", "reason", "certain"),
    [
        ("deployment-progressing-updating", "1 of 3 updated", False),
        ("deployment-progressing-unavailable", "1 of 3 ready", False),
        ("deployment-progressing-old-pods", "1 old to go", False),
        ("deployment-degraded-deadline", 'ReplicaSet "web-1" has timed out progressing.', True),
        ("pod-degraded-crash-loop", "container app: CrashLoopBackOff (exit 1, restarted 3\u00d7): boom", False),
        ("pod-degraded-oom", "container app: CrashLoopBackOff (OOMKilled, exit 137, restarted 3\u00d7)", False),
        ("pod-degraded-image", 'container app: ImagePullBackOff: Back-off pulling image "a:bad"', False),
        ("pod-degraded-config", 'container app: CreateContainerConfigError: secret "key" not found', False),
        ("pod-degraded-evicted", "failed: Evicted: The node was low on resource: memory.", False),
        ("pod-degraded-init", "container migrate: CrashLoopBackOff (exit 1, restarted 4\u00d7): boom", False),
        ("pod-progressing-unschedulable", "Unschedulable: 0/3 nodes are available", False),
        ("job-degraded-failed", "Job has reached the specified backoff limit", True),
        ("job-progressing-running", "1 of 2 completed", False),
        ("custom-progressing-not-ready", "waits for the harbour", False),
        ("custom-unverified", "no rule says when a Boat is healthy", False),
    ],
)
def test_the_reason_is_what_a_person_needs(name: str, reason: str, *, certain: bool) -> None:
    """The reason names container, exit code, restarts and last words; a sure failure is marked as such."""
    judgement = assess(load(name))
    assert (judgement.reason, judgement.certain) == (reason, certain)


def test_a_workload_is_judged_by_its_failing_pods() -> None:
    """A Deployment that waits for a crashing pod is degraded with the pod's reason."""
    pods = [load("pod-progressing-creating"), load("pod-degraded-crash-loop")]
    judgement = assess(load("deployment-progressing-unavailable"), pods)
    assert judgement.health is Health.DEGRADED
    assert not judgement.certain, "it may still come up"
    assert judgement.reason == "pod x, container app: CrashLoopBackOff (exit 1, restarted 3\u00d7): boom"


def test_a_workload_that_has_what_it_needs_is_not_judged_by_a_pod() -> None:
    """A Deployment with all its replicas available is healthy, whatever a spare pod does."""
    assert assess(load("deployment-healthy"), [load("pod-degraded-crash-loop")]).health is Health.HEALTHY


def test_an_object_without_a_body_is_unverified() -> None:
    """An object that lacks everything is not called healthy."""
    assert assess({"kind": "Boat", "status": None, "metadata": {}}).health is Health.UNVERIFIED
    assert assess({}).health is Health.UNVERIFIED
