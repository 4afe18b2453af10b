"""With a browser people follow a deployment, find why it failed, narrow what they see, and ask for what they may."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pushboat.config import operator as operator_file
from pushboat.model.changeset import ChangeSet
from pushboat.model.container_log import ContainerLog, written
from pushboat.model.question import Told
from pushboat.model.state import State
from pushboat.store import deliveries, lanes, progress_lines, questions
from pushboat.store.database.engine import Store, open_store
from pushboat.store.ending import finish
from pushboat.store.progress_lines import Line
from tests.browser.looking import PHONE, WIDE, opened
from tests.browser.showing import Shown
from tests.dashboard.signing_in import SHOP
from tests.pages.ledger import Ledger
from tests.receiving.web_process import prepare, served, showing
from tests.until import until

pytestmark = pytest.mark.proof  # it takes a Chromium

LOG = ContainerLog(pod="web-1", container="web", lines=("listening", "no database at db:5432"), previous=True)
PATIENCE = 60_000


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An operator's file on a free port, and a store with its tables."""
    return prepare(tmp_path)


@pytest.fixture
def store(config: Path) -> Iterator[Store]:
    """The store that the processes read."""
    known = open_store("", operator_file.load(config, os.environ).state)
    yield known
    known.close()


def test_i_watch_a_deployment_until_i_know_which_line_says_why_it_failed(
    browser: Browser, config: Path, store: Store
) -> None:
    """The open page tells each step by itself; when it ends I read the reason, and the log's line, without a click."""
    made = Ledger(store).queued()
    with served(config) as (_, url), showing(config), opened(browser) as tab:
        page = tab.page
        page.goto(url)
        page.get_by_role("link", name=made.sha[:7]).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(made.sha[:7])
        claim = lanes.claim(store, made.id, "worker")
        assert claim
        expect(page.locator(".hero .badge")).to_have_text("running", timeout=PATIENCE)
        page.evaluate("window.here = true")
        for text in ("checked out deploy/staging", "applying 3 objects"):
            progress_lines.record(store, [Line(deployment=made.id, phase="apply", text=text)])
            expect(page.locator("#lines")).to_contain_text(text, timeout=PATIENCE)
            expect(page.locator("#latest")).to_have_text(text)
        assert page.evaluate("window.here"), "the page told of both steps and was not loaded again"
        reason = "Deployment/shop/web: pod web-1 crashes"
        said = ChangeSet(()).counts
        assert finish(store, claim, State.FAILED, reason, details="", logs=written([LOG]), counts=said, changes=())
        expect(page.locator("#latest")).to_have_text(reason, timeout=PATIENCE)
        logs = page.get_by_role("region", name="What the containers said last")
        expect(logs).to_contain_text("no database at db:5432")
        assert tab.complaints() == []


def test_with_the_keyboard_alone_i_narrow_the_overview_and_open_what_i_look_for(
    browser: Browser, config: Path, store: Store
) -> None:
    """Tab leads through the form in its order, each stop is seen, and Enter asks."""
    ledger = Ledger(store)
    ledger.ended(State.FAILED, "it crashes", "staging")
    ledger.ended(State.SUCCEEDED, "3 objects", "production")
    with served(config) as (_, url), showing(config), opened(browser) as tab:
        page = tab.page
        page.goto(url)
        _tab_to(page, "q", within="main")
        page.keyboard.type("stag")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "state"
        page.keyboard.type("failed")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "BUTTON"
        page.keyboard.press("Enter")
        page.wait_for_url("**q=stag&state=failed**")
        expect(page.locator(".card")).to_have_count(1)
        _tab_to(page, "", within=".card h3")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/environments/{SHOP}/staging")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.name") == "q"
        assert tab.complaints() == []


def test_what_i_chose_is_not_taken_from_me(browser: Browser, config: Path, store: Store) -> None:
    """I choose a verdict, look away, and there is news: the list stays as it is until I have asked; then it goes on."""
    ledger = Ledger(store)
    ledger.ended(State.SUCCEEDED, "3 objects")
    with served(config) as (_, url), showing(config), opened(browser) as tab:
        page = tab.page
        page.goto(f"{url}/deliveries")
        page.get_by_label("Verdict").select_option("accepted")
        page.get_by_role("heading", level=1).click()
        page.evaluate("document.activeElement.blur()")
        newer = ledger.queued()
        page.evaluate("renew('main')")
        expect(page.get_by_label("Verdict")).to_have_value("accepted")
        expect(page.locator(".delivery")).to_have_count(1)
        page.get_by_role("button", name="Show").click()
        expect(page.locator(".delivery")).to_have_count(2)
        newest = ledger.queued("production")
        page.evaluate("document.activeElement.blur()")
        page.evaluate("renew('main')")
        expect(page.locator(".delivery").first).to_contain_text(newest.sha[:7])
        expect(page.locator("main")).to_contain_text(newer.sha[:7])
        assert tab.complaints() == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_i_roll_back_where_i_may(browser: Browser, room: Shown, *, scripts: bool) -> None:
    """ada chooses a release, says why, reads what that changes, and is led to what becomes of it; bob sees no form."""
    with opened(browser, scripts=scripts) as tab:
        page = tab.page
        room.sign_in(page, "ada")
        page.get_by_role("link", name="staging").first.click()
        page.get_by_label("Release").select_option(index=0)
        page.get_by_label("Why").fill("it crashes")
        page.get_by_role("button", name="Roll back to it").click()
        page.wait_for_url("**/rollbacks/*")
        expect(page.get_by_role("status")).to_contain_text("The cluster is asked what that would change")
        store = room.room.door.store
        held = until(lambda: questions.claim(store, "dev"), what="the question")
        questions.answer(store, held, Told(form={"release": 1}, said=(("", "1 to change"),)))
        expect(page.locator("main")).to_contain_text("1 to change")
        for width in (PHONE, WIDE) if scripts else ():  # axe is a script
            page.set_viewport_size({"width": width, "height": 900})
            assert tab.complaints() == []
        page.get_by_role("button", name="Roll back", exact=True).click()
        page.wait_for_url("**/deliveries/*")
        expect(page.locator("main")).to_contain_text("rollback staging")
        found = deliveries.find(room.room.door.store, _newest(room))
        assert found
        (ask,) = found.asks
        assert (ask.word, ask.who, dict(ask.arguments)["reason"]) == ("rollback", "ada", "it crashes")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("status")).to_contain_text("You are signed out here")
        room.sign_in(page, "bob")
        page.get_by_role("link", name="staging").first.click()
        expect(page.get_by_role("heading", name="What was deployed here")).to_be_visible()
        expect(page.get_by_role("button", name="Roll back to it")).to_have_count(0)


def test_who_administers_the_repository_replays_a_delivery(browser: Browser, room: Shown) -> None:
    """eve does, and is led to the new one; ada sees no such button."""
    with opened(browser) as tab:
        room.sign_in(tab.page, "eve")
        tab.page.goto(f"{room.url}/deliveries/1")
        tab.page.get_by_role("button", name="Replay this delivery").click()
        expect(tab.page.locator("main")).to_contain_text("#replay-1")
        assert tab.page.url == f"{room.url}/deliveries/{_newest(room)}"
    with opened(browser) as tab:
        room.sign_in(tab.page, "ada")
        tab.page.goto(f"{room.url}/deliveries/1")
        expect(tab.page.get_by_role("button", name="Replay this delivery")).to_have_count(0)


def _tab_to(page: Page, name: str, within: str) -> None:
    """Press Tab until a field of this name, or anything at all, below `within` has the focus and shows it."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(
            "([name, within]) => { const at = document.activeElement; "
            "return at.matches(`${within} *`) && (!name || at.name === name) }",
            [name, within],
        ):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
    raise AssertionError(f"Tab does not lead to {name or within}")


def _newest(room: Shown) -> int:
    return deliveries.listed(room.room.door.store, limit=1)[0].id
