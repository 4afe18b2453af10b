"""A token for deployers has a delivery done again, where it could have led to that by itself; nobody else may."""

from dataclasses import replace

import pytest
import requests

from pushboat.events import Event, EventKind
from pushboat.model.api_token import Role
from pushboat.model.ask import Ask, Source
from pushboat.model.reach import EVERYTHING, Reach, reach_of
from pushboat.queue.bell import Bell
from pushboat.store import api_tokens, audit, deliveries
from tests.receiving.front_door import PUBLIC_URL, FrontDoor

SHOP = "github/acme/shop"
PUSH = Event(kind=EventKind.PUSH, action="updated", repository="acme/shop", ref="refs/heads/main", sha="a" * 40)
DEPLOY = Ask(word="deploy", who="token ci", source=Source.API, repository=SHOP, environment="staging")


def headers(door: FrontDoor, reach: Reach = EVERYTHING, role: Role = Role.DEPLOYER) -> dict[str, str]:
    """Make a token, as the headers that bring it."""
    made = api_tokens.create(door.store, f"{role} {reach.only}", reach, role, 3600.0, "root")
    return {"Authorization": f"Bearer {made[1]}"}


def replay(door: FrontDoor, number: int, headers: dict[str, str]) -> requests.Response:
    """Ask for it."""
    return requests.post(f"{door.url}/api/v1/deliveries/{number}/replay", headers=headers, timeout=60)


def test_a_push_is_done_again(door: FrontDoor) -> None:
    """It is stored before I am answered, the dispatcher is woken, and who wanted it is written down."""
    old = deliveries.accept(door.store, "github", "d-1", PUSH).id
    mine = headers(door, reach_of("github/Acme/Shop"))
    with Bell(door.database.parent) as bell:
        taken = replay(door, old, mine)
        assert bell.wait(60)
    new = taken.json()["delivery"]
    assert (taken.status_code, taken.headers["Location"]) == (202, f"{PUBLIC_URL}/api/v1/deliveries/{new}")
    row = deliveries.find(door.store, new)
    assert row
    assert (row.replayed, row.event.sha) == (True, "a" * 40)
    newest = audit.listed(door.store, asked=True)[0]
    assert (newest.word, newest.who.startswith("token deployer"), newest.source) == ("replay", True, Source.API)
    assert newest.reason == f"delivery {old} goes again as {new}"


def test_what_a_token_asked_for_is_done_again(door: FrontDoor) -> None:
    """An ask is one, as long as a token could ask for it."""
    event = Event(kind=EventKind.ASK, action="deploy", repository="acme/shop", author="token ci")
    old = deliveries.accept(door.store, "github", "ask-1", event, asked=(DEPLOY,)).id
    assert replay(door, old, headers(door)).status_code == 202


@pytest.mark.parametrize(
    ("kind", "ask"),
    [
        (EventKind.ASK, replace(DEPLOY, word="approve", source=Source.COMMAND)),
        (EventKind.ASK, replace(DEPLOY, arguments={"sha": "1a2b3c4"}, source=Source.COMMAND)),
        (EventKind.ASK, replace(DEPLOY, arguments={"break_glass": "customers cannot order"}, source=Source.COMMAND)),
        (EventKind.ASK, replace(DEPLOY, word="destroy", source=Source.COMMAND)),
        (EventKind.COMMENT, replace(DEPLOY, number=7, source=Source.COMMENT)),
        (EventKind.COMMENT, replace(DEPLOY, word="approve", number=7, source=Source.COMMENT)),
        (EventKind.REVIEW, None),
    ],
)
def test_what_is_not_a_tokens_to_ask_is_not_done_again(door: FrontDoor, kind: EventKind, ask: Ask | None) -> None:
    """An approval, a commit by name, a broken glass stay with the person who asked; I read where it can be done."""
    event = Event(kind=kind, action="created", repository="acme/shop", number=7)
    old = deliveries.accept(door.store, "github", "d-1", event, asked=(ask,) if ask else ()).id
    refused = replay(door, old, headers(door))
    assert (refused.status_code, refused.headers["Content-Type"]) == (409, "application/problem+json")
    assert f"`pushboat deliveries replay {old}` on the server's machine" in refused.json()["detail"]
    assert len(deliveries.listed(door.store)) == 1


def test_nobody_else_is_heard(door: FrontDoor) -> None:
    """No token, a wrong one, a viewer's, one for another repository or one environment: nothing is stored."""
    old = deliveries.accept(door.store, "github", "d-1", PUSH).id
    for shown, code in (
        ({}, 401),
        ({"Authorization": "Bearer pushboat_wrong"}, 401),
        (headers(door, role=Role.VIEWER), 403),
        (headers(door, reach_of("github/acme/other")), 404),
        (headers(door, reach_of(SHOP, "staging")), 404),
    ):
        assert replay(door, old, shown).status_code == code
    assert replay(door, 99, headers(door)).status_code == 404
    assert len(deliveries.listed(door.store)) == 1


def test_what_was_rejected_cannot_be_done_again(door: FrontDoor) -> None:
    """Nothing of it was stored, and the refusal says so."""
    old = deliveries.reject(door.store, "github", "10.0.0.1", "a wrong signature")
    refused = replay(door, old, headers(door))
    assert (refused.status_code, "was rejected" in refused.json()["detail"]) == (409, True)
