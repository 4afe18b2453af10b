"""GitLab is an issuer and a forge: the name by which it is asked for permissions comes from what it signed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pushboat.store import sessions
from tests.dashboard.signing_in import Browser, Room, opened
from tests.fakes.accounts import OTHER_KEY, name_of_lie
from tests.fakes.gitlab_accounts import GitLabAccounts


@pytest.fixture
def gitlab() -> Iterator[GitLabAccounts]:
    """A GitLab where ada may write to the shop, and admin everything."""
    there = GitLabAccounts()
    there.permissions = {("acme/shop", "ada"): "write", ("acme/shop", "admin"): "admin"}
    yield there
    there.door.close()


@pytest.fixture
def room(tmp_path: Path, gitlab: GitLabAccounts) -> Iterator[Room]:
    """Its show room."""
    with opened(tmp_path, gitlab, {"forge": "gitlab"}) as opening:
        yield opening


@pytest.mark.parametrize("in_token", [True, False])
def test_its_nickname_is_who_it_asks_for(room: Room, gitlab: GitLabAccounts, in_token: bool) -> None:
    """Newer ones write it into the token, older ones tell it to whoever brings that; a full name counts for nothing."""
    gitlab.in_token = in_token
    ada = room.sign_in("ada")
    found = sessions.find(room.door.store, ada.jar.cookies["pushboat-session"])
    assert found is not None
    assert (found.person.name, found.person.subject) == ("ada", str(gitlab.number("ada")))
    assert (found.person.realm, found.person.at_forge, found.person.groups) == ("gitlab", True, frozenset())
    assert ada.get(f"/repositories/{room.shop}").status_code == 200


@pytest.mark.parametrize(
    "lie",
    [
        {"claims": {"nickname": "admin\n"}},
        {"claims": {"nickname": ["admin"]}},
        {"claims": {"nickname": "../admin"}},
        {"claims": {"nickname": "ad min"}},
        {"claims": {"nonce": "another"}},
        {"claims": {"aud": "another"}},
        {"claims": {"aud": ["pushboat-here", "another"], "azp": "another"}},
        {"claims": {"iss": "https://gitlab.com"}},
        {"claims": {"exp": 1}},
        {"claims": {"sub": None}},
        {"key": OTHER_KEY},
        {"header": {"alg": "none"}},
        {"header": {"alg": "HS256", "kid": "one"}},
    ],
    ids=name_of_lie,
)
def test_what_gitlab_did_not_sign_so_is_nobody(room: Room, gitlab: GitLabAccounts, lie: dict[str, Any]) -> None:
    """A name that is none, another nonce, audience, issuer or key."""
    for name, value in lie.items():
        setattr(gitlab, name, value)
    browser = Browser(room)
    assert browser.through().status_code == 403
    assert "pushboat-session" not in browser.jar.cookies


def test_the_answer_about_an_account_is_about_the_one_that_was_signed(room: Room, gitlab: GitLabAccounts) -> None:
    """Where the token has no nickname, /oauth/userinfo must speak of the same number."""
    gitlab.in_token = False
    gitlab.claims = {"sub": "4711"}
    assert Browser(room).through().status_code == 403


def test_other_letters_are_another_account(room: Room, gitlab: GitLabAccounts) -> None:
    """GitLab finds a user in any letters; only who is written so to the letter is asked about."""
    gitlab.claims = {"nickname": "ADMIN"}
    browser = room.sign_in("mallory")
    assert browser.get(f"/repositories/{room.shop}").status_code == 404


def test_a_membership_that_counts_no_more_shows_nothing(room: Room, gitlab: GitLabAccounts) -> None:
    """Its end has passed, the account is blocked, or the invitation waits still."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    for number, said in enumerate(
        ({"expires_at": yesterday}, {"state": "blocked"}, {"membership_state": "awaiting"}, {"locked": True})
    ):
        name = f"former{number}"
        gitlab.permissions["acme/shop", name] = "write"
        gitlab.memberships[name] = said
        assert room.sign_in(name).get(f"/repositories/{room.shop}").status_code == 404, said
