"""Through the API a token for deployers asks for what the command line could, within its reach; nothing else may."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from pushboat.config.pages import Access, Pages
from pushboat.model.api_token import Role
from pushboat.model.ask import Source
from pushboat.model.reach import EVERYTHING, Reach, reach_of
from pushboat.queue.bell import Bell
from pushboat.store import api_tokens, deliveries
from tests.fresh_store import fresh_store
from tests.receiving.front_door import PUBLIC_URL, FrontDoor, make_operator, open_front_door

SHOP, PASSWORD = "github/acme/shop", "password of the pages"
DEPLOY = {"word": "deploy", "repository": SHOP, "environment": "staging"}


@pytest.fixture(params=[Access.OPEN, Access.PASSWORD, Access.HIDDEN])
def door(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[FrontDoor]:
    """A front door, whatever its pages are shown to."""
    operator = make_operator(tmp_path)
    store = fresh_store(operator.state)
    with open_front_door(replace(operator, pages=Pages(access=request.param, password=PASSWORD)), store) as opened:
        yield opened
    store.close()


def token(door: FrontDoor, reach: Reach = EVERYTHING, role: Role = Role.DEPLOYER) -> dict[str, str]:
    """Make one, as the headers that bring it."""
    name = f"{role} {reach}"
    return {"Authorization": f"Bearer {api_tokens.create(door.store, name, reach, role, 3600.0, 'root')[1]}"}


def ask(door: FrontDoor, headers: dict[str, str], form: Any) -> requests.Response:
    """Ask for something."""
    return requests.post(f"{door.url}/api/v1/asks", json=form, headers=headers, timeout=60)


def test_an_ask_is_taken_and_leads_where_those_of_the_command_line_do(door: FrontDoor) -> None:
    """It is stored before it is answered, the dispatcher is woken, and the delivery says who asked."""
    headers = token(door, reach_of("github/Acme/Shop", "staging"))
    with Bell(door.database.parent) as bell:
        taken = ask(door, headers, DEPLOY)
        assert bell.wait(60)
    number = taken.json()["delivery"]
    assert (taken.status_code, taken.headers["Location"]) == (202, f"{PUBLIC_URL}/api/v1/deliveries/{number}")
    row = deliveries.find(door.store, number)
    assert row is not None
    (kept,) = row.asks
    assert (kept.word, kept.repository, kept.environment, kept.source) == ("deploy", SHOP, "staging", Source.API)
    assert kept.who.startswith("token deployer")
    followed = requests.get(f"{door.url}/api/v1/deliveries/{number}", headers=headers, timeout=60)
    assert (followed.status_code, followed.json()["asks"][0]["source"]) == (200, "api")


def test_nobody_else_is_heard(door: FrontDoor) -> None:
    """No token, a wrong one, a viewer's, the password, a signature: refused, and nothing is stored."""
    basic = requests.post(f"{door.url}/api/v1/asks", json=DEPLOY, auth=("ada", PASSWORD), timeout=60)
    assert basic.status_code in (401, 403)
    for headers, code in (
        ({}, (401, 403)),
        ({"Authorization": "Bearer pushboat_wrong"}, (401,)),
        ({"X-Pushboat-Forge": "git", "X-Pushboat-Signature-256": "sha256=00"}, (401, 403)),
        (token(door, role=Role.VIEWER), (403,)),
    ):
        refused = ask(door, headers, DEPLOY)
        assert refused.status_code in code
        assert refused.headers["Content-Type"] == "application/problem+json"
    assert deliveries.listed(door.store) == []


@pytest.mark.parametrize(
    ("change", "code", "parameter"),
    [
        ({"environment": "production"}, 404, ""),
        ({"repository": "github/acme/other"}, 404, ""),
        ({"environment": "nowhere"}, 404, ""),
        ({"word": "approve"}, 400, "word"),
        ({"word": "destroy"}, 400, "word"),
        ({"word": ["deploy"]}, 400, "word"),
        ({"environment": ""}, 400, "environment"),
        ({"environment": "staging\n"}, 400, "environment"),
        ({"who": "ada"}, 400, "who"),
        ({"arguments": {"sha": "1a2b3c4"}}, 400, "arguments"),
        ({"arguments": {"prune": "yes"}}, 400, "arguments"),
        ({"word": "rollback", "arguments": {"break_glass": "now"}}, 400, "arguments"),
        ({"word": "rollback", "arguments": {"release": 3}}, 400, "arguments"),
        ({"word": "rollback", "arguments": {"reason": "a\nb"}}, 400, "arguments"),
        ({"word": "rollback", "arguments": {"reason": "a" * 201}}, 400, "arguments"),
        ({"arguments": {"x": "y" * 70_000}}, 413, ""),
    ],
)
def test_what_is_out_of_reach_or_cannot_be_meant_is_refused(
    door: FrontDoor, change: dict[str, Any], code: int, parameter: str
) -> None:
    """A token asks for its own environment, by words that are its; no commit of a fork, no broken glass."""
    refused = ask(door, token(door, reach_of(SHOP, "staging")), {**DEPLOY, **change})
    assert (refused.status_code, refused.json().get("parameter", "")) == (code, parameter)
    assert deliveries.listed(door.store) == []


def test_only_json_is_an_ask(door: FrontDoor) -> None:
    """What a form of a page somewhere could send is none."""
    headers = token(door)
    for kind, body in (("text/plain", b"{}"), ("application/x-www-form-urlencoded", b"word=deploy")):
        url = f"{door.url}/api/v1/asks"
        refused = requests.post(url, data=body, headers={**headers, "Content-Type": kind}, timeout=60)
        assert refused.status_code == 415
    for body in (b"", b"[]", b"{", b'"deploy"', b"{}"):
        refused = requests.post(
            f"{door.url}/api/v1/asks", data=body, headers={**headers, "Content-Type": "application/json"}, timeout=60
        )
        assert refused.status_code == 400
    assert deliveries.listed(door.store) == []
