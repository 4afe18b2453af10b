"""`on_failure: rollback` on a real cluster: what failed is taken back whole, Secrets and deletions too."""

import base64

import pytest

from pushboat.model.deployment import Deployment
from pushboat.model.state import State, Trigger
from pushboat.store import deployments
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
    assert yard.runs("smoke") >= 2, "what was brought back is verified too"
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
