"""On pages people ask for what they may at the forge at that moment; forms work without JavaScript."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.model.ask import Source
from pushboat.queue.bell import Bell
from pushboat.store import audit, deliveries
from tests.dashboard.signing_in import OTHER, SHOP, Room, opened
from tests.fakes.accounts import Accounts

STAGING = f"/environments/{SHOP}/staging"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """ada may write to the shop, bob read it, eve everything there."""
    there = Accounts()
    there.permissions = {
        ("acme/shop", name): level for name, level in (("ada", "write"), ("bob", "read"), ("eve", "admin"))
    }
    with opened(tmp_path, there, {"forge": "github"}) as opening:
        yield opening
    there.door.close()


def newest(room: Room) -> int:
    """Give the number of the newest delivery."""
    return deliveries.listed(room.door.store, limit=1)[0].id


@pytest.mark.parametrize("word", ["deploy", "cancel", "rollback"])
def test_a_deployer_asks_and_is_led_to_what_becomes_of_it(room: Room, word: str) -> None:
    """The ask has the person's name, and the dispatcher is woken."""
    ada = room.sign_in("ada")
    form = {"form_token": ada.token(), "word": word, "place": f"{SHOP}/staging", "release": "1", "reason": "it crashes"}
    assert "Do something here" in ada.get(STAGING).text
    with Bell(room.operator.state) as bell:
        taken = ada.post("/asks", form)
        assert bell.wait(60)
    assert (taken.status_code, taken.headers["Location"]) == (303, f"/deliveries/{newest(room)}")
    row = deliveries.find(room.door.store, newest(room))
    assert row is not None
    (ask,) = row.asks
    assert (ask.word, ask.who, ask.source, ask.repository, ask.environment) == (
        word,
        "ada",
        Source.PAGE,
        SHOP,
        "staging",
    )
    assert dict(ask.arguments) == ({"release": "1", "reason": "it crashes"} if word == "rollback" else {})
    assert ada.get(taken.headers["Location"]).status_code == 200


def test_nobody_else_is_heard(room: Room) -> None:
    """Who only reads, who lost the right just now, another repository's, no token, no session: nothing is stored."""
    ada, bob = room.sign_in("ada"), room.sign_in("bob")
    before = newest(room)
    form = {"word": "deploy", "place": f"{SHOP}/staging"}
    refused = bob.post("/asks", {**form, "form_token": bob.token()})
    assert (refused.status_code, "bob may not deploy staging" in refused.text) == (403, True)
    assert "Do something here" not in bob.get(STAGING).text
    assert ada.post("/asks", form).status_code == 403
    token = ada.token()
    assert ada.post("/asks", {**form, "form_token": token, "place": f"{OTHER}/staging"}).status_code == 404
    for word in ("approve", "destroy", "", "unlock"):
        assert ada.post("/asks", {**form, "form_token": token, "word": word}).status_code == 400
    room.accounts.permissions[("acme/shop", "ada")] = "read"
    assert ada.post("/asks", {**form, "form_token": token}).status_code == 403
    ada.jar.cookies.clear()
    assert ada.post("/asks", {**form, "form_token": token}).status_code == 401
    assert newest(room) == before


def test_an_administrator_replays_a_delivery(room: Room) -> None:
    """And nobody lesser does."""
    ada, eve = room.sign_in("ada"), room.sign_in("eve")
    assert "Replay this delivery" in eve.get("/deliveries/1").text
    assert "Replay this delivery" not in ada.get("/deliveries/1").text
    before = newest(room)
    assert ada.post("/deliveries/1/replay", {"form_token": ada.token()}).status_code == 403
    assert newest(room) == before
    done = eve.post("/deliveries/1/replay", {"form_token": eve.token()})
    assert (done.status_code, done.headers["Location"]) == (303, f"/deliveries/{newest(room)}")
    assert newest(room) > before
    said = audit.listed(room.door.store, limit=1, asked=True)[0]
    assert (said.word, said.who.endswith("eve")) == ("replay", True)
