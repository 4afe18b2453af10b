"""On a page I read what going back would change before I confirm it; without JavaScript, too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from pushboat.model.question import Told
from pushboat.queue.bell import Bell
from pushboat.store import deliveries, questions
from tests.dashboard.signing_in import OTHER, SHOP, Browser, Room, opened
from tests.fakes.accounts import Accounts

FORESEEN = Told(form={"release": 1}, said=(("", "staging goes back to <b>release 1</b>: 1 to change"),))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """ada and eve may write to the shop, bob read it."""
    there = Accounts()
    there.permissions = {("acme/shop", name): "write" for name in ("ada", "eve")} | {("acme/shop", "bob"): "read"}
    with opened(tmp_path, there, {"forge": "github"}) as opening:
        yield opening
    there.door.close()


def begin(browser: Browser, **more: str) -> str:
    """Choose a release, and give the page that one is led to."""
    form = {"form_token": browser.token(), "place": f"{SHOP}/staging", "release": "1", "reason": "it <crashes>", **more}
    led = browser.post("/rollbacks", form)
    assert led.status_code == 303, led.text
    return led.headers["Location"]


def confirmed(browser: Browser, page: str) -> dict[str, str]:
    """Give what the page's own form would send."""
    form = page.partition('action="/asks"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    return {**fields, "form_token": browser.token()}


def test_what_would_change_is_read_and_then_asked_for(room: Room) -> None:
    """The page waits for a worker, shows its answer, and its button asks for the release that was shown."""
    ada = room.sign_in("ada")
    before = deliveries.listed(room.door.store, limit=1)[0].id
    with Bell(room.operator.state) as bell:
        where = begin(ada, release="")
        assert bell.wait(60)
    waiting = ada.get(where).text
    assert 'http-equiv="refresh"' in waiting
    assert "Roll back without knowing" in waiting
    held = questions.claim(room.door.store, "dev")
    assert held
    assert (held.word, dict(held.arguments), held.asker.token) == ("rollback", {"reason": "it <crashes>"}, 0)
    assert questions.answer(room.door.store, held, FORESEEN)
    shown = ada.get(where).text
    assert 'http-equiv="refresh"' not in shown
    assert "staging goes back to &lt;b&gt;release 1&lt;/b&gt;: 1 to change" in shown
    assert deliveries.listed(room.door.store, limit=1)[0].id == before
    asked = ada.post("/asks", {**confirmed(ada, shown), "reason": "it <crashes>"})
    assert asked.status_code == 303, asked.text
    ((ask, _),) = deliveries.listed(room.door.store, limit=1)[0].answered
    assert (ask.word, ask.who, dict(ask.arguments)) == ("rollback", "ada", {"release": "1", "reason": "it <crashes>"})


def test_nobody_answers_and_i_go_back_all_the_same(room: Room) -> None:
    """In a bad hour the cluster may be what is down: I am told, and not kept."""
    ada = room.sign_in("ada")
    where = begin(ada)
    with room.door.store.writing() as tx:
        tx.change(sa.text("UPDATE question SET asked_at = asked_at - 100"))
    shown = ada.get(where).text
    assert "is not known: nobody has answered" in shown
    assert 'http-equiv="refresh"' not in shown
    assert confirmed(ada, shown)["release"] == "1"


def test_what_cannot_be_gone_back_to_has_no_button(room: Room) -> None:
    """The answer says why."""
    ada = room.sign_in("ada")
    where = begin(ada, release="77")
    held = questions.claim(room.door.store, "dev")
    assert held
    questions.answer(room.door.store, held, Told(code=1, said=(("✗", "staging has no release 77"),)))
    shown = ada.get(where).text
    assert "staging has no release 77" in shown
    assert 'action="/asks"' not in shown


def test_nobody_else_reads_it_or_asks(room: Room) -> None:
    """Another deployer, a reader, somebody who is not signed in, a form of somebody else's."""
    ada, eve, bob = (room.sign_in(name) for name in ("ada", "eve", "bob"))
    where = begin(ada)
    assert eve.get(where).status_code == 404
    assert bob.get(where).status_code == 404
    assert bob.post("/rollbacks", {"form_token": bob.token(), "place": f"{SHOP}/staging"}).status_code == 403
    assert ada.post("/rollbacks", {"place": f"{SHOP}/staging"}).status_code == 403
    for form, code in (({"place": f"{OTHER}/staging"}, 404), ({"place": f"{SHOP}/staging", "reason": "a" * 201}, 400)):
        assert ada.post("/rollbacks", {"form_token": ada.token(), **form}).status_code == code
    ada.jar.cookies.clear()
    assert ada.get(where).status_code in (303, 401)
