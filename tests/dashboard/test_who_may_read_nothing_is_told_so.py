"""Who may read no repository reads so, and what to do; a search narrows to what one may see before it is cut."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from pushboat.model.state import Kind, State
from pushboat.reading.searching import MOST_FOUND
from pushboat.store import heads
from tests.dashboard.signing_in import SHOP, Room, opened
from tests.fakes.accounts import Accounts
from tests.pages.ledger import Ledger


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A show room of a forge where ada may write to one repository and cyd may read none."""
    accounts = Accounts()
    accounts.permissions = {("acme/shop", "ada"): "write", ("acme/shop", "cyd"): "none"}
    with opened(tmp_path, accounts, {"forge": "github"}) as showing:
        yield showing
    accounts.door.close()


def test_who_may_read_no_repository_is_told_what_to_do(room: Room) -> None:
    """I signed in and may read nothing: the page says as whom, whom to ask for what, and when that counts."""
    page = room.sign_in("cyd").get("/").text
    assert "You may read none of the repositories that Pushboat deploys" in page
    assert "cyd" in page
    assert "read access" in page
    assert "Sign out" in page
    assert "No environment is set up yet" not in page
    assert "operator&#39;s file" not in page
    assert "pushboat.yaml" not in page
    for path in ("/deliveries", "/search?q=shop"):
        assert "You may read none of the repositories" in room.sign_in("cyd").get(path).text


def test_who_may_read_one_is_not_told_so(room: Room) -> None:
    """Whoever sees something sees that, also where a filter leaves nothing."""
    ada = room.sign_in("ada")
    for path in ("/", "/?q=nowhere", "/deliveries", "/search?q=nowhere"):
        assert "You may read none of the repositories" not in ada.get(path).text


def test_a_search_is_narrowed_before_it_is_cut(room: Room) -> None:
    """Forty branches, commits and pull requests of others that fit as well do not push mine off the page."""
    store = room.door.store
    numbers = count(900)
    for number in range(MOST_FOUND + 10):
        hidden = Ledger(store, repository=f"aaa/r{number:02}", numbers=numbers)
        heads.record(store, f"github/aaa/r{number:02}", {"refs/heads/summer": "beef" + "0" * 36})
        hidden.ended(State.SUCCEEDED, "would change nothing", kind=Kind.PLAN, number=77)
    mine = Ledger(store, numbers=count(1))
    heads.record(store, SHOP, {"refs/heads/summer": "beef" + "1" * 36})
    mine.ended(State.SUCCEEDED, "would change nothing", kind=Kind.PLAN, number=77)
    for number in range(MOST_FOUND + 10):
        Ledger(store, repository="acme/other", numbers=count(2000 + number)).ended(State.SUCCEEDED, "done")
    ada = room.sign_in("ada")
    assert "beef" + "1" * 36 in ada.get("/search?q=summer").text
    for typed in ("#77", "0000"):
        answer = ada.get(f"/search?q={typed.replace('#', '%23')}")
        assert SHOP in answer.text + answer.headers.get("Location", ""), typed
        assert "aaa/" not in answer.text


def test_who_is_signed_out_is_not_told_that_there_is_no_news(room: Room) -> None:
    """A page that is still open after its reader signed out is led to the door, whatever it has seen."""
    ada = room.sign_in("ada")
    seen = re.search(r'data-renews="([0-9-]+)"', ada.get("/").text)
    assert seen
    said = {"If-None-Match": f'"{seen[1]}"'}
    assert ada.get("/", headers=said).status_code in (200, 304)
    ada.post("/logout", {"form_token": ada.token("/")})
    assert ada.get("/", headers=said).status_code == 303
