"""A wait ends before its time where the kubelet's next try comes after it, and nowhere else."""

from datetime import UTC, datetime
from typing import Any

import pytest

from workers.cluster.waiting.hopeless import next_try

NOW = 1_800_000_000.0


def stamp(ago: float) -> str:
    return datetime.fromtimestamp(NOW - ago, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def pod(age: float, **its: Any) -> dict[str, Any]:
    status = {"startTime": stamp(age), "containerStatuses": [{"name": "app", **its}]}
    return {"metadata": {"name": "web-1"}, "status": status}


def crashing(age: float, crashed: float, back_off: str = "5m0s") -> dict[str, Any]:
    message = f"back-off {back_off} restarting failed container=app pod=web-1_shop(1)"
    waiting = {"reason": "CrashLoopBackOff", "message": message}
    return pod(age, state={"waiting": waiting}, lastState={"terminated": {"exitCode": 1, "finishedAt": stamp(crashed)}})


def pulling(age: float) -> dict[str, Any]:
    return pod(age, state={"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image"}})


def test_the_next_restart_of_a_pod_that_crashed_for_five_minutes_is_known() -> None:
    """My pod crashed for the sixth time ten seconds ago; the next time is in five minutes."""
    assert next_try([crashing(age=321, crashed=10)], NOW) == pytest.approx(275)


def test_the_next_pull_of_an_image_that_was_not_there_for_five_minutes_is_known() -> None:
    """My image was asked for at 310 seconds; the next time is at 610."""
    assert next_try([pulling(age=330)], NOW) == pytest.approx(265)


@pytest.mark.proves("health-no-fail-fast")
@pytest.mark.parametrize(
    "young",
    [pulling(20), pulling(309), pulling(320), pulling(5000), crashing(50, 1, "40s"), crashing(age=40, crashed=2)],
    ids=["second pull", "before the last pace", "during a try", "long ago", "a short back-off", "a quicker node"],
)
def test_what_is_tried_again_soon_has_hope(young: dict[str, Any]) -> None:
    """As long as the kubelet tries again soon, or nobody knows when, the wait goes on."""
    assert next_try([young], NOW) == 0.0


@pytest.mark.parametrize("odd", [{"metadata": {}}, pod(400), pod(400, state={"running": {}})])
def test_a_pod_that_waits_for_nothing_of_the_kind_has_hope(odd: dict[str, Any]) -> None:
    """A pod that runs, or of which nothing is known, is no reason to end a wait."""
    assert next_try([odd], NOW) == 0.0
