"""Whatever somebody's issuer or forge answers while they sign in, they are told a sentence, and nobody is signed in."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dashboard.signing_in import Browser, Room, opened
from tests.fakes.accounts import Accounts

ANYTHING = {
    "nothing": "",
    "a page": "<html>down for maintenance</html>",
    "null": "null",
    "a number": "7",
    "a text": '"keys"',
    "a list": "[]",
    "an empty object": "{}",
    "depth": "[" * 100_000,
    "depth of objects": '{"a":' * 30_000,
    "no number": '{"keys": NaN}',
    "a large number": '{"keys": 1e999}',
    "keys that are texts": '{"keys": ["one"], "access_token": ["x"], "sub": ["x"]}',
    "keys that are none": '{"keys": [null], "access_token": null, "id_token": null}',
    "keys of nothing": '{"keys": [{}], "access_token": "x", "id_token": "y"}',
    "a key of odd parts": '{"keys": [{"kty": "RSA", "n": 7, "e": []}], "access_token": {}, "id_token": {}}',
    "a key without end": json.dumps({"keys": [{"kty": "RSA", "kid": "one", "n": "A" * 200_000, "e": "AQAB"}]}),
    "a curve that is none": '{"keys": [{"kty": "EC", "crv": "P-0", "x": "AA", "y": "AA", "kid": "one"}]}',
    "a secret": '{"keys": [{"kty": "oct", "k": "AAAA", "kid": "one"}]}',
    "half a pair": '{"keys": "\\ud800", "login": "\\ud800", "sub": "\\ud800", "issuer": "\\ud800"}',
    "very much": json.dumps({"keys": [], "padding": "x" * 400_000}),
}


@pytest.fixture(params=["github", "issuer"])
def room(request: pytest.FixtureRequest, tmp_path: Path, accounts: Accounts) -> Iterator[Room]:
    """A show room for each way to sign in."""
    login = {"forge": "github"} if request.param == "github" else {"issuer": accounts.url, "viewers": ["team"]}
    with opened(tmp_path, accounts, login) as opening:
        yield opening


@pytest.mark.parametrize(
    "path", ["/.well-known/openid-configuration", "/login/oauth/access_token", "/keys", "/userinfo", "/api/user"]
)
@pytest.mark.parametrize("half", [0, 1])  # of one address so many may try
def test_it_is_told_and_nobody_is_signed_in(room: Room, accounts: Accounts, path: str, half: int) -> None:
    """At each address that is asked on the way there and back, anything at all."""
    accounts.claims = {"preferred_username": None} if path == "/userinfo" else {}
    asked = 0
    for name, said in list(ANYTHING.items())[half::2]:
        browser = Browser(room)
        accounts.says = {}
        if path.startswith("/.well"):
            accounts.says = {path: said}
        answer = browser.get("/login/start")
        if answer.status_code == 303:
            way = accounts.sign_in(answer.headers["Location"])
            accounts.says = {path: said}
            answer = browser.get(way)
        asked += sum(each.path.partition("?")[0] == path for each in accounts.door.requests)
        if asked:
            assert answer.status_code in (403, 503), name
            assert "pushboat-session" not in browser.jar.cookies, name
