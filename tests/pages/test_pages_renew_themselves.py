"""An open page asks now and then whether there is news, which costs next to nothing where there is none."""

import re

import pytest
import requests

from pushboat.events import Event, EventKind
from pushboat.model.state import State
from pushboat.routing import Decision
from pushboat.store import deliveries, enacting, lanes, routing_jobs
from pushboat.store.ending import finish
from tests.pages.ledger import Ledger
from tests.receiving.front_door import FrontDoor

PAGES = ("/", "/environments/github/acme/shop/staging", "/repositories/github/acme/shop", "/deliveries")


def seen(page: str) -> dict[str, str]:
    """Say what a page knows of, as it does when it asks for itself again."""
    found = re.search(r'<main data-renews="([0-9-]+)"', page)
    assert found
    return {"If-None-Match": f'"{found[1]}"'}


def again(front_door: FrontDoor, path: str, page: str) -> int:
    """Ask for a page again as its open copy does; give the answer's code."""
    return requests.get(front_door.url + path, headers=seen(page), timeout=60).status_code


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_made_again_only_where_there_is_news(front_door: FrontDoor, ledger: Ledger, path: str) -> None:
    """While nothing happens it is answered that nothing did; a push, a start and an end are news each."""
    ledger.ended(State.SUCCEEDED, "3 objects")
    pages = (front_door.get(path).text for _ in range(3))  # one of them may be as old as a page may get
    assert any(again(front_door, path, page) == 304 for page in pages)
    page = front_door.get(path).text
    made = ledger.queued()
    assert again(front_door, path, page) == 200
    page = front_door.get(path).text
    claim = lanes.claim(ledger.store, made.id, "worker")
    assert claim
    assert again(front_door, path, page) == 200
    page = front_door.get(path).text
    assert finish(ledger.store, claim, State.FAILED, "it crashes")
    assert again(front_door, path, page) == 200


@pytest.mark.parametrize("said", ['"1-1-1-1-1"', "*", "", 'W/"x"'])
def test_who_has_not_seen_the_newest_is_shown_the_page(front_door: FrontDoor, ledger: Ledger, said: str) -> None:
    """A browser that comes for the first time, or says something that we never said, gets all of it."""
    ledger.ended(State.SUCCEEDED, "3 objects")
    answer = requests.get(front_door.url, headers={"If-None-Match": said}, timeout=60)
    assert (answer.status_code, "3 objects" in answer.text) == (200, True)


def test_what_became_of_a_delivery_is_news_though_it_led_to_nothing(front_door: FrontDoor, ledger: Ledger) -> None:
    """One waits to be looked at; as soon as that was done, and nothing came of it, the open list says so."""
    event = Event(kind=EventKind.PUSH, action="updated", repository="acme/shop", ref="refs/heads/topic", sha="a" * 40)
    accepted = deliveries.accept(ledger.store, "github", "d-1", event)
    page = front_door.get("/deliveries").text
    assert "no environment follows" not in page
    claim = routing_jobs.claim_routing(ledger.store, "github/acme/shop", "router", 15.0)
    assert claim
    enacting.complete(ledger.store, claim, accepted.id, Decision(acts=(), sentence="no environment follows topic"))
    assert again(front_door, "/deliveries", page) == 200
    assert "no environment follows topic" in front_door.get("/deliveries").text
