"""Drift is found without anybody asking, said on the deployed commit, taken back when it is gone, and never made up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster_view import ClusterView
from tests.engine_room.drifting import Watched
from tests.engine_room.drifting import watched as held
from tests.fakes.github import FakeGitHub
from tests.store.repository import Repository
from tests.written import config_map

SETTINGS = "/api/v1/namespaces/$NS/configmaps/settings"


@pytest.fixture
def watched(
    tmp_path: Path, github: FakeGitHub, repository: Repository, kubeconfig: Path, cluster: ClusterView
) -> Iterator[Watched]:
    """Staging, with nothing in it."""
    with held(tmp_path, github, repository, kubeconfig, cluster) as one:
        yield one


def test_the_deployed_commit_says_what_drifted_and_that_it_is_gone(watched: Watched) -> None:
    """I edit by hand, and the commit says field, values and tool; I put it back, and it says what it said before."""
    made = watched.release(config_map("settings", colour="red"))
    green = watched.repository.shown(made.sha)[-1]
    assert watched.come_round().found == ()
    watched.edit(SETTINGS, {"data": {"colour": "blue"}})
    found = watched.come_round()
    assert (found.deployment, found.release, found.count, found.trouble) == (made.id, 1, 1, "")
    assert found.since
    state, said = watched.repository.shown(made.sha)[-1]
    assert state == "errored"
    assert said.startswith('drift: ConfigMap settings: data.colour is "blue" instead of "red", by kubectl-edit at ')
    watched.come_round()
    assert watched.found().since == pytest.approx(found.since - 1000)
    assert len(watched.repository.shown(made.sha)) == 4, "said once"
    watched.edit(SETTINGS, {"data": {"colour": "red"}})
    assert watched.come_round().found == ()
    assert watched.repository.shown(made.sha)[3:] == [("errored", said), green]
    assert watched.healing() == []
    assert watched.map("settings")["data"] == {"colour": "red"}
