"""Putting drift back never fights: what a controller moves is left to it, and who changes it again is met slower."""

import time
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
import yaml

from pushboat.model.state import State
from tests.engine_room.drifting import Watched
from tests.store.repository import time_passes
from tests.written import config_map, deployment

SETTINGS = "/api/v1/namespaces/$NS/configmaps/settings"
PAUSES = (2, 6, 18, 54, 162, 300, 300)
"""Seconds between two healings: three times as long each time, five minutes at most."""
ROUNDS = (6, pytest.param(100, marks=pytest.mark.proof))


def autoscaler(target: str) -> str:
    """Write a HorizontalPodAutoscaler that will not move anything by itself: nobody measures here."""
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": target}
    metric = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}},
    }
    return yaml.safe_dump(
        {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": target},
            "spec": {"scaleTargetRef": reference, "minReplicas": 1, "maxReplicas": 9, "metrics": [metric]},
        }
    )


def scale(watched: Watched, name: str, replicas: int) -> None:
    """Scale as the autoscaler of Kubernetes does: through the subresource, under its process' name."""
    path = f"/apis/apps/v1/namespaces/{watched.namespace}/deployments/{name}/scale"
    body = {"spec": {"replicas": replicas}}
    query = "?fieldManager=kube-controller-manager"
    watched.cluster.request("PATCH", f"{path}{query}", body, "application/merge-patch+json")


@pytest.mark.proves("self-heal")
@pytest.mark.parametrize("rounds", ROUNDS)
def test_an_autoscaler_moves_replicas_in_peace(watched: Watched, rounds: int) -> None:
    """Its autoscaler moves my Deployment up and down all day: that is no drift, nothing is written, nothing is said."""
    with_one, alone = deployment("scaled", replicas=2), deployment("elsewhere", replicas=2)
    made = watched.release(with_one, autoscaler("scaled"), alone)
    shown = watched.repository.shown(made.sha)
    assert watched.come_round().found == ()
    ours = written_by_us(watched)
    for number in range(rounds):
        for name in ("scaled", "elsewhere"):  # the second one has an autoscaler that git does not know
            scale(watched, name, 1 + number % 7)
        found = watched.come_round()
        assert (found.found, found.trouble) == ((), ""), number
    assert watched.healed_so_far() == []
    assert written_by_us(watched) == ours
    assert watched.repository.shown(made.sha) == shown
    replicas = [
        watched.cluster.deployment(watched.namespace, name)["spec"]["replicas"] for name in ("scaled", "elsewhere")
    ]
    assert replicas == [1 + (rounds - 1) % 7] * 2


@pytest.mark.proves("self-heal")
def test_who_changes_it_again_and_again_is_met_slower_and_named(watched: Watched) -> None:
    """A job of ours sets it back each time: Pushboat slows down, and my commit says that somebody is at it."""
    made = watched.release(config_map("settings", colour="red"))
    before = watched.repository.shown(made.sha)
    watched.come_round()
    looks = [_look_and_heal(watched, first=second == 0, at=second) for second in range(0, 1000, 10)]
    healed = [number for number, look in enumerate(looks) if look.healed]
    assert len(healed) == len(PAUSES) + 1
    for pause, (number, following) in zip(PAUSES, pairwise(healed), strict=True):
        assert looks[following].ended - looks[number].began >= pause, "not before its time"
        waited = looks[following - 1].began - looks[number].ended if following > number + 1 else 0.0
        assert waited < pause, "and no look later than that"
    said = watched.repository.shown(made.sha)[len(before) :]
    assert {state for state, _ in said} == {"errored"}
    assert len(said) <= 3
    assert said[0][1].startswith("put back 6 times in a row, and back again; drift: ConfigMap settings: data.colour is")
    watched.edit(SETTINGS, {"data": {"colour": "red"}}, "kubectl-cron")
    assert watched.come_round().found == ()
    assert watched.repository.shown(made.sha)[-1][0] == "errored", "it may be back any moment"
    watched.come_round(3000)
    assert watched.repository.shown(made.sha)[-1] == before[-1]


@dataclass(frozen=True)
class Look:
    """One look: when it began and ended, in seconds of the test's time and of those that it took, and what it did."""

    began: float
    ended: float
    healed: bool


def _look_and_heal(watched: Watched, *, first: bool, at: float) -> Look:
    """Change the settings, let ten seconds pass, and look as the timer would."""
    watched.edit(SETTINGS, {"data": {"colour": "blue"}}, "kubectl-cron")
    time_passes(watched.store, 10)
    began = at + time.monotonic()
    if first:
        watched.look()
    watched.look_if_due()
    healing = watched.healing()
    for each in healing:
        assert watched.carried_out(each).state is State.SUCCEEDED
    return Look(began, at + time.monotonic(), bool(healing))


def written_by_us(watched: Watched) -> dict[str, Any]:
    """Read when we wrote each object last, our inventory among them."""
    found = {}
    for path in ("/apis/apps/v1", "/apis/autoscaling/v2", "/api/v1"):
        plural = {"/apis/apps/v1": "deployments", "/api/v1": "secrets"}.get(path, "horizontalpodautoscalers")
        for item in watched.cluster.get(f"{path}/namespaces/{watched.namespace}/{plural}")["items"]:
            ours = [each for each in item["metadata"]["managedFields"] if each["manager"] == "pushboat"]
            found[f"{plural}/{item['metadata']['name']}"] = [each["time"] for each in ours]
    return found
