"""A kind that an operator of the same push defines: what is of it is parked, while the rest comes up."""

import pytest
import yaml

from pushboat.model.state import State
from tests.engine_room.latecomers import Room, room
from tests.until import until
from tests.written import config_map, deployment
from workers.deploying import story

__all__ = ["room"]


@pytest.mark.proves("parked", "pain-9")
def test_a_kind_that_an_operator_of_the_push_defines_is_waited_for(room: Room) -> None:
    """My push brings an operator and an object of its kind: the object comes as soon as the kind does, and is green.

    Meanwhile somebody else's deployment ends, although there is only one place to work in.
    """
    one = room.push({**room.operator(), "boat.yaml": room.boat()})
    with room.deploying(one):
        until(lambda: f"waiting for kind Boat of {room.group}/v1" in room.said(one), what="the wait for the kind")
        assert room.cluster.deployment(f"{room.space}-staging", "operator"), "the operator was not applied"
        other = room.push({"settings.yaml": config_map()}, "testing")
        story.deploy(room.tools, other.id)
        assert room.ended(other).state is State.SUCCEEDED
        room.define()
    ended = room.ended(one)
    assert ended.state is State.SUCCEEDED, ended.reason
    assert ended.counts.created == 3
    assert room.cluster.get(f"/apis/{room.group}/v1/namespaces/{room.space}-staging/boats/one")


def test_nobody_waits_for_what_is_not_waited_for(room: Room) -> None:
    """I said of one object that nobody waits for its health: a kind that comes late changes nothing about that."""
    slow = yaml.safe_load(deployment("slow", behaviour="unready"))
    slow["metadata"]["annotations"] = {"argocd.argoproj.io/ignore-healthcheck": "true"}
    one = room.push({**room.operator(), "boat.yaml": room.boat(), "slow.yaml": yaml.safe_dump(slow)}, wait="5m")
    with room.deploying(one):
        until(lambda: "waiting for kind Boat" in room.said(one), what="the wait for the kind")
        room.define()
    ended = room.ended(one)
    assert (ended.state, ended.counts.created) == (State.SUCCEEDED, 4), ended.reason


def test_a_restart_goes_on_with_the_wait(room: Room) -> None:
    """Pushboat is restarted while my push waits for a kind: the next process waits on, and brings the object."""
    one = room.push({**room.operator(), "boat.yaml": room.boat()})
    with room.deploying(one):
        until(lambda: "waiting for kind Boat" in room.said(one), what="the wait for the kind")
        room.tools.stopping.set()
    assert room.ended(one).state is State.QUEUED
    room.tools.stopping.clear()
    room.define()
    story.deploy(room.tools, one.id)
    ended = room.ended(one)
    assert (ended.state, ended.counts.created) == (State.SUCCEEDED, 3), ended.reason


def test_a_kind_that_turns_out_to_live_outside_of_namespaces_is_not_written(room: Room) -> None:
    """What the operator of the file allowed in a namespace is never written outside, whoever defines the kind."""
    one = room.push({**room.operator(), "boat.yaml": room.boat()})
    with room.deploying(one):
        until(lambda: "waiting for kind Boat" in room.said(one), what="the wait for the kind")
        room.define("Cluster")
    assert "the cluster keeps Boat outside of namespaces" in room.ended(one).reason
    ended = room.tried_again(one)
    assert ended.state is State.FAILED
    assert "Boat/one is cluster-scoped" in ended.reason
    assert room.cluster.get(f"/apis/{room.group}/v1/boats")["items"] == []


def test_a_kind_that_turns_out_to_live_in_namespaces_is_brought_there(room: Room) -> None:
    """My commit is not blamed for where somebody else's kind was expected to live: the next try brings the object."""
    room.allow_outside("Boat")
    one = room.push({**room.operator(), "boat.yaml": room.boat()})
    with room.deploying(one):
        until(lambda: "waiting for kind Boat" in room.said(one), what="the wait for the kind")
        room.define("Namespaced")
    first = room.ended(one)
    assert (first.state, "the cluster keeps Boat in a namespace" in first.reason) == (State.QUEUED, True), first.reason
    assert room.tried_again(one).state is State.SUCCEEDED
    assert room.cluster.get(f"/apis/{room.group}/v1/namespaces/{room.space}-staging/boats/one")


def test_a_kind_that_never_comes_is_named(room: Room) -> None:
    """The operator runs and defines something else: I read which kind is missing, and that my commit must say it."""
    one = room.push({**room.operator(), "boat.yaml": room.boat()}, wait="15s")
    story.deploy(room.tools, one.id)
    ended = room.ended(one)
    assert ended.state is State.FAILED
    assert f"nothing in this push defined kind Boat of {room.group}/v1 within 15 s" in ended.reason
    assert "staging/boat.yaml:1: Boat/" in ended.reason


def test_an_operator_that_does_not_come_up_is_the_reason(room: Room) -> None:
    """The kind does not come because the operator crashes: I read of the operator, and below what waits for it."""
    one = room.push({**room.operator(behaviour="unready"), "boat.yaml": room.boat()}, wait="3s")
    story.deploy(room.tools, one.id)
    ended = room.ended(one)
    assert ended.state is State.FAILED
    assert f"Deployment/{room.space}-staging/operator" in ended.reason
    assert "waiting for kind Boat" in ended.details


def test_a_newer_commit_does_not_wait_for_a_kind(room: Room) -> None:
    """I mend the push while it waits for a kind: it gives way at once."""
    one = room.push({**room.operator(), "boat.yaml": room.boat()})
    with room.deploying(one):
        until(lambda: "waiting for kind Boat" in room.said(one), what="the wait for the kind")
        newer = room.push({"boat.yaml": config_map()})
    assert room.ended(one).state is State.SUPERSEDED
    story.deploy(room.tools, newer.id)
    assert room.ended(newer).state is State.SUCCEEDED


@pytest.mark.proves("parked")
@pytest.mark.parametrize("wait", ["60s", "0"])
def test_a_misspelt_kind_is_named_at_once(room: Room, wait: str) -> None:
    """Nothing in my push could define such a kind: it fails before anything is written."""
    one = room.push({"web.yaml": deployment(), "boat.yaml": room.boat("Baot")}, wait=wait)
    story.deploy(room.tools, one.id)
    ended = room.ended(one)
    assert ended.state is State.FAILED
    assert f"the cluster does not know Baot ({room.group}/v1): is its CRD missing here?" in ended.reason
    assert not room.cluster.deployment(f"{room.space}-staging", "web")


def test_a_slip_of_the_pen_is_not_waited_for_although_an_operator_comes(room: Room) -> None:
    """The group is served and has a kind of nearly that name: I read which one I meant."""
    room.define()
    until(lambda: room.cluster.get(f"/apis/{room.group}/v1"), what="the group to be served")
    one = room.push({**room.operator(), "boat.yaml": room.boat("Boats")})
    story.deploy(room.tools, one.id)
    assert "did you mean Boat?" in room.ended(one).reason
