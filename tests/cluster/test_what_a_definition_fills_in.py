"""An API server goes by the definition of before for a moment, and takes my object: its defaults are those of today."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import pytest

from pushboat.errors import LeaseLost
from tests.cluster.definitions import PATH
from tests.cluster.desk import Desk, actions, document, notes
from tests.cluster.gadgets import SIZE, discovered, gadget, gadgets, somebody_has
from tests.lines import Passing, audited, put
from tests.until import until
from workers.cluster.client.lags import Lags
from workers.cluster.client.lines import Reply
from workers.cluster.planning.filling import filled

CHOSEN: dict[str, Any] = {"type": "string"}
CALM, WILD = ({**SIZE, "mode": {**CHOSEN, "default": mode}} for mode in ("calm", "wild"))
OPEN = {**SIZE, "mode": CHOSEN}
FOR_EVER = 10**6


@dataclass
class Behind(Passing):
    """The line to an API server that follows a changed definition only after so many requests about its objects.

    It stores and shows the newest one all the same. `follows` says whether it goes by it.
    """

    group: str
    late: int
    follows: Callable[[], bool]
    kept: tuple[Any, ...] = ()
    shown: Reply | None = None

    def send(self, method: str, path: str, query: Any, *rest: Any, **more: Any) -> Reply:
        """Send a request; one that changes the definition is tried, and sent later."""
        if path == f"{PATH}/gadgets.{self.group}":
            if method == "PATCH":
                self.kept = (method, path, query, *rest)
                self.shown = super().send(method, path, {**query, "dryRun": "All"}, *rest)
            return self.shown or super().send(method, path, query, *rest, **more)
        if self.kept and f"/{self.group}/" in path and method in ("POST", "PATCH"):
            self.late -= 1
            if self.late < 0:
                self.hear()
        return super().send(method, path, query, *rest, **more)

    def hear(self) -> None:
        """Follow the definition."""
        assert super().send(*self.kept).status == HTTPStatus.OK
        self.kept, self.shown = (), None
        until(self.follows, what="the definition to be followed")


@pytest.fixture
def makes(desk: Desk) -> Desk:
    """An environment that may bring definitions."""
    return desk.allowing(cluster_scoped=("CustomResourceDefinition",))


def mode_of_a_fresh_one(desk: Desk, group: str) -> str | None:
    """Ask the API server which mode a gadget gets today."""
    path = f"/apis/{group}/v1/namespaces/{desk.namespace}/gadgets"
    body = {"apiVersion": f"{group}/v1", "kind": "Gadget", "metadata": {"generateName": "x-"}, "spec": {}}
    made: str | None = desk.cluster.request("POST", path, {"dryRun": "All"}, body).data["spec"].get("mode")
    return made


def mode(desk: Desk, group: str, name: str = "one") -> str | None:
    live = desk.get("gadgets", name, f"/apis/{group}/v1")
    assert live is not None
    found: str | None = live["spec"].get("mode")
    return found


def behind(desk: Desk, group: str, late: int, wanted: str | None) -> Desk:
    """Give a desk before an API server that follows late; by the newest definition a mode is `wanted`."""
    line = Behind(desk.cluster.line, group, late, lambda: mode_of_a_fresh_one(desk, group) == wanted)
    return replace(desk, cluster=put(desk.cluster, line))


@pytest.mark.proves("defaults-update-strategy", among=("a custom resource",))
@pytest.mark.parametrize("late", [1, 2, 3, 5])
@pytest.mark.parametrize(("fields", "wanted"), [(WILD, "wild"), (OPEN, None)], ids=["another", "none"])
def test_an_object_that_changes_with_its_definition_has_the_new_default(
    makes: Desk, group: str, late: int, fields: dict[str, Any], wanted: str | None
) -> None:
    """My push changes a default, or drops it, and an object: what is green has the default that a fresh one gets."""
    makes.deploy(document(gadgets(group, CALM)) + gadget(group, size=1))
    assert mode(makes, group) == "calm"
    text = document(gadgets(group, fields)) + gadget(group, size=2)
    changes = behind(makes, group, late, wanted).deploy(text)
    assert mode(makes, group) == wanted
    assert actions(changes)["one"] == "configured"
    assert set(actions(makes.deploy(text)).values()) == {"unchanged"}


@pytest.mark.parametrize("late", [1, 3])
def test_an_object_that_comes_with_a_changed_definition_has_the_new_default(makes: Desk, group: str, late: int) -> None:
    """So has one that my push brings."""
    first = document(gadgets(group, CALM)) + gadget(group, size=1)
    makes.deploy(first)
    two = gadget(group, size=2).replace("name: one", "name: two")
    text = document(gadgets(group, WILD)) + gadget(group, size=1) + two
    changes = behind(makes, group, late, "wild").deploy(text)
    assert mode(makes, group, "two") == "wild"
    assert actions(changes)["two"] == "created"


def test_what_an_api_server_never_follows_is_noted(makes: Desk, group: str) -> None:
    """It does not catch up: nobody waits for ever, nothing is red for it, and I read which defaults may be old."""
    makes.deploy(document(gadgets(group, CALM)) + gadget(group, size=1))
    one = behind(makes, group, FOR_EVER, "wild")
    waited = {(f"gadgets.{group}", generation): time.monotonic() - 11 for generation in range(9)}
    late = replace(one, cluster=replace(one.cluster, lags=Lags(waited)))
    changes = late.deploy(document(gadgets(group, WILD)) + gadget(group, size=2))
    words = f"the defaults may be those of before: CustomResourceDefinition/gadgets.{group} was not followed yet"
    assert words in notes(changes.changes, "one")


def test_who_lost_its_lane_waits_for_no_default(makes: Desk, group: str) -> None:
    """Another worker goes on: this one waits for no API server."""
    makes.deploy(document(gadgets(group, CALM)) + gadget(group, size=1))
    one = behind(makes, group, FOR_EVER, "wild")

    def may_write() -> None:
        if any("fills in" in line for line in one.said):
            raise LeaseLost("another worker goes on")

    with pytest.raises(LeaseLost):
        replace(one, may_write=may_write).deploy(document(gadgets(group, WILD)) + gadget(group, size=2))


def test_many_objects_do_not_ask_for_a_definition_each(makes: Desk, group: str) -> None:
    """Twenty objects of a kind with defaults come: their definition, which rests, is not read for each."""
    makes.deploy(document(gadgets(group, CALM)))
    cluster, audit = audited(makes.cluster)
    many = "".join(gadget(group, size=1).replace("name: one", f"name: g{number}") for number in range(20))
    one = replace(makes, cluster=replace(cluster, lags=Lags()))
    one.deploy(document(gadgets(group, CALM)) + many)
    read = [each for each in audit.asked if each == f"GET {PATH}/gadgets.{group}"]
    assert len(read) < 20


def test_many_objects_do_not_ask_for_a_changed_definition_each(makes: Desk, group: str) -> None:
    """So do twenty objects that come with a change of their definition."""
    makes.deploy(document(gadgets(group, CALM)))
    cluster, audit = audited(makes.cluster)
    many = "".join(gadget(group, size=1).replace("name: one", f"name: g{number}") for number in range(20))
    replace(makes, cluster=cluster).deploy(document(gadgets(group, WILD)) + many)
    assert mode(makes, group, "g19") == "wild"
    read = [each for each in audit.asked if each == f"GET {PATH}/gadgets.{group}"]
    assert len(read) < 20


@dataclass
class Admitting(Passing):
    """The line to an API server whose webhook gives each gadget that it admits a mode, and keeps the one that is there.

    Nobody owns what a webhook adds to an apply.
    """

    group: str
    mints: Callable[[], str]
    kept: str = ""

    def send(self, method: str, path: str, query: Any, *rest: Any, **more: Any) -> Reply:
        """Send a request; what comes of it has its mode."""
        reply = super().send(method, path, query, *rest, **more)
        if f"/{self.group}/" not in path or method not in ("POST", "PATCH"):
            return reply
        made = json.loads(reply.content)
        self.kept = self.kept or (self.mints() if method == "PATCH" else "")
        made["spec"]["mode"] = self.kept if method == "PATCH" else self.mints()
        return replace(reply, content=json.dumps(made).encode())


@pytest.mark.parametrize(
    "mints", [lambda: "imposed", lambda: uuid4().hex], ids=["always the same", "another each time"]
)
def test_what_a_webhook_fills_in_is_no_default_of_before(makes: Desk, group: str, mints: Callable[[], str]) -> None:
    """My push changes a definition, and a webhook sets a field of my object: nobody waits for that, or writes again."""
    makes.deploy(document(gadgets(group, SIZE)))
    cluster, audit = audited(put(makes.cluster, Admitting(makes.cluster.line, group, mints)))
    one = replace(makes, cluster=cluster, said=[])
    changes = one.deploy(document(gadgets(group, OPEN)) + gadget(group, size=2))
    assert len([each for each in audit.asked if each.startswith("PATCH") and each.endswith("/gadgets/one")]) == 1
    assert not [line for line in one.said if "fills in" in line]
    assert "may be those of before" not in notes(changes.changes, "one")


def test_what_a_webhook_makes_for_each_is_no_reason_to_write_again(makes: Desk, group: str) -> None:
    """Somebody else changed the definition, so nobody knows the one before: what differs each time is no default."""
    for fields in (SIZE, OPEN):
        somebody_has(makes, gadgets(group, fields))
    until(lambda: discovered(makes, group), what="the kind")
    cluster, audit = audited(put(makes.cluster, Admitting(makes.cluster.line, group, lambda: uuid4().hex)))
    replace(makes, cluster=cluster).deploy(gadget(group, size=2))
    assert len([each for each in audit.asked if each.startswith("PATCH") and each.endswith("/gadgets/one")]) == 1


NESTED = {
    "type": "object",
    "properties": {
        "a": {"type": "object", "default": {}, "properties": {"b": {"type": "string", "default": "x"}}},
        "c": {"type": "array", "items": {"type": "object", "properties": {"d": {"type": "integer", "default": 1}}}},
        "e": {"type": "object", "additionalProperties": {"type": "object", "properties": {"f": {"default": True}}}},
        "g": {"type": "string", "default": "y", "nullable": True},
        "h": {"type": "string", "default": "z"},
    },
}


@pytest.mark.parametrize(
    ("given", "got"),
    [
        ({}, {"a": {"b": "x"}, "g": "y", "h": "z"}),
        ({"a": {"b": "mine"}, "g": None, "h": None}, {"a": {"b": "mine"}, "g": None, "h": "z"}),
        ({"c": [{}, {"d": 2}]}, {"a": {"b": "x"}, "c": [{"d": 1}, {"d": 2}], "g": "y", "h": "z"}),
        ({"e": {"k": {}}}, {"a": {"b": "x"}, "e": {"k": {"f": True}}, "g": "y", "h": "z"}),
    ],
)
def test_a_definition_fills_in_as_the_api_server_does(given: dict[str, Any], got: dict[str, Any]) -> None:
    """Within what a default brings, in each item and under each key; a null is filled in where none may stand."""
    assert filled(given, NESTED) == got
