"""`on_failure: rollback` on a real cluster: what failed is taken back whole, Secrets and deletions too."""

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest

from pushboat.model.deployment import Deployment
from pushboat.model.state import State, Trigger
from pushboat.store import deployments
from tests.until import until
from tests.waves.conftest import Body, Yard, config_map, job

HOOK = "argocd.argoproj.io/hook"


def secret(value: str) -> Body:
    """Write a Secret with one value."""
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login"}, "stringData": {"password": value}}


def answer(yard: Yard, failed: Deployment) -> Deployment | None:
    """Carry out what answers a failure, where something does."""
    found = [each for each in deployments.listed(yard.tools.store) if each.mends == failed.id]
    return yard.carry_out(found[0]) if found else None


@pytest.mark.proves("on-failure")
def test_what_failed_is_taken_back_whole(yard: Yard) -> None:
    """What was changed is as before, what was made is gone, Secrets too; nothing was deleted before it was verified."""
    yard.more = {"on_failure": "rollback", "verify": [{"job": "smoke"}]}
    good = [config_map("a", v="1"), config_map("leaves"), secret("one")]
    assert yard.push(*good, job("smoke", {})).release == 1
    bad = [config_map("a", v="2"), config_map("new"), secret("two"), job("smoke", {}, does={"behaviour": "fail"})]
    failed = yard.push(*bad)
    assert failed.state is State.FAILED
    assert "rolling back to release 1 (" in failed.reason
    assert yard.find("configmaps", "leaves"), "it is deleted after what is verified only"
    back = answer(yard, failed)
    assert back
    assert (back.state, back.trigger, back.release) == (State.SUCCEEDED, Trigger.ON_FAILURE, 2), back.reason
    settings, login = yard.find("configmaps", "a"), yard.find("secrets", "login")
    assert settings
    assert login
    assert settings["data"] == {"v": "1"}
    assert base64.b64decode(login["data"]["password"]) == b"one"
    assert yard.find("configmaps", "new") is None
    assert "; rolled back to release 1 (" in yard.repository.row(failed).reason
    assert yard.runs("smoke", 2) >= 2, "what was brought back is verified too"
    again = yard.push(*bad)
    assert "rolling back to release 2 (" in again.reason, "a second failure is answered alike"


def test_a_hook_that_fails_is_answered_where_something_was_written(yard: Yard) -> None:
    """Before the first write there is nothing to take back; after it there is."""
    yard.more = {"on_failure": "rollback"}
    yard.push(config_map("a", v="1"))
    for phase in ("PreSync", "PostSync"):
        failed = yard.push(config_map("a", v="2"), job("once", {HOOK: phase}, does={"behaviour": "fail"}))
        assert failed.state is State.FAILED
        back = answer(yard, failed)
        assert (back is None) == (phase == "PreSync"), failed.reason
        live = yard.find("configmaps", "a")
        assert live
        assert live["data"] == {"v": "1"}


@pytest.mark.parametrize("breaks", ["the file", "a manifest"])
def test_what_gave_way_to_what_cannot_be_rendered_is_taken_back(yard: Yard, breaks: str) -> None:
    """My push wrote and gave way; the newer one cannot even be read or rendered: the last good one comes back."""
    yard.more = {"on_failure": "rollback"}
    yard.push(config_map("a", v="1"))
    hangs = yard.routed(config_map("a", v="2"), job("slow", {}, does={"behaviour": "unschedulable"}))
    newer: list[Deployment] = []

    def push_another() -> None:
        until(lambda: (yard.find("configmaps", "a") or {})["data"] == {"v": "2"} or None)
        yard.more = {"on_failure": "rollback", **({"path": 7} if breaks == "the file" else {})}
        newer.append(yard.routed({"apiVersion": "v1", "kind": "ConfigMap"}))

    with ThreadPoolExecutor(1) as threads:
        pushing = threads.submit(push_another)
        gave_way = yard.carry_out(hangs)
        pushing.result()
    assert gave_way.state is State.SUPERSEDED, gave_way.reason
    failed = yard.carry_out(newer[0])
    assert failed.state is State.FAILED
    assert "rolling back to release 1 (" in failed.reason
    back = answer(yard, failed)
    assert back
    assert back.state is State.SUCCEEDED, back.reason
    settings = yard.find("configmaps", "a")
    assert settings
    assert settings["data"] == {"v": "1"}
