"""What `pushboat rollback` says first is what the rollback then does, also after a deployment that broke off."""

import pytest

from pushboat.model.deployment import Lane
from pushboat.model.state import State, Trigger
from tests.store.repository import NAME, deploy
from tests.waves.conftest import Yard, config_map, job
from workers.questions.rollback import foretold

HOOK = {"argocd.argoproj.io/hook": "PostSync"}
LANE = Lane(repository=NAME, environment="staging")


@pytest.mark.proves("rollback")
def test_after_a_failure_the_cluster_is_asked(yard: Yard) -> None:
    """The failed push changed one object and made another; both are named, hooks are not, and it comes so."""
    yard.push(config_map("a", v="1"), config_map("same"), job("smoke", HOOK))
    bad = [
        config_map("a", v="2"),
        config_map("same"),
        config_map("new"),
        job("smoke", HOOK, does={"behaviour": "fail"}),
    ]
    assert yard.push(*bad).state is State.FAILED
    told = foretold(yard.tools, LANE, "")
    assert told.form
    said = [line for _, line in told.said]
    assert said[0].endswith(": 0 to create, 1 to change, 1 to delete, as the cluster stands now"), said
    named = [line.split() for line in said[1:]]
    assert named == [["configured", f"ConfigMap/{yard.namespace}/a"], ["deleted", f"ConfigMap/{yard.namespace}/new"]]
    back = deploy(told.form["sha"], trigger=Trigger.ROLLBACK, release=told.form["release"])
    done = yard.carry_out(yard.repository.route(back)[0])
    assert (done.state, done.counts.configured, done.counts.deleted) == (State.SUCCEEDED, 1, 1), done.reason
