"""A webhook that is not up yet, or who converts: what needs it is parked, the rest comes, and no commit is blamed."""

import pytest

from pushboat.model.state import State
from tests.engine_room.latecomers import DEAD, Room, room
from tests.until import until
from tests.written import config_map, deployment
from workers.deploying import story

__all__ = ["room"]


@pytest.mark.proves("parked")
def test_a_webhook_that_is_not_up_is_waited_for(room: Room) -> None:
    """A webhook refuses my object because its server is not up: everything else is applied, the object comes later."""
    room.define()
    room.hook()
    one = room.push({"settings.yaml": config_map(), "boat.yaml": room.boat()})
    with room.deploying(one):
        until(lambda: "waiting for webhook boats.hook.example" in room.said(one), what="the wait for the webhook")
        assert room.cluster.config_map(f"{room.space}-staging", "settings")
        assert "connection refused" in room.said(one)
        room.unhook()
    ended = room.ended(one)
    assert (ended.state, ended.counts.created) == (State.SUCCEEDED, 2), ended.reason


def test_many_wait_for_one_webhook(room: Room) -> None:
    """Sixty objects of one kind wait for one webhook: one line says so, and all come when it is gone."""
    room.define()
    room.hook()
    many = "---\n".join(room.boat().replace("one", f"boat-{number}") for number in range(60))
    one = room.push({"boats.yaml": many})
    with room.deploying(one):
        until(lambda: "and 59 more need" in room.said(one), what="the wait for the webhook")
        room.unhook()
    ended = room.ended(one)
    assert (ended.state, ended.counts.created) == (State.SUCCEEDED, 60), ended.reason


def test_a_conversion_that_is_not_up_is_waited_for(room: Room) -> None:
    """The kind has two versions and nobody converts between them yet: my object comes when somebody does."""
    room.define_two_versions()
    room.convert(DEAD)
    one = room.push({"settings.yaml": config_map(), "boat.yaml": room.boat(version="v2")})
    with room.deploying(one):
        until(lambda: "waiting for webhook for the conversion of Boat" in room.said(one), what="the wait")
        assert room.cluster.config_map(f"{room.space}-staging", "settings")
        room.convert(None)
    ended = room.ended(one)
    assert (ended.state, ended.counts.created) == (State.SUCCEEDED, 2), ended.reason


@pytest.mark.proof  # the API server itself takes seconds to give a conversion up
def test_a_push_can_mend_who_converts(room: Room) -> None:
    """Whoever converts my objects is down, and so they cannot be read as I write them: the push that mends it is green.

    What it changes of them comes once they can be converted again.
    """
    room.define_two_versions()
    files = {"operator.yaml": deployment("operator"), "boat.yaml": room.boat(version="v2")}
    first = room.push(files, wait="0")
    story.deploy(room.tools, first.id)
    assert room.ended(first).state is State.SUCCEEDED, room.ended(first).reason
    room.convert(DEAD)
    mended = deployment("operator", image="registry.example/operator:2")
    changed = room.boat(version="v2").replace("one", "one, labels: {a: b}")
    one = room.push({"operator.yaml": mended, "boat.yaml": changed}, wait="0")
    with room.deploying(one):
        until(lambda: room.image() == "registry.example/operator:2", what="the operator to be mended")
        until(lambda: "waiting for webhook for the conversion of Boat" in room.said(one), what="the wait")
        room.convert(None)
    ended = room.ended(one)
    assert (ended.state, ended.counts.configured) == (State.SUCCEEDED, 2), ended.reason


def test_no_commit_is_blamed_for_a_webhook_that_never_comes(room: Room) -> None:
    """When the time is over the status is an error, not a failure, and names the webhook and who must act."""
    room.define()
    room.hook({"name": "boats", "namespace": "nowhere"})
    one = room.push({"settings.yaml": config_map(), "boat.yaml": room.boat()}, wait="2s")
    story.deploy(room.tools, one.id)
    ended = room.ended(one)
    assert ended.state is State.ERRORED
    assert ended.reason.startswith(
        "1 of 2 written, then the administrator of cluster dev must bring up webhook boats.hook.example "
        "(Service/nowhere/boats), which was not there within 2 s"
    )
    assert 'service "boats" not found' in ended.reason
