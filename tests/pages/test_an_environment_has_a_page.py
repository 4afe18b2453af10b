"""An environment's page: what runs there since when, what keeps it back, what ran before, and for how long."""

import re

from pushboat.model.state import Kind, State
from tests.pages.ledger import Ledger
from tests.pages.test_pages_tell_the_story import HOSTILE, text_of
from tests.receiving.front_door import FrontDoor
from tests.store.repository import time_passes

STAGING = "/environments/github/acme/shop/staging"


def test_it_says_what_runs_and_what_was_asked_for_last(front_door: FrontDoor, ledger: Ledger) -> None:
    """At night I open one page: which commit runs, by whom, what failed since, why, and how to try again."""
    ledger.ended(State.SUCCEEDED, "healthy", author="bob")
    good = ledger.ended(State.SUCCEEDED, "healthy")
    bad = ledger.ended(State.FAILED, "web-7f9: container web crashes", author="eve")
    time_passes(ledger.store, 5400)
    page = text_of(front_door, STAGING)
    for said in (
        f"{bad.sha[:7]} could not be deployed to staging",
        f"{good.sha[:7]} ↗ by ada runs, deployed 1 h ago",
        f"Asked for last: {bad.sha[:7]} by eve",
        "web-7f9: container web crashes",
        f"pushboat deliveries replay {bad.delivery}",
        "bob, pushed",
        "took",
    ):
        assert said in page
    assert page.count("runs now") == 1
    assert page.count("ran for") == 1, "the first one, until the second took its place"


def test_it_leads_to_its_deployments_and_to_the_forge(front_door: FrontDoor, ledger: Ledger) -> None:
    """From the overview to the environment, to each deployment, and out to the commit and its author; and back."""
    made = ledger.ended(State.SUCCEEDED, "healthy")
    page = front_door.get(STAGING).text
    assert f'href="{STAGING}"' in front_door.get("/").text
    assert f'href="{made.path}"' in page
    for out in (f"https://github.example.org/acme/shop/commit/{made.sha}", "https://github.example.org/ada"):
        assert f'<a href="{out}" rel="noreferrer"' in page
        assert out in front_door.get(made.path).text
    assert 'href="/repositories/github/acme/shop"' in page
    assert f'href="{STAGING}"' in front_door.get(made.path).text


def test_history_goes_page_by_page(front_door: FrontDoor, ledger: Ledger) -> None:
    """Sixty deployments are two pages; how long each ran is said across the border too."""
    made = [ledger.ended(State.SUCCEEDED, "healthy") for _ in range(60)]
    first = front_door.get(STAGING)
    [older] = re.findall(rf'href="({STAGING}\?cursor=[^"]+)" rel="next"', first.text)
    second = front_door.get(older)
    assert [sum(one.path + '"' in page.text for one in made) for page in (first, second)] == [50, 10]
    assert second.text.count("ran for") == 10
    assert 'rel="next"' not in second.text
    assert front_door.get(f"{STAGING}?cursor=nonsense").status_code == 400
    assert front_door.get(f"{STAGING}?sha=1a2b3c4").status_code == 400, "an unknown filter shows nothing instead of all"


def test_nothing_and_removed_say_so(front_door: FrontDoor, ledger: Ledger) -> None:
    """One that the file names and nobody deployed to, one that was destroyed, and one that there is not."""
    assert "Nothing was deployed to production yet" in text_of(front_door, "/environments/github/acme/shop/production")
    assert "its deliveries say why" in text_of(front_door, "/environments/github/acme/shop/production")
    ledger.ended(State.SUCCEEDED, "healthy")
    ledger.ended(State.SUCCEEDED, "gone", kind=Kind.REMOVAL)
    assert "it was destroyed" in text_of(front_door, STAGING)
    for nowhere in ("github/acme/shop/nowhere", "github/acme/other/staging", "x", "/", "github/acme/shop/"):
        answer = front_door.get(f"/environments/{nowhere}")
        assert (answer.status_code, "<h1>" in answer.text) == (404, True)


def test_names_are_found_as_the_forge_compares_them(front_door: FrontDoor, ledger: Ledger) -> None:
    """A link with other letters leads there too."""
    ledger.ended(State.SUCCEEDED, "healthy")
    assert front_door.get("/environments/github/Acme/Shop/staging").status_code == 200


def test_the_overview_can_show_one_repository(front_door: FrontDoor, ledger: Ledger) -> None:
    """Of many repositories I see mine; the way back to all stands beside it."""
    ledger.ended(State.FAILED, "no")
    mine = text_of(front_door, "/?repository=github/acme/shop")
    assert "1 of 2 environments did not get what was pushed" in mine
    assert "Only github/acme/shop. All environments" in mine
    assert "No environment is set up yet" in text_of(front_door, "/?repository=github/acme/other")
    assert front_door.get("/?repositry=x").status_code == 400


def test_hostile_words_are_words(front_door: FrontDoor, ledger: Ledger) -> None:
    """What strangers write is shown and never run."""
    ledger.ended(State.FAILED, HOSTILE, author=HOSTILE)
    page = front_door.get(STAGING).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in front_door.get(f"/environments/{HOSTILE}/x").text
