"""Events at an inventory: one for each deployment, of a bearable length, and nothing depends on them."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from pushboat.config.operator import ClusterAccess
from pushboat.errors import ClusterRefused
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.state import Kind, State
from tests.cluster.desk import REPOSITORY, Desk, config_map
from tests.fakes.lying_cluster import lying_before
from workers.cluster.client.connection import connect
from workers.cluster.writing.events import LONGEST_MESSAGE_CHARACTERS, Notice, publish
from workers.deploying.announcing import announcing

NOTICE = Notice(name="one", reason="Deployed", message="all is well", kind="Normal")


def messages(desk: Desk) -> list[str]:
    """List what the inventory's events say."""
    items = desk.cluster.request("GET", f"/api/v1/namespaces/{desk.namespace}/events").data["items"]
    return [each["message"] for each in items if each["source"].get("component") == "pushboat"]


def running() -> Deployment:
    """Give a deployment that is about to end."""
    lane = Lane(repository=REPOSITORY, environment="staging")
    return Deployment(id=7, kind=Kind.DEPLOY, lane=lane, ref="refs/heads/main", sha="a" * 40, state=State.RUNNING)


def test_the_same_event_is_told_once(desk: Desk) -> None:
    """A worker that dies after telling leaves its successor to tell again: there is one event all the same."""
    desk.deploy(config_map("settings", a="1"))
    for _ in range(2):
        publish(desk.cluster, desk.parent, NOTICE)
    assert messages(desk) == ["all is well"]


@pytest.mark.parametrize("letter", ["x", "ü", "🚢"])
def test_a_long_message_is_shortened(desk: Desk, letter: str) -> None:
    """The API server takes so many bytes, whatever the letters."""
    desk.deploy(config_map("settings", a="1"))
    publish(desk.cluster, desk.parent, replace(NOTICE, message=letter * 5000))
    [message] = messages(desk)
    assert message.endswith("…")
    assert message.startswith(letter * 200)
    assert len(message.encode()) <= LONGEST_MESSAGE_CHARACTERS


def test_nothing_is_told_where_nothing_was_deployed(desk: Desk) -> None:
    """A first deployment that was refused before its first write has no inventory to tell it at."""
    publish(desk.cluster, desk.parent, NOTICE)
    assert messages(desk) == []


def test_an_account_that_may_not_write_events_deploys_all_the_same(desk: Desk) -> None:
    """Events are a courtesy: where the role does not grant them, nothing fails."""
    desk.deploy(config_map("settings", a="1"))
    stranger = desk.cluster.speaking_as(f"{desk.namespace}/stranger")
    with pytest.raises(ClusterRefused):
        publish(stranger, desk.parent, NOTICE)
    row = running()
    announcing(stranger, lambda: desk.parent, row, "cause")(State.SUCCEEDED, "healthy")
    assert messages(desk) == []
    announcing(desk.cluster, lambda: desk.parent, row, "cause")(State.SUCCEEDED, "healthy")
    assert messages(desk) == ["cause: healthy"]


def test_a_bad_moment_of_the_cluster_hides_no_event(desk: Desk, kubeconfig: Path, tmp_path: Path) -> None:
    """Where the API server has no answer for a moment, it is told again; the deployment has ended by then."""
    desk.deploy(config_map("settings", a="1"))
    with lying_before(kubeconfig, 1) as lying:
        path = tmp_path / "kubeconfig"
        path.write_text(yaml.safe_dump(lying.kubeconfig))
        lying.mood.often = 1.0
        through = connect(ClusterAccess(name="lying", kubeconfig=path))
        announcing(through, lambda: desk.parent, running(), "cause")(State.SUCCEEDED, "healthy")
        through.close()
    assert lying.mood.told.total() > 1
    assert messages(desk) == ["cause: healthy"]
