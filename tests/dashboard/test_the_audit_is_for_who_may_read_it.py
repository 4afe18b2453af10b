"""Who may not read a repository reads nothing of it in the audit; who signed in is for administrators alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from pushboat.model.api_token import Role
from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.reach import EVERYTHING, Reach, reach_of
from pushboat.routing import Answer
from pushboat.store import api_tokens, audit
from tests.dashboard.signing_in import OTHER, SHOP, Room, opened
from tests.fakes.accounts import Accounts

ROUTE = "/api/v1/audit"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A show room where ada may write to the shop, bob reads the other one, and eve administers Pushboat."""
    accounts = Accounts()
    accounts.permissions = {("acme/shop", "ada"): "write", ("acme/other", "bob"): "read"}
    with opened(tmp_path, accounts, {"forge": "github", "admins": ["eve"]}) as showing:
        yield showing
    accounts.door.close()


def items(answer: requests.Response) -> list[dict[str, Any]]:
    """Read a page of the API."""
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def by_token(room: Room, reach: Reach, role: Role = Role.DEPLOYER, query: str = "") -> list[dict[str, Any]]:
    """Ask with a token of this reach."""
    store = room.door.store
    secret = api_tokens.create(store, f"t{len(api_tokens.listed(store))}", reach, role, 3600.0, "root")[1]
    headers = {"Authorization": f"Bearer {secret}"}
    answer = requests.get(f"{room.door.url}{ROUTE}{query}", headers=headers, timeout=60)
    assert secret not in answer.text
    return items(answer)


def test_people_read_what_is_of_their_repositories(room: Room) -> None:
    """Neither names, nor reasons, nor numbers of another one, by page and API, also where they ask for just that."""
    ada, bob = room.sign_in("ada"), room.sign_in("bob")
    assert {each["repository"] for each in items(ada.get(ROUTE))} == {SHOP}
    assert {each["repository"] for each in items(bob.get(ROUTE))} == {OTHER}
    for query in (f"?repository={SHOP}", "?who=ada&repository=github/Acme/Shop"):
        assert items(bob.get(f"{ROUTE}{query}")) == []
    page = bob.get(f"/audit?repository={SHOP}").text
    assert 'id="entry-' not in page
    assert "No entry fits." in page
    assert "acme/other" in bob.get("/audit").text
    assert items(room.sign_in("cyd").get(ROUTE)) == []


def test_who_signed_in_is_for_administrators(room: Room) -> None:
    """eve reads who came and went; to ada it is said that there is more, and who sees it."""
    ada, eve = room.sign_in("ada"), room.sign_in("eve")
    assert [each["who"] for each in items(eve.get(f"{ROUTE}?word=log in"))] == ["eve", "ada"]
    assert "log in" in eve.get("/audit").text
    assert "Not shown to you" not in eve.get("/audit").text
    assert items(ada.get(f"{ROUTE}?word=log in")) == []
    assert "Not shown to you: who signed in" in ada.get("/audit").text


@pytest.mark.parametrize("role", list(Role))
def test_no_token_reads_who_signed_in(room: Room, role: Role) -> None:
    """Not even one for everything: what is about no repository is for people who administer Pushboat."""
    room.sign_in("ada")
    found = by_token(room, EVERYTHING, role)
    assert {each["repository"] for each in found} == {SHOP, OTHER}
    assert by_token(room, EVERYTHING, role, "?word=log in") == []


def test_a_lesser_token_reads_less(room: Room) -> None:
    """One repository's is not shown another's, one environment's no other's."""
    ask = Ask(word="lock", who="ada", source=Source.COMMENT, repository=SHOP, environment="production")
    with room.door.store.writing() as tx:
        audit.append(tx, ask, 0, Answer(verdict=AskVerdict.REFUSED, reason="no"), None)
    assert {each["repository"] for each in by_token(room, reach_of(OTHER))} == {OTHER}
    assert by_token(room, reach_of(OTHER), query=f"?repository={SHOP}") == []
    found = by_token(room, reach_of(SHOP, "production"))
    assert {each["environment"] for each in found} == {"production"}
    assert by_token(room, reach_of(SHOP, "production"), query="?environment=staging") == []


def test_i_page_through_all_of_it(room: Room) -> None:
    """`next` leads on with the filters that I began with, until it is null; nothing is given twice or left out."""
    ask = Ask(word="lock", who="ada", source=Source.COMMENT, repository=SHOP, environment="staging")
    with room.door.store.writing() as tx:
        for _ in range(7):
            audit.append(tx, ask, 0, Answer(verdict=AskVerdict.REFUSED, reason="no"), None)
    ada, path, seen = room.sign_in("ada"), f"{ROUTE}?word=lock&verdict=refused&limit=3", []
    while path:
        answer = ada.get(path)
        seen.append([each["id"] for each in items(answer)])
        path = answer.links.get("next", {}).get("url", "")
    assert [len(each) for each in seen] == [3, 3, 1]
    whole = [number for each in seen for number in each]
    assert whole == sorted(set(whole), reverse=True)
