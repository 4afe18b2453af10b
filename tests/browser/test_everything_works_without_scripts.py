"""Whoever turned JavaScript off finds, narrows, pages, unfolds and asks as everybody else does, on each page."""

import re
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from pushboat.model.state import State
from pushboat.store import deliveries
from tests.browser.looking import opened
from tests.browser.showing import COMMIT, Shown
from tests.dashboard.signing_in import SHOP
from tests.pages.ledger import Ledger
from tests.pages.seen import FAILING

pytestmark = pytest.mark.proof  # it takes a Chromium


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab without scripts."""
    with opened(browser, scripts=False) as tab:
        yield tab.page


@pytest.fixture(scope="module")
def years(room: Shown) -> Shown:
    """Let staging have more deployments than one page shows, the newest of them failed."""
    ledger = Ledger(room.room.door.store, numbers=count(500))
    for _ in range(51):
        ledger.ended(State.SUCCEEDED, "3 objects")
    ledger.ended(State.FAILED, "Deployment/shop/web: 1 of 2 ready", observed=(FAILING,))
    return room


def test_i_narrow_and_search(page: Page, years: Shown) -> None:
    """The overview's form, the box on top and the deliveries' form ask, and links take the filters off again."""
    years.sign_in(page, "ada")
    page.get_by_label("Find").fill("staging")
    page.get_by_label("State").select_option("failed")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".card")).to_have_count(1)
    page.get_by_role("link", name="All environments").click()
    assert page.locator(".card").count() > 1

    page.get_by_role("searchbox", name="Search a commit").fill(COMMIT[:9])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/commits/{SHOP}/{COMMIT}")
    page.get_by_role("searchbox", name="Search a commit").fill("nowhere")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nothing found")

    page.get_by_role("link", name="Deliveries").click()
    page.get_by_label("Verdict").select_option("accepted")
    page.get_by_label("Commit", exact=True).fill(COMMIT[:9])
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".delivery")).to_have_count(1)

    page.get_by_role("link", name="Audit", exact=True).click()
    page.get_by_label("Answer").select_option("refused")
    page.get_by_label("Show").select_option("what was asked for")
    page.get_by_label("Since").fill("24h")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".entry")).to_have_count(1)
    expect(page.locator(".entry")).to_contain_text("ada may not deploy to staging")
    page.get_by_role("link", name="show all").click()
    page.get_by_role("link", name="Older entries").click()
    expect(page.locator(".entry").first).to_be_visible()


def test_i_page_through_what_was_deployed_and_unfold_a_pod(page: Page, years: Shown) -> None:
    """Older deployments are behind a link; the tree of objects folds and unfolds."""
    years.sign_in(page, "ada")
    page.get_by_role("link", name="staging").first.click()
    pod = page.locator(".tree li li li", has_text="CrashLoopBackOff")
    expect(pod).to_be_visible()
    page.locator(".tree summary").first.click()
    expect(pod).to_be_hidden()
    page.locator(".tree summary").first.click()
    expect(pod).to_be_visible()
    newest = page.locator(".history li").first.inner_text()
    page.get_by_role("link", name="Older ones").click()
    expect(page.get_by_role("heading", name="What was deployed here")).to_be_visible()
    assert page.locator(".history li").first.inner_text() != newest


def test_each_page_leads_to_the_others(page: Page, years: Shown) -> None:
    """From a deployment to its commit, its repository, its delivery, and home again, by links alone."""
    years.sign_in(page, "ada")
    page.goto(f"{years.url}/deployments/2")
    page.locator(".facts").get_by_role("link", name=COMMIT[:7]).click()
    page.wait_for_url(f"**/commits/{SHOP}/{COMMIT}")
    page.get_by_role("link", name="deployment #2").click()
    page.locator(".facts").get_by_role("link", name=SHOP).click()
    page.wait_for_url(f"**/repositories/{SHOP}")
    page.goto(f"{years.url}/deployments/2")
    page.locator(".facts").get_by_role("link", name=re.compile("^#")).click()
    page.wait_for_url("**/deliveries/*")
    page.get_by_role("link", name="Environments").first.click()
    expect(page.get_by_label("Find")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "button", "asked"),
    [
        (f"/environments/{SHOP}/staging", "Deploy what it follows", "deploy"),
        (f"/environments/{SHOP}/production", "Cancel what is on its way", "cancel"),
        ("/deployments/4", "Cancel what is on its way", "cancel"),
    ],
)
def test_i_ask_for_it(page: Page, years: Shown, path: str, button: str, asked: str) -> None:
    """Each button of each page leads to what became of it, as an ask of mine."""
    years.sign_in(page, "ada")
    page.goto(f"{years.url}{path}")
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/deliveries/*")
    found = deliveries.find(years.room.door.store, int(page.url.rpartition("/")[2]))
    assert found
    assert [(each.word, each.who) for each in found.asks] == [(asked, "ada")]
    expect(page.locator("noscript")).to_have_count(1)


def test_i_replay_and_sign_out(page: Page, years: Shown) -> None:
    """The last button of all ends the session, and the next page asks who I am."""
    years.sign_in(page, "eve")
    page.goto(f"{years.url}/deliveries/1")
    page.get_by_role("button", name="Replay this delivery").click()
    expect(page.locator("main")).to_contain_text("#replay-1")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed out here")
    page.goto(f"{years.url}/deliveries/1")
    expect(page.get_by_role("link", name="Sign in with")).to_be_visible()
