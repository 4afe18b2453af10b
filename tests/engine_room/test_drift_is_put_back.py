"""With `self_heal: true` what people change is put back in the lane's turn, past no hold, slower each time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.model.hold import Scope
from pushboat.model.state import State, Trigger
from pushboat.store import deployments, releases
from tests.cluster_view import ClusterView
from tests.engine_room.drifting import LANE, Watched
from tests.engine_room.drifting import watched as held
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository
from tests.written import config_map

SETTINGS = "/api/v1/namespaces/$NS/configmaps/settings"
BLUE = {"data": {"colour": "blue"}}
RED = config_map("settings", colour="red")
STAGING = Scope(repository=NAME, environment="staging")


@pytest.fixture
def watched(
    tmp_path: Path, github: FakeGitHub, repository: Repository, kubeconfig: Path, cluster: ClusterView
) -> Iterator[Watched]:
    """Staging, with nothing in it, to be put back."""
    with held(tmp_path, github, repository, kubeconfig, cluster, self_heal=True) as one:
        yield one


def test_what_somebody_changed_is_put_back_and_leaves_no_release(watched: Watched) -> None:
    """I edit by hand, and minutes later it is as it was deployed: history says so, and the commit stays green."""
    made = watched.release(RED, config_map("other"))
    other = watched.map("other")["metadata"]["resourceVersion"]
    shown = watched.repository.shown(made.sha)
    watched.edit(SETTINGS, BLUE)
    watched.github.down = True
    found = watched.come_round()
    assert found.count == 1
    healed = watched.healed()
    assert (healed.state, healed.trigger, healed.again, healed.sha) == (State.SUCCEEDED, Trigger.SELF_HEAL, 1, made.sha)
    assert healed.reason == "put back release 1, 2 objects: 1 configured, 1 unchanged; health was not waited for"
    (line,) = [each.text for each in deployments.progress(watched.store, healed.id) if each.phase == "drift"]
    assert 'data.colour is "blue" instead of "red", by kubectl-edit at ' in line
    assert watched.map("settings")["data"] == {"colour": "red"}
    assert watched.map("other")["metadata"]["resourceVersion"] == other
    assert watched.come_round().found == ()
    assert watched.repository.shown(made.sha) == shown
    assert [each.number for each in releases.listed(watched.store, LANE)] == [1]
    assert deployments.running_in(watched.store, LANE) == watched.repository.row(made)
    assert watched.healing() == []
