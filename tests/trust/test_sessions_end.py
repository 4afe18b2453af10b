"""Who signed in stays so for a while: age, idleness, signing out and another login end it, also what they watch."""

from dataclasses import replace

import pytest
import requests
import sqlalchemy as sa
from flask import g

from dashboard import seeing
from dashboard.app import create_app
from pushboat.model.person import Person
from pushboat.store import sessions
from pushboat.store.database.token_tables import sessions as table
from tests.dashboard.signing_in import Room


def look(room: Room, secret: str, path: str = "/deployments/1") -> int:
    """Look at a page with a session's cookie, and give the answer's code."""
    cookies = {"pushboat-session": secret}
    return requests.get(room.door.url + path, cookies=cookies, allow_redirects=False, timeout=60).status_code


def aged(room: Room, **moments: float) -> None:
    """Let the sessions that there are be older, in seconds."""
    with room.door.store.writing() as tx:
        tx.change(sa.update(table), **{name: tx.now - seconds for name, seconds in moments.items()})


def secret_of(room: Room) -> str:
    """Sign ada in, and give what her browser shows."""
    secret = str(room.sign_in("ada").jar.cookies["pushboat-session"])
    assert look(room, secret) == 200
    return secret


def test_a_session_ends_by_its_age(room: Room) -> None:
    """Twelve hours, however busy somebody is."""
    secret = secret_of(room)
    lasted = sessions.LASTS
    aged(room, began_at=lasted - 60, seen_at=0, expires_at=-60)
    assert look(room, secret) == 200
    aged(room, began_at=lasted + 1, seen_at=0, expires_at=1)
    assert look(room, secret) == 303
    assert look(room, secret, "/api/v1/deployments") == 401


def test_a_session_ends_by_idleness(room: Room) -> None:
    """Four hours without a look; a look within them begins them anew."""
    secret = secret_of(room)
    aged(room, seen_at=sessions.IDLE - 60)
    assert look(room, secret) == 200
    found = sessions.find(room.door.store, secret)
    assert found is not None
    assert room.door.store.now() - found.seen_at < 60
    aged(room, seen_at=sessions.IDLE + 1)
    assert look(room, secret) == 303


@pytest.mark.parametrize(
    "person",
    [
        Person(realm="gitea", subject="1", name="ada", at_forge=True),
        Person(realm="sso.example.org", subject="1", name="ada", at_forge=False, groups=frozenset({"admins"})),
        Person(realm="github", subject="1", name="ada", at_forge=False, groups=frozenset({"admins"})),
    ],
    ids=lambda person: f"{person.realm} {person.at_forge}",
)
def test_a_session_of_another_login_is_nobodys(room: Room, person: Person) -> None:
    """After the operator names another forge, its ada may be somebody else than the one who signed in before."""
    _, secret = sessions.begin(room.door.store, person)
    assert look(room, secret) == 303
    assert look(room, secret, "/login") == 200, "and is asked to sign in, not led on"
    assert look(room, secret, "/api/v1/deployments") == 401


def test_who_signs_out_is_told_no_more(room: Room) -> None:
    """What they watched ends with the next look at it, as with a token that was revoked."""
    ada = room.sign_in("ada")
    secret = ada.jar.cookies["pushboat-session"]
    app = create_app(room.operator, room.door.store)
    asked = app.test_request_context("/api/v1/deployments/1/events", headers={"Cookie": f"pushboat-session={secret}"})
    with asked:
        assert app.preprocess_request() is None
        assert g.session.person.name == "ada"
        lasting = seeing.lasting(room.door.store)
    assert lasting()
    assert ada.post("/logout", {"form_token": ada.token()}).status_code == 303
    assert not lasting()


def test_who_watches_without_signing_in_is_told_on(room: Room) -> None:
    """Where pages are open, nothing ends what is watched but time."""
    app = create_app(replace(room.operator, login=None), room.door.store)
    with app.test_request_context("/api/v1/deployments/1/events"):
        assert seeing.lasting(room.door.store)()


def test_who_lost_a_repository_reads_no_answer_about_it(room: Room) -> None:
    """Also not to the question that they asked while they might: what a rollback would change."""
    ada = room.sign_in("ada")
    begun = ada.post("/rollbacks", {"form_token": ada.token("/"), "place": f"{room.shop}/staging"})
    assert begun.status_code == 303
    where, cookie = begun.headers["Location"], ada.jar.cookies["pushboat-session"]
    assert ada.get(where).status_code == 200
    room.accounts.permissions["acme/shop", "ada"] = "none"
    later = create_app(room.operator, room.door.store).test_client()  # one that asks the forge anew
    later.set_cookie("pushboat-session", cookie)
    assert later.get(where).status_code == 404
