"""A program that went wrong, or whoever has its token, asks for so much and no more."""

import pytest
import requests

from pushboat.model.api_token import Role
from pushboat.model.reach import EVERYTHING
from pushboat.store import api_tokens, deliveries
from tests.dashboard.signing_in import SHOP, Room
from webhook.tries import MOST_ASKS

DEPLOY = {"word": "deploy", "repository": SHOP, "environment": "staging"}


def ask(room: Room, secret: str, path: str = "asks") -> requests.Response:
    """Ask with a token."""
    url, headers = f"{room.door.url}/api/v1/{path}", {"Authorization": f"Bearer {secret}"}
    forms = {"asks": DEPLOY, "plans": {}}
    return requests.post(url, json=forms.get(path), headers=headers, timeout=60)


def newest(room: Room) -> int:
    """Give the number of the newest delivery."""
    return deliveries.listed(room.door.store, limit=1)[0].id


@pytest.fixture
def wild(room: Room) -> str:
    """A token that has asked for all that it may in five minutes."""
    secret = api_tokens.create(room.door.store, "wild", EVERYTHING, Role.DEPLOYER, 3600.0, "root")[1]
    asked = 0
    while ask(room, secret).status_code == 202:
        asked += 1
    assert MOST_ASKS <= asked < 2 * MOST_ASKS, "some come back while they are spent"
    return secret


def test_a_token_asks_so_often(room: Room, wild: str) -> None:
    """Then nothing of it is stored, by either address, and another token and people are heard."""
    for path in ("asks", "deliveries/1/replay", "plans"):
        before, codes = newest(room), [ask(room, wild, path) for _ in range(20)]
        refused = [each for each in codes if each.status_code == 429]
        assert len(refused) > len(codes) / 2
        assert {each.headers["Retry-After"] for each in refused} == {"10"}
        assert newest(room) == before + len(codes) - len(refused)
    other = api_tokens.create(room.door.store, "calm", EVERYTHING, Role.DEPLOYER, 3600.0, "root")[1]
    assert ask(room, other).status_code == 202
    ada = room.sign_in("ada")
    form = {"form_token": ada.token("/"), "word": "deploy", "place": f"{SHOP}/staging"}
    assert ada.post("/asks", form).status_code == 303
