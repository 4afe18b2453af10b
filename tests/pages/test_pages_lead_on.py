"""A commit, a pull request and a repository have pages of their own, and each page leads to the others."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from pushboat.events import Event, EventKind
from pushboat.model.caption import Caption
from pushboat.model.state import Kind, State
from pushboat.store import captions, deliveries
from pushboat.store.database.engine import Store
from tests.pages.ledger import Ledger
from tests.pages.test_pages_tell_the_story import HOSTILE, text_of
from tests.receiving.front_door import FrontDoor

SHOP = "github/acme/shop"


def propose(store: Store, sha: str, number: int) -> None:
    """Let the forge tell of a pull request."""
    event = Event(
        kind=EventKind.PULL_REQUEST, action="opened", repository="acme/shop", ref="topic", base_ref="main", sha=sha,
        number=number, fork=False, author="ada",
    )  # fmt: skip
    deliveries.accept(store, "github", f"pr-{number}-{sha}", event)


@contextmanager
def asked(store: Store) -> Iterator[list[str]]:
    """Collect the questions that the store is asked meanwhile."""
    heard: list[str] = []

    def hear(*said: object) -> None:
        heard.append(str(said[2]))

    sa.event.listen(store.engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        sa.event.remove(store.engine, "before_cursor_execute", hear)


def test_a_commit_says_where_it_runs(front_door: FrontDoor, ledger: Ledger) -> None:
    """Is it out, and where? One page says so for every environment, with how it went and what told of it."""
    made = ledger.ended(State.SUCCEEDED, "healthy")
    captions.note(ledger.store, SHOP, {made.sha: Caption("Let it run", "Ada Lovelace")})
    for place in (made.sha, made.sha[:9], made.sha[:9].upper()):
        page = text_of(front_door, f"/commits/{SHOP}/{place}")
        assert f"{made.sha[:7]} runs in staging" in page
        assert "Let it run written by Ada Lovelace" in page
        assert "production not deployed here" in page
        assert f"deploys {made.sha[:7]} to staging" in page
    later = ledger.ended(State.SUCCEEDED, "healthy")
    assert f"{made.sha[:7]} runs nowhere" in text_of(front_door, f"/commits/{SHOP}/{made.sha}")
    assert f"{later.sha[:7]} runs in staging" in text_of(front_door, f"/commits/github/Acme/Shop/{later.sha}")


def test_a_pull_request_says_what_came_of_it(front_door: FrontDoor, ledger: Ledger) -> None:
    """Its plans, its newest commit and the way to the forge stand on one page."""
    plan = ledger.ended(State.SUCCEEDED, "1 to create", kind=Kind.PLAN, number=7)
    propose(ledger.store, plan.sha, 7)
    page = front_door.get(f"/pull-requests/{SHOP}/7").text
    assert "#7 is open" in text_of(front_door, f"/pull-requests/{SHOP}/7")
    assert f'href="{plan.path}"' in page
    assert f'href="/commits/{SHOP}/{plan.sha}"' in page
    assert "https://github.example.org/acme/shop/pull/7" in page
    assert f'href="/pull-requests/{SHOP}/7"' in front_door.get(plan.path).text


def test_a_repository_has_all_of_its_own(front_door: FrontDoor, ledger: Ledger) -> None:
    """Its environments, its latest deployments and deliveries, those of nobody else."""
    Ledger(front_door.store, repository="acme/aside", numbers=ledger.numbers).ended(State.FAILED, "other")
    good, bad = ledger.ended(State.SUCCEEDED, "healthy"), ledger.ended(State.FAILED, "web crashes", "production")
    page = front_door.get(f"/repositories/{SHOP}").text
    for address in (good.path, bad.path, f"/deliveries/{bad.delivery}", f"/environments/{SHOP}/staging"):
        assert f'href="{address}"' in page
    assert "web crashes" in page
    assert "acme/aside" not in page
    assert f'href="/repositories/{SHOP}"' in front_door.get(good.path).text
    assert f'href="/repositories/{SHOP}"' in front_door.get(f"/deliveries/{good.delivery}").text
    assert f'href="/commits/{SHOP}/{good.sha}"' in front_door.get(f"/deliveries/{good.delivery}").text


@pytest.mark.parametrize("page", ["/commits/{}/" + "f" * 40, "/pull-requests/{}/9", "/repositories/{}x"])
def test_what_there_is_not_says_so(front_door: FrontDoor, ledger: Ledger, page: str) -> None:
    """A wrong address is a page for people, whatever stands in it."""
    ledger.ended(State.SUCCEEDED, "healthy")
    for repository in (SHOP, "nowhere", f"github/{HOSTILE}", "x"):
        answer = front_door.get(page.format(repository))
        assert (answer.status_code, "<h1>" in answer.text) == (404, True)
        assert "<script>alert" not in answer.text
    for odd in ("٣", "-1", "1" * 30, "1.5", "xyz", "%00"):
        assert front_door.get(f"/pull-requests/{SHOP}/{odd}").status_code == 404
        assert front_door.get(f"/commits/{SHOP}/{odd}").status_code == 404


def test_the_box_leads_to_what_i_typed(front_door: FrontDoor, ledger: Ledger) -> None:
    """One thing that fits is opened at once; several are listed; nothing says what can be typed."""
    made = ledger.ended(State.SUCCEEDED, "healthy")
    other = ledger.ended(State.SUCCEEDED, "healthy", "production")
    propose(ledger.store, made.sha, 7)
    for typed, leads in (
        (made.sha[:12], f"/commits/{SHOP}/{made.sha}"),
        (f" {other.sha.upper()} ", f"/commits/{SHOP}/{other.sha}"),
        ("#7", f"/pull-requests/{SHOP}/7"),
        ("acme/shop", f"/repositories/{SHOP}"),
        ("prod", f"/environments/{SHOP}/production"),
    ):
        answer = front_door.get(f"/search?q={typed.replace('#', '%23')}")
        assert (answer.status_code, answer.headers.get("Location")) == (302, leads), typed
    several = front_door.get("/search?q=ada").text
    assert f'href="/environments/{SHOP}/staging"' in several
    assert f'href="/environments/{SHOP}/production"' in several
    assert "Type a commit" in text_of(front_door, "/search?q=nothing-like-it")
    assert "Type a commit" in text_of(front_door, "/search")
    assert "<script>alert" not in front_door.get(f"/search?q={HOSTILE}").text
    assert 'action="/search"' in front_door.get("/").text


def test_deliveries_are_narrowed(front_door: FrontDoor, ledger: Ledger) -> None:
    """By forge, verdict, repository and commit, and the link to older ones keeps that."""
    made = ledger.queued()
    deliveries.reject(front_door.store, "gitlab", "192.0.2.1", "signature does not match")
    for query, numbers in (
        ("verdict=rejected", ["2"]),
        ("verdict=accepted", ["1"]),
        ("forge=gitlab", ["2"]),
        (f"forge=github&repository={SHOP}&sha={made.sha[:8]}", ["1"]),
        ("forge=github&verdict=rejected", []),
    ):
        page = front_door.get(f"/deliveries?{query}").text
        assert re.findall(r"<span>#(\d+)</span>", page) == numbers, query
    assert front_door.get("/deliveries?verdict=nonsense").status_code == 400
    ledger.queued()
    older = re.findall(r'class="more" href="([^"]+)"', front_door.get("/deliveries?limit=1&verdict=accepted").text)
    assert "verdict=accepted" in older[0]


def test_more_rows_are_no_more_questions(front_door: FrontDoor, ledger: Ledger) -> None:
    """Each page asks the store as often for forty deployments as for four, and stays below 100 kB."""
    made = ledger.ended(State.FAILED, "no")
    propose(ledger.store, made.sha, 7)
    paths = ("/", f"/repositories/{SHOP}", f"/commits/{SHOP}/{made.sha}", f"/pull-requests/{SHOP}/7", "/deliveries")
    paths = (*paths, f"/environments/{SHOP}/staging", "/search?q=acme", "/audit", "/audit?who=ada")

    def questions() -> list[int]:
        counts = []
        for path in paths:
            with asked(front_door.store) as heard:
                answer = front_door.get(path)
            assert answer.status_code in (200, 302)
            assert len(answer.content) < 100_000
            counts.append(len(heard))
        return counts

    few = questions()
    for number in range(40):
        ledger.ended(State.FAILED, "web-7f9: container web crashes", f"env-{number % 20}")
    assert questions() == few
