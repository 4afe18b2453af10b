"""People sign in with a forge or an issuer, and nobody gets in by anything less than that."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Response

from dashboard.app import create_app
from dashboard.login.cookies import Cookies
from dashboard.login.permissions import Permissions
from pushboat.forges.table import client_of
from pushboat.model.ask import Source
from pushboat.model.person import Person, digest
from pushboat.model.reach import NOTHING
from pushboat.store import audit
from tests.dashboard.signing_in import OTHER, SHOP, Browser, Room, opened
from tests.fakes.accounts import CLIENT_SECRET, OTHER_KEY, SHORT_KEY, Accounts, name_of_lie, query_of

WAYS: dict[str, dict[str, Any]] = {"github": {"forge": "github"}, "issuer": {"viewers": ["team"]}}


@pytest.fixture
def accounts() -> Iterator[Accounts]:
    """A place where people sign in: ada may write to the shop, bob reads the other one, cyd nothing."""
    there = Accounts(groups=["team"])
    there.permissions = {
        ("acme/shop", "ada"): "write",
        ("acme/other", "bob"): "read",
        ("acme/shop", "eve"): "admin",
        ("acme/shop", "cyd"): "none",
    }
    yield there
    there.door.close()


@pytest.fixture(params=WAYS)
def room(request: pytest.FixtureRequest, tmp_path: Path, accounts: Accounts) -> Iterator[Room]:
    """A show room for each way to sign in."""
    way = WAYS[request.param]
    with ExitStack() as stack:
        yield stack.enter_context(
            opened(tmp_path, accounts, way if "forge" in way else {"issuer": accounts.url, **way})
        )


@pytest.fixture
def issued(tmp_path: Path, accounts: Accounts) -> Iterator[Room]:
    """A show room with an issuer of OpenID Connect."""
    with opened(tmp_path, accounts, {"issuer": accounts.url, **WAYS["issuer"]}) as room:
        yield room


@pytest.fixture
def github(tmp_path: Path, accounts: Accounts) -> Iterator[Room]:
    """A show room with a forge."""
    with opened(tmp_path, accounts, WAYS["github"]) as room:
        yield room


def test_whoever_signs_in_comes_to_the_page_that_they_wanted(room: Room) -> None:
    """They are sent to sign in, there and back, see the page, who they are, and a way out that ends it."""
    browser = Browser(room)
    sent = browser.get("/environments/github/acme/shop/staging")
    assert (sent.status_code, sent.headers["Location"]) == (
        303,
        "/login?next=%2Fenvironments%2Fgithub%2Facme%2Fshop%2Fstaging",
    )
    assert "Sign in with" in browser.get(sent.headers["Location"]).text
    assert browser.get("/api/v1/deployments").status_code == 401
    back = browser.through("/environments/github/acme/shop/staging")
    assert (back.status_code, back.headers["Location"]) == (303, "/environments/github/acme/shop/staging")
    page = browser.get(back.headers["Location"])
    assert page.status_code == 200
    assert "Signed in as" in page.text
    assert browser.get("/api/v1/deployments").json()["items"]
    cookies = dict(browser.jar.cookies)
    out = browser.post("/logout", {"form_token": browser.token()})
    assert (out.status_code, out.headers["Location"]) == (303, "/login?out=yes")
    assert browser.get("/").status_code == 303
    again = requests.get(room.door.url + "/", cookies=cookies, allow_redirects=False, timeout=60)
    assert again.status_code == 303, "the cookie of a session that was ended opens nothing"
    told = [(each.word, each.source) for each in audit.listed(room.door.store, asked=True)]
    assert told[:2] == [("log out", Source.PAGE), ("log in", Source.PAGE)]


def test_a_session_is_a_digest_and_a_cookie_out_of_reach(room: Room) -> None:
    """The store has no cookie, no secret, no token; the cookie is HttpOnly, Lax, for this host, and new each time."""
    browser = room.sign_in()
    first = browser.jar.cookies["pushboat-session"]
    assert not room.door.stored(first)
    assert not room.door.stored(CLIENT_SECRET)
    assert not [each for each in room.accounts.tokens if room.door.stored(each)]
    answer = browser.through()
    said = next(each for each in answer.raw.headers.getlist("Set-Cookie") if each.startswith("pushboat-session="))
    assert all(word in said for word in ("HttpOnly", "SameSite=Lax", "Path=/"))
    second = browser.jar.cookies["pushboat-session"]
    assert second != first
    stale = requests.get(room.door.url, cookies={"pushboat-session": first}, allow_redirects=False, timeout=60)
    assert stale.status_code == 303
    for wrong in ("", "x", first[:-1], f"{second}x", digest(second), "ä"):
        sent = requests.get(
            room.door.url, headers={"Cookie": f"pushboat-session={wrong}".encode()}, allow_redirects=False, timeout=60
        )
        assert sent.status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": ""},
        {"state": "f" * 64},
        {"code": ""},
        {"code": "made-up"},
        {"error": "access_denied"},
        {"iss": "https://evil.example.org"},
    ],
    ids=str,
)
def test_an_answer_that_is_not_to_our_question_signs_nobody_in(room: Room, wrong: dict[str, str]) -> None:
    """State missing or another's, no code, a made-up one, a refusal, another issuer's word."""
    browser = Browser(room)
    back = query_of(room.accounts.sign_in(browser.start()))
    answer = browser.get("/login/callback", params={**back, **wrong})
    assert answer.status_code in (400, 403)
    assert "Sign in with" in answer.text
    assert "pushboat-session" not in browser.jar.cookies
    assert browser.get("/").status_code == 303


def test_what_was_begun_elsewhere_ends_here_for_nobody(room: Room) -> None:
    """A stranger's way back in my browser, mine in a stranger's, and the same way twice sign nobody in."""
    mine, stranger = Browser(room), Browser(room)
    ways = [room.accounts.sign_in(each.start()) for each in (mine, stranger)]
    assert mine.get(ways[1]).status_code == 400, "login CSRF: a stranger's account in my browser"
    assert Browser(room).get(ways[0]).status_code == 400
    third = Browser(room)
    way = room.accounts.sign_in(third.start())
    cookies = dict(third.jar.cookies)
    assert third.get(way).status_code == 303
    assert third.get(way).status_code == 400
    assert requests.get(way, cookies=cookies, allow_redirects=False, timeout=60).status_code == 403, (
        "the code counts once"
    )


@pytest.mark.parametrize(
    "way",
    [
        "//evil.example.org",
        "https://evil.example.org",
        "/\\evil.example.org",
        "/ /evil",
        "javascript:x",
        "/login",
        "\n//x",
    ],
)
def test_nobody_is_led_elsewhere(github: Room, way: str) -> None:
    """What does not stay here leads to the first page."""
    back = Browser(github).through(way)
    assert (back.status_code, back.headers["Location"]) == (303, "/")


@pytest.mark.parametrize(
    "lie",
    [
        {"claims": {"nonce": "another"}},
        {"claims": {"nonce": None}},
        {"claims": {"aud": "another"}},
        {"claims": {"aud": ["pushboat-here", "another"], "azp": "another"}},
        {"claims": {"iss": "https://evil.example.org"}},
        {"claims": {"exp": 1}},
        {"claims": {"exp": None}},
        {"claims": {"iat": None}},
        {"claims": {"sub": None}},
        {"claims": {"nbf": 9999999999}},
        {"header": {"alg": "none"}},
        {"header": {"alg": "HS256", "kid": "one"}},
        {"key": OTHER_KEY},
        {"key": SHORT_KEY, "published": SHORT_KEY},
        {"header": {"alg": "RS256", "kid": "two"}},
    ],
    ids=name_of_lie,
)
def test_a_token_that_is_not_the_issuers_for_us_now_is_nobodys(issued: Room, lie: dict[str, Any]) -> None:
    """Another nonce, audience, issuer or key, expired, unsigned, or signed with what everybody knows."""
    for name, value in lie.items():
        setattr(issued.accounts, name, value)
    browser = Browser(issued)
    answer = browser.through()
    assert answer.status_code == 403
    assert "pushboat-session" not in browser.jar.cookies


@pytest.mark.parametrize(
    ("lies", "word"),
    [
        ({"issuer": "https://evil.example.org"}, "calls itself"),
        ({"authorization_endpoint": "http://evil.example.org/"}, "without https"),
        ({"token_endpoint": None}, ""),
        ({"issuer": None}, "calls itself"),
    ],
)
def test_an_issuer_that_is_another_is_not_asked(issued: Room, lies: dict[str, Any], word: str) -> None:
    """Its own document must name the address that the operator wrote, and people sign in by https."""
    issued.accounts.lies = lies
    browser = Browser(issued)
    answer = browser.get("/login/start")
    if answer.status_code == 303:
        answer = browser.get(issued.accounts.sign_in(answer.headers["Location"]))
    assert answer.status_code == 403
    assert word in answer.text


def test_only_the_issuers_own_host_is_asked(issued: Room) -> None:
    """A document that sends our secret elsewhere is refused with what the operator does."""
    elsewhere = Accounts()
    try:
        issued.accounts.lies = {"token_endpoint": f"{elsewhere.url}/login/oauth/access_token"}
        answer = Browser(issued).through()
        assert (answer.status_code, "hosts" in answer.text) == (403, True)
        assert elsewhere.door.requests == []
    finally:
        elsewhere.door.close()


def test_a_forge_that_is_away_is_said_and_who_is_in_stays(room: Room) -> None:
    """Nobody new comes in, in a sentence; who is signed in goes on looking."""
    browser = room.sign_in()
    assert browser.get("/").status_code == 200
    waiting = Browser(room)
    way = room.accounts.sign_in(waiting.start())
    room.accounts.door.close()
    answer = waiting.get(way)
    assert (answer.status_code, "does not answer" in answer.text, "Retry-After" in answer.headers) == (503, True, True)
    assert browser.get("/").status_code == 200


def test_one_address_tries_so_often(github: Room) -> None:
    """Then it waits; others do not."""
    codes = [Browser(github).get("/login/start").status_code for _ in range(35)]
    assert codes.count(303) >= 30
    assert codes[-1] == 429
    assert Browser(github).get("/login").status_code == 200


def test_who_may_not_read_a_repository_sees_nothing_of_it(github: Room) -> None:
    """Home, lists, search, commits, deliveries, API and streams: what is not theirs is 404, as if it never was."""
    ada, bob, cyd = github.sign_in("ada"), github.sign_in("bob"), github.sign_in("cyd")
    for path in every_page():
        for browser, foreign in ((ada, "acme/other"), (bob, "acme/shop"), (cyd, "acme/")):
            answer = browser.get(path)
            assert answer.status_code in (200, 302, 404), path
            said = answer.text.replace(path, "").replace('placeholder="github/acme/shop"', "")
            assert foreign not in said, path
    for path, mine in ((f"/repositories/{SHOP}", ada), (f"/repositories/{OTHER}", bob)):
        codes = [each.get(path).status_code for each in (ada, bob, cyd)]
        assert codes == [200 if each is mine else 404 for each in (ada, bob, cyd)]
    hidden, never = bob.get("/deployments/1").text, bob.get("/deployments/999").text
    assert hidden.replace("deployment 1 ", "N") == never.replace("deployment 999 ", "N")
    assert ada.get("/deployments/1").status_code == 200


def every_page() -> list[str]:
    """Name pages and addresses of the API, with each number that there may be."""
    lists = ["/", "/deliveries", "/search?q=staging", "/search?q=000", "/api/v1/", "/api/v1/environments"]
    lists += ["/api/v1/deployments", "/api/v1/deliveries"]
    rows = [f"/{kind}/{number}" for kind in ("deployments", "plans", "deliveries") for number in range(1, 10)]
    api = [f"/api/v1{row}" for row in rows if "plans" not in row]
    more = [
        f"/api/v1/deployments/{number}/{part}"
        for number in range(1, 7)
        for part in ("whole", "changes", "progress", "events")
    ]
    return [*lists, *rows, *api, *more]


def test_a_form_of_another_page_does_nothing(github: Room) -> None:
    """Without its token, with another session's, or from another site, a form is refused and nobody is signed out."""
    ada, bob = github.sign_in("ada"), github.sign_in("bob")
    token = ada.token()
    for form, headers in (
        ({}, {}),
        ({"form_token": ""}, {}),
        ({"form_token": bob.token()}, {}),
        ({"form_token": token}, {"Origin": "https://evil.example.org"}),
        ({"form_token": token}, {"Origin": "null"}),
        ({"form_token": token}, {"Sec-Fetch-Site": "cross-site"}),
        ({"form_token": token}, {"Sec-Fetch-Site": "same-site"}),
    ):
        assert ada.post("/logout", form, **headers).status_code == 403
    assert ada.get("/").status_code == 200
    assert ada.jar.post(f"{github.door.url}/api/v1/asks", json={"word": "deploy"}, timeout=60).status_code == 401
    ours = {"Origin": github.operator.public_url, "Sec-Fetch-Site": "same-origin"}
    assert ada.post("/logout", {"form_token": token}, **ours).status_code == 303


def test_behind_https_cookies_are_this_hosts_alone() -> None:
    """Secure, and with the prefix by which browsers take them from no other host and no plain connection."""
    cookies = Cookies(secure=True)
    response = Response()
    cookies.give(response, "pushboat-session", "x", 60.0)
    said = response.headers["Set-Cookie"]
    assert said.startswith("__Host-pushboat-session=x;")
    assert all(word in said for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"))
    assert "Domain" not in said


def test_whoever_loses_a_permission_loses_what_it_showed(tmp_path: Path, accounts: Accounts) -> None:
    """At the next question; a forge that is away shows what it said last, and a person of another forge nothing."""
    with opened(tmp_path, accounts, WAYS["github"]) as room:
        login = room.operator.login
        assert login is not None
        forge = client_of(room.operator.forges["github"])
        ada = Person(realm="github", subject="1", name="ada", at_forge=True)
        asked = Permissions(room.operator, login, lambda: forge)
        assert dict(asked.of(ada).levels) == {SHOP: "write"}
        accounts.permissions[("acme/shop", "ada")] = "none"
        assert asked.of(ada).levels, "an answer counts for some minutes"
        assert Permissions(room.operator, login, lambda: forge).of(ada).reach == NOTHING
        assert not asked.may(ada, SHOP, ("write",)), "before something is done it is asked anew"


def test_every_route_is_shut_to_who_is_not_signed_in(github: Room) -> None:
    """Each address that there is, by each method: to nobody, to a made-up session and to one that is over."""
    ada = github.sign_in("ada")
    form = {"form_token": ada.token()}
    over = ada.jar.cookies["pushboat-session"]
    assert ada.post("/logout", form).status_code == 303
    app = create_app(github.operator, github.door.store)
    shut = 0
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(("/login", "/static", "/healthz", "/readyz", "/webhooks")):
            continue
        path = re.sub(r"<int[^>]*>", "1", re.sub(r"<path:[^>]*>", f"{SHOP}/staging", rule.rule))
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            for cookies in ({}, {"pushboat-session": "x" * 43}, {"pushboat-session": over}):
                url = github.door.url + path
                answer = requests.request(method, url, data=form, cookies=cookies, allow_redirects=False, timeout=60)
                sent = answer.status_code == 303 and answer.headers["Location"].startswith("/login")
                assert sent or answer.status_code == 401, (method, path)
                assert "shop" not in answer.text or sent, (method, path)
                shut += 1
    assert shut > 60
    assert requests.get(f"{github.door.url}/readyz", timeout=60).json() == {"ready": True}
