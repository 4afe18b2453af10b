"""People sign in with GitHub, GitLab and Gitea alike: the code flow, who sees what, who may ask, teams and groups."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.store import deliveries
from tests.dashboard.signing_in import Browser, Room, opened
from tests.fakes.accounts import Accounts, query_of
from tests.fakes.gitea_accounts import GiteaAccounts
from tests.fakes.gitlab_accounts import GitLabAccounts

TEAM = "@acme/ops"
"""Of GitHub a team of an organisation, of GitLab a group within a group."""


FORGES = {"github": Accounts, "gitlab": GitLabAccounts, "gitea": GiteaAccounts}


@pytest.fixture(params=FORGES)
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """A show room of each forge: ada may write to the shop, ria read it, bob the other one; a team deploys the shop."""
    there = FORGES[request.param]()
    there.permissions = {
        ("acme/shop", "ada"): "write",
        ("acme/shop", "ria"): "read",
        ("acme/shop", "eve"): "admin",
        ("acme/other", "bob"): "read",
    }
    there.teams = {TEAM: {"ria", "dan"}}
    with opened(tmp_path, there, {"forge": request.param}, deployers=(TEAM, "admin")) as opening:
        yield opening
    there.door.close()


def asks(room: Room) -> int:
    """Count what was asked for."""
    return len(deliveries.listed(room.door.store))


def ask(room: Room, browser: Browser, place: str = "") -> int:
    """Ask for a deployment on a page; give the answer's code."""
    form = {"form_token": browser.token("/"), "word": "deploy", "place": place or f"{room.shop}/staging"}
    return browser.post("/asks", form).status_code


def test_the_way_there_and_back(room: Room) -> None:
    """PKCE and state; what comes back names the account by the forge's word, and signs it in with its own number."""
    browser = Browser(room)
    asked = query_of(browser.start(f"/repositories/{room.shop}"))
    assert (asked["code_challenge_method"], asked["response_type"]) == ("S256", "code")
    assert len(asked["state"]) == 64
    assert ("nonce" in asked, "openid" in asked.get("scope", "")) == (room.kind != "github",) * 2
    back = browser.through(f"/repositories/{room.shop}")
    assert (back.status_code, back.headers["Location"]) == (303, f"/repositories/{room.shop}")
    assert "ada" in browser.get(f"/repositories/{room.shop}").text
    assert browser.jar.cookies["pushboat-session"] not in room.accounts.tokens


def test_everybody_sees_what_they_may_read_there(room: Room) -> None:
    """Of another repository neither pages nor rows of the API, and not that there is one."""
    ada, bob, dan = room.sign_in("ada"), room.sign_in("bob"), room.sign_in("dan")
    for path, foreign in ((room.shop, bob), (room.other, ada)):
        for page in (f"/repositories/{path}", f"/environments/{path}/staging"):
            assert foreign.get(page).status_code == dan.get(page).status_code == 404
    for browser, seen in ((ada, {room.shop}), (bob, {room.other}), (dan, set())):
        listed = browser.get("/api/v1/deployments").json()["items"]
        assert {each["repository"] for each in listed} == seen
        assert browser.get("/").status_code == 200


def test_a_teams_members_deploy_while_they_are_members(room: Room) -> None:
    """By the forge's word of that moment: a member who may read, not one who may not, and nobody else but by level."""
    ada, ria, dan, eve = (room.sign_in(name) for name in ("ada", "ria", "dan", "eve"))
    before = asks(room)
    assert ask(room, ada) == 403, "to write is not enough where the file names a team"
    assert ask(room, dan) == 404, "a member of the team who may not read the repository"
    assert asks(room) == before
    assert ask(room, ria) == 303
    assert ask(room, eve) == 303
    assert asks(room) == before + 2
    room.accounts.teams[TEAM].discard("ria")
    assert ask(room, ria) == 403
    assert ask(room, eve, f"{room.other}/staging") == 404
    assert asks(room) == before + 2


def test_who_is_in_the_team_but_lost_the_repository_is_refused(room: Room) -> None:
    """What a page showed a moment ago is no leave: the question to the forge is asked before anything is stored."""
    ria = room.sign_in("ria")
    assert ria.get(f"/environments/{room.shop}/staging").status_code == 200
    token = ria.token("/")
    before = asks(room)
    del room.accounts.permissions[("acme/shop", "ria")]
    form = {"form_token": token, "word": "deploy", "place": f"{room.shop}/staging"}
    assert ria.post("/asks", form).status_code == 403
    assert asks(room) == before


def test_a_forge_that_does_not_say_has_nothing_done(room: Room) -> None:
    """An ask on a page is not taken on trust."""
    ria = room.sign_in("ria")
    token, before = ria.token("/"), asks(room)
    room.accounts.door.close()
    form = {"form_token": token, "word": "deploy", "place": f"{room.shop}/staging"}
    assert ria.post("/asks", form).status_code == 503
    assert asks(room) == before
