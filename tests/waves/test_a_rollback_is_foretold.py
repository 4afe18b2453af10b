"""What `pushboat rollback` says first is what the rollback then does, also after a deployment that broke off."""

import pytest

from cli.foretelling import foretell
from pushboat.model.deployment import Lane
from pushboat.model.state import State, Trigger
from tests.store.repository import NAME, deploy
from tests.waves.conftest import Yard, config_map, job

HOOK = {"argocd.argoproj.io/hook": "PostSync"}
LANE = Lane(repository=NAME, environment="staging")


@pytest.mark.proves("rollback")
def test_after_a_failure_the_cluster_is_asked(yard: Yard, capsys: pytest.CaptureFixture[str]) -> None:
    """The failed push changed one object and made another; both are named, hooks are not, and it comes so."""
    yard.push(config_map("a", v="1"), config_map("same"), job("smoke", HOOK))
    bad = [
        config_map("a", v="2"),
        config_map("same"),
        config_map("new"),
        job("smoke", HOOK, does={"behaviour": "fail"}),
    ]
    assert yard.push(*bad).state is State.FAILED
    release = foretell(yard.tools.operator, yard.tools.store, LANE, "")
    assert release
    said = capsys.readouterr().err.splitlines()
    assert said[0].endswith(": 0 to create, 1 to change, 1 to delete, as the cluster stands now"), said
    named = [line.split() for line in said[1:]]
    assert named == [["configured", f"ConfigMap/{yard.namespace}/a"], ["deleted", f"ConfigMap/{yard.namespace}/new"]]
    back = deploy(release.sha, trigger=Trigger.ROLLBACK, release=release.number)
    done = yard.carry_out(yard.repository.route(back)[0])
    assert (done.state, done.counts.configured, done.counts.deleted) == (State.SUCCEEDED, 1, 1), done.reason
