"""The page of the audit says who decided what, when and from where, and lies neither by names, nor times, nor gaps."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.state import State
from pushboat.model.times import exact
from pushboat.routing import Answer
from pushboat.store import audit, deliveries
from pushboat.store.database.ask_tables import audit as entries
from pushboat.store.database.engine import Store
from tests.pages.ledger import Ledger
from tests.pages.test_pages_lead_on import SHOP
from tests.pages.test_pages_tell_the_story import HOSTILE, text_of
from tests.receiving.front_door import FrontDoor

LOCK = Ask(word="lock", who="olga", source=Source.COMMENT, repository=SHOP, environment="staging")


def decide(store: Store, *asked: Ask, reason: str = "", verdict: AskVerdict = AskVerdict.REFUSED) -> None:
    """Write down what became of asks."""
    with store.writing() as tx:
        for each in asked:
            audit.append(tx, each, 0, Answer(verdict=verdict, reason=reason), None)


def test_i_read_who_when_from_where_and_why(front_door: FrontDoor, ledger: Ledger) -> None:
    """Who was refused what, by a comment, and why; what Pushboat began for a push; both lead to all that they name."""
    number = ledger.asked(LOCK, AskVerdict.REFUSED, "olga may not lock staging: it takes one of write")
    made = ledger.ended(State.FAILED, "web crashes")
    page, words = front_door.get("/audit").text, text_of(front_door, "/audit")
    assert "refused olga (comment) asked for lock staging olga may not lock staging: it takes one of write" in words
    assert "Deployment to staging ended, for ada failed: web crashes" in words
    assert "Deployment to staging began, for ada" in words
    for leads in (made.path, f"/commits/{SHOP}/{made.sha}", f"/deliveries/{number}", f"/environments/{SHOP}/staging"):
        assert f'href="{leads}"' in page
    assert f"{exact(audit.listed(ledger.store)[0].at)}</time>" in page


def test_only_an_account_of_the_forge_is_looked_up_there(front_door: FrontDoor, ledger: Ledger) -> None:
    """Whoever sat at the command line, or a token, is not the stranger who has that name at the forge."""
    elsewhere = (
        replace(LOCK, who="root", source=Source.COMMAND),
        replace(LOCK, who="token ci", source=Source.API),
        replace(LOCK, who="eve (sso.example)", source=Source.PAGE),
    )
    decide(ledger.store, LOCK, *elsewhere)
    page = front_door.get("/audit").text
    assert 'href="https://github.example.org/olga"' in page
    assert page.count('href="https://github.example.org/') == 1
    assert "Names are those of the day: an account may be called otherwise now" in page


def test_a_refusal_without_a_reason_says_so(front_door: FrontDoor, ledger: Ledger) -> None:
    """Nothing is not shown as if all were said."""
    decide(ledger.store, LOCK)
    assert "No reason was written down." in text_of(front_door, "/audit")


def test_a_filter_says_what_it_hides_and_a_cut_list_that_it_goes_on(front_door: FrontDoor, ledger: Ledger) -> None:
    """What is narrowed, cut or over says so; older entries keep the filter; each entry is on one page and no other."""
    decide(ledger.store, *[LOCK] * 60, reason="no")
    decide(ledger.store, replace(LOCK, who="walt"), reason="no")
    first = front_door.get("/audit?who=Olga").text
    assert "Only who" in first
    assert "show all" in first
    assert "walt" not in first.partition("</form>")[2].partition("</form>")[2]
    assert "That is all" not in first
    older = first.partition('class="more" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = front_door.get(older).text
    assert (first.count('id="entry-'), second.count('id="entry-')) == (50, 10)
    assert "That is all that fits: what is older than 730 days is not kept" in text_of(front_door, older)
    assert "No entry fits." in text_of(front_door, "/audit?who=nobody")
    assert "That is all there is" not in text_of(front_door, "/audit")
    assert "Not shown to you: who signed in" in text_of(front_door, "/audit")


@pytest.mark.parametrize("wrong", ["verdict=accepted", "since=soon", "since=2026-02-30", "whom=ada", "source=sky"])
def test_a_misspelt_filter_is_refused(front_door: FrontDoor, wrong: str) -> None:
    """It would hide everything, or nothing, and say neither."""
    assert front_door.get(f"/audit?{wrong}").status_code == 400


@pytest.mark.parametrize("right", ["since=7d", "since=24h", "since=2026-11-29", "since=2024-02-29T23:59Z", "asked=yes"])
def test_days_and_moments_are_read(front_door: FrontDoor, right: str) -> None:
    """As people type them; days are UTC's, and the page says that."""
    assert front_door.get(f"/audit?{right}").status_code == 200


def test_what_was_tampered_with_is_shown_as_that(front_door: FrontDoor, ledger: Ledger) -> None:
    """Also what is no time and no source: the page stands, marks the entry, and says what to do."""
    decide(ledger.store, LOCK, replace(LOCK, who="walt"), reason="no")
    with ledger.store.writing() as tx:
        tx.change(sa.update(entries).where(entries.c.who == "olga").values(at=1e300, source="heaven", verdict="fine"))
    words = text_of(front_door, "/audit")
    assert words.count("This entry is not as it was written") == 1
    assert "1e+300" in words
    items = front_door.get("/api/v1/audit").json()["items"]
    assert [each["broken"] for each in items] == [False, True]


def test_strangers_words_are_words(front_door: FrontDoor, ledger: Ledger) -> None:
    """Names and reasons are anybody's: nothing in them is obeyed or turned round, and a page stays below 100 kB."""
    decide(ledger.store, *[replace(LOCK, who=HOSTILE, word=HOSTILE)] * 50, reason=f"{HOSTILE}\u202e" * 100)
    answer = front_door.get("/audit")
    assert HOSTILE not in answer.text
    assert "\\u202e" in answer.text
    assert "\u202e" not in answer.text
    assert len(answer.content) < 100_000


def test_what_is_gone_is_not_linked(front_door: FrontDoor, ledger: Ledger) -> None:
    """An entry outlives what it speaks of: it says so, and leads to no page that is not there."""
    with ledger.store.writing() as tx:
        audit.append(tx, LOCK, 98, Answer(verdict=AskVerdict.DONE, reason="done"), 99)
    assert deliveries.find(ledger.store, 98) is None
    assert "deployment #99, not kept any more delivery #98, not kept any more" in text_of(front_door, "/audit")
    assert "/deployments/99" not in front_door.get("/audit").text
