"""Each address that there is, held against everybody who may come: to whom it is not open it tells nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import requests
from flask import Flask

from dashboard.app import create_app
from pushboat.config.operator import Operator
from pushboat.config.pages import Access, Pages
from pushboat.model.release import Render
from pushboat.model.state import State
from pushboat.sealing import Key
from pushboat.store import lanes, release_records
from pushboat.store.database.engine import Store
from pushboat.store.ending import finish
from tests.dashboard.signing_in import SHOP, Room, opened
from tests.fakes.accounts import CLIENT_SECRET, Accounts
from tests.fakes.issuer import FakeIssuer
from tests.pages.ledger import Ledger
from tests.receiving.front_door import OLD_SECRET, SECRET, FrontDoor, open_front_door
from tests.trust.doors import FOR_PEOPLE, RECEIVING, SHOWN, Row
from tests.trust.visitors import Visitor, nobody, people, programs, rules
from webhook.app import create_app as receiving

SEES_THE_SHOP = ("viewer", "deployer", "elsewhere", "job", "ada", "eve")
OURS, OTHERS = "acme/shop", "acme/other"
READS = ("GET", "HEAD")


@pytest.fixture
def issuer() -> Iterator[FakeIssuer]:
    """Who signs tokens of jobs."""
    running = FakeIssuer()
    yield running
    running.close()


@pytest.fixture
def room(tmp_path: Path, accounts: Accounts, issuer: FakeIssuer) -> Iterator[Room]:
    """A show room with rules on jobs."""
    with opened(tmp_path, accounts, {"forge": "github"}, rules(issuer)) as opening:
        released(opening.door.store)
        yield opening


def released(store: Store) -> None:
    """Let staging have its first two releases, with their records."""
    ledger = Ledger(store, numbers=count(0x900))
    for said in ("1", "2"):
        claim = lanes.claim(store, ledger.queued().id, "worker")
        assert claim
        assert finish(store, claim, State.SUCCEEDED, "healthy", render=Render(contents={}, packed=b"", said=said))
    release_records.sign_due(store, Key("the installation's own key"))


def asked(room: Room, visitors: Mapping[str, Visitor]) -> None:
    """Let the viewer's token have asked the first question."""
    assert visitors["viewer"].ask(room.door.url, SHOWN["POST /api/v1/questions"]).json() == {"question": 1}


def addresses(app: Flask) -> set[str]:
    """Name every address of an app by each of its methods."""
    rules, beside = app.url_map.iter_rules(), {"HEAD", "OPTIONS"}
    return {f"{method} {rule.rule}" for rule in rules for method in (rule.methods or set()) - beside}


def test_every_address_stands_in_the_table(room: Room) -> None:
    """Whoever adds a route says in `doors.py` who gets which answer there, or this is red."""
    operator, store = room.operator, room.door.store
    assert addresses(create_app(operator, store)) == {*SHOWN, *FOR_PEOPLE}
    assert addresses(create_app(replace(operator, login=None), store)) == {*SHOWN}
    assert addresses(receiving(operator, store, lambda: None)) == {*RECEIVING}


def shut(row: Row) -> int:
    """Give the answer to who is not let in where people sign in: programs are refused, people sent to sign in."""
    return 401 if row.path.startswith(("/api/", "/metrics")) or row.method not in READS else 303


def holds_nothing_of(said: requests.Response, row: Row, names: tuple[str, ...], secrets: tuple[str, ...]) -> bool:
    """Say whether an answer tells of none of these, beside repeating what it was asked for."""
    text = said.text.replace(row.path, "").replace(f'placeholder="{SHOP}"', "")
    for each in (SHOP, f"&#39;{SHOP}&#39;", "%2F".join(SHOP.split("/"))):
        text = text.replace(each, "") if each in str(row) and said.status_code in (303, 404) else text
    told = " ".join((text, *(value for name, value in said.headers.items() if name != "Set-Cookie")))
    if said.status_code == 303:
        names = ()  # it leads to what was asked for
    return not [each for each in (*names, *secrets) if each in told]


def foreign(name: str) -> tuple[str, ...]:
    """Name the repositories that somebody may not see."""
    if name in SEES_THE_SHOP:
        return (OTHERS,)
    return (OURS,) if name in ("other", "stranger", "bob") else (OURS, OTHERS)


def test_each_door_opens_to_whom_it_is_for(room: Room, issuer: FakeIssuer) -> None:
    """To nobody else, by no token, session, job or signature; and no answer holds a secret or another's name."""
    visitors = {**programs(room, issuer), **people(room), **nobody(room, issuer)}
    asked(room, visitors)
    wrong = list(looked_at({**SHOWN, **FOR_PEOPLE}, visitors, room.door.url, shut, secrets_of(room, visitors)))
    assert not wrong, "\n".join(map(str, wrong))[:4000]


def secrets_of(room: Room, visitors: Mapping[str, Visitor]) -> tuple[str, ...]:
    """Give all that no answer may have in it."""
    shown = [secret for each in visitors.values() for secret in each.secrets if len(secret) > 8]
    return (SECRET, OLD_SECRET, CLIENT_SECRET, "pushboats-own-at-the-forge", *room.accounts.tokens, *shown)


def looked_at(
    table: Mapping[str, Row], visitors: Mapping[str, Visitor], url: str, shut: object, secrets: tuple[str, ...]
) -> Iterator[tuple[str, str, object]]:
    """Send everybody to every door, and give what is not as the table has it."""
    for address, row in table.items():
        for name, visitor in visitors.items():
            said = visitor.ask(url, row)
            usual = row.open or shut(row)  # type: ignore[operator]  # a function of rows
            wanted = row.codes.get(name, usual)
            if said.status_code != wanted and not (row.open and said.status_code == 429):
                yield address, name, (said.status_code, wanted)
            elif not holds_nothing_of(said, row, foreign(name), secrets):
                yield address, name, said.text


def test_no_other_method_is_a_way_in(room: Room, issuer: FakeIssuer) -> None:
    """What is shut is shut by each method, also by those that nobody wrote a route for."""
    for name, visitor in nobody(room, issuer).items():
        for address, row in {**SHOWN, **FOR_PEOPLE}.items():
            for method in () if row.open else ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"):
                said = visitor.ask(room.door.url, row, method)
                assert said.status_code in (401, 303), (name, address, method)
                assert said.status_code == 401 or method == "HEAD"


@pytest.mark.parametrize(
    "pages",
    [Pages(access=Access.HIDDEN), Pages(access=Access.PASSWORD, password="known to some")],
    ids=lambda pages: str(pages.access),
)
def test_without_a_login_the_same_doors_are_shut(room: Room, issuer: FakeIssuer, pages: Pages) -> None:
    """Where pages are hidden, or behind a password, tokens, jobs and signatures open the same doors of the API."""
    visitors = {**programs(room, issuer), **nobody(room, issuer)}
    asked(room, visitors)
    operator: Operator = replace(room.operator, login=None, pages=pages)
    with open_front_door(operator, room.door.store) as door:
        wrong = [
            each
            for each in looked_at(SHOWN, visitors, door.url, lambda _row: 401, (pages.password or "-" * 9,))
            if not (isinstance(each[2], tuple) and each[2] == (403, 401))
        ]
        assert not wrong, "\n".join(map(str, wrong))[:4000]
        assert knows(door, pages.password) == (200 if pages.password else 403)


def knows(door: FrontDoor, password: str) -> int:
    """Ask for a page with a password."""
    return requests.get(f"{door.url}/deployments/1", auth=("any", password), timeout=60).status_code


def test_a_token_for_one_environment_hears_of_no_other(room: Room, issuer: FakeIssuer) -> None:
    """Neither in lists nor in figures nor in a comparison: of the same repository it sees production alone."""
    elsewhere = programs(room, issuer)["elsewhere"]
    for address, row in SHOWN.items():
        if "elsewhere" in row.codes and row.codes["elsewhere"] == 200:
            said = elsewhere.ask(room.door.url, row).text
            assert "staging" not in said, address
    assert "production" in elsewhere.ask(room.door.url, SHOWN["GET /metrics"]).text
