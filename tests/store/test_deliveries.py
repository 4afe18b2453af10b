"""A delivery is stored once, remembered in one sentence, and refused ones fill nothing."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from pushboat.errors import CommandRefused
from pushboat.events import Event, EventKind
from pushboat.model.delivery import Accepted, Verdict
from pushboat.store import deliveries, names, routing_jobs
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, push

ACCEPT = """
import sys
from dataclasses import replace
from pathlib import Path
from pushboat.store import deliveries
from pushboat.store.database.engine import open_store
from tests.store.repository import push
store = open_store(sys.argv[1], Path("."))
print("up", flush=True)
sys.stdin.readline()
answer = deliveries.accept(store, "github", "one", push("a"))
print(answer.id, answer.duplicate)
"""
ROOT = Path(__file__).resolve().parents[2]


def test_names_are_listed_as_they_were_written(store: Store) -> None:
    """Whoever asks for a repository in other letters is answered from the names that stand in the store."""
    assert names.known(store) == []
    for number, name in enumerate(("acme/Shop", "acme/shop", "acme/blog", "acme/shop", "")):
        deliveries.accept(store, "github", str(number), replace(push("1"), repository=name))
    deliveries.reject(store, "github", "127.0.0.1", "no signature")
    assert names.known(store) == ["github/acme/Shop", "github/acme/blog", "github/acme/shop"]
    found = deliveries.listed(store, repository="github/acme/shop", spellings=["github/acme/Shop"])
    assert [row.delivery for row in found] == ["3", "1", "0"]


def test_the_same_delivery_from_five_threads_is_one(store: Store) -> None:
    """The forge sends a delivery five times at once, and one of them counts."""
    start = Barrier(5)

    def accept(_: int) -> Accepted:
        start.wait()
        return deliveries.accept(store, "github", "one", push("a"))

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(accept, range(5)))
    assert sorted(answer.duplicate for answer in answers) == [False, True, True, True, True]
    assert len({answer.id for answer in answers}) == 1
    (row,) = deliveries.listed(store)
    assert row.duplicates == 4
    assert routing_jobs.due_repositories(store) == [NAME]


@pytest.mark.programs
@pytest.mark.programs
def test_the_same_delivery_from_three_processes_is_one(store: Store, url: str) -> None:
    """Three web processes receive the same delivery at once, and one of them counts."""
    command = [sys.executable, "-c", ACCEPT, url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    running = [subprocess.Popen(command, text=True, cwd=ROOT, **pipes) for _ in range(3)]
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "up\n"
    for process in running:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0].split() for process in running]
    assert sorted(duplicate for _, duplicate in answers) == ["False", "True", "True"]
    assert len({number for number, _ in answers}) == 1
    assert deliveries.listed(store)[0].duplicates == 2


@pytest.mark.proves("ledger")
def test_a_delivery_is_remembered_as_it_came(store: Store) -> None:
    """I look a delivery up and see its event, its verdict and its sentence."""
    event = Event(kind=EventKind.COMMENT, action="created", repository="acme/shop", number=7, comment="/deploy qa ☃")
    number = deliveries.accept(store, "github", "one", event).id
    row = deliveries.find(store, number)
    assert row
    assert (row.event, row.verdict, row.repository) == (event, Verdict.ACCEPTED, NAME)
    assert row.received_at == pytest.approx(store.now(), abs=5)
    assert deliveries.find(store, number + 1) is None


def test_an_ignored_delivery_says_why_and_is_never_routed(store: Store) -> None:
    """A ping is remembered with the reason why nothing follows from it."""
    number = deliveries.accept(store, "github", "one", push("a"), ignored="a ping: the hook works").id
    row = deliveries.find(store, number)
    assert row
    assert (row.verdict, row.reason) == (Verdict.IGNORED, "a ping: the hook works")
    assert routing_jobs.due_repositories(store) == []


def test_what_no_database_takes_is_replaced_instead_of_losing_the_delivery(store: Store) -> None:
    """A commit whose author is not proper text still deploys."""
    event = Event(kind=EventKind.PUSH, repository="acme/sh\0op", ref="refs/heads/\ud800", sha="a\0", author="\ud83d")
    number = deliveries.accept(store, "github", "o\0ne\udfff", event).id
    row = deliveries.find(store, number)
    assert row
    assert row.event == event
    assert deliveries.accept(store, "github", "o\0ne\udfff", event).duplicate


def test_a_flood_of_refusals_leaves_two_hundred_short_records(store: Store) -> None:
    """Somebody sends unsigned requests all night, and the database stays small."""
    kept = deliveries.accept(store, "github", "one", push("a")).id
    for number in range(450):
        deliveries.reject(store, "github", "192.0.2.1", f"signature does not match {number} " + "x" * 5000)
    rows = deliveries.listed(store, limit=1000)
    refused = [row for row in rows if row.verdict is Verdict.REJECTED]
    assert len(refused) == 200
    assert refused[0].reason.startswith("signature does not match 449 ")
    assert all(len(row.reason) <= 500 and row.source == "192.0.2.1" for row in refused)
    assert rows[-1].id == kept


def test_deliveries_are_listed_newest_first_in_pages(store: Store) -> None:
    """I page back through the deliveries of one repository, or look for those of one commit."""
    for number in range(5):
        deliveries.accept(store, "github", f"shop-{number}", push(f"{number}"))
        deliveries.accept(store, "github", f"blog-{number}", push(f"{number}", "acme/blog"))
    newest = deliveries.listed(store, limit=3, repository=NAME)
    assert [row.delivery for row in newest] == ["shop-4", "shop-3", "shop-2"]
    older = deliveries.listed(store, limit=3, repository=NAME, before=newest[-1].id)
    assert [row.delivery for row in older] == ["shop-1", "shop-0"]
    assert [row.delivery for row in deliveries.listed(store, sha="2")] == ["blog-2", "shop-2"]


@pytest.mark.proves("ledger")
def test_a_replay_is_a_new_delivery_of_the_same_event(store: Store) -> None:
    """I replay a delivery, twice, and each time its event is routed again."""
    number = deliveries.accept(store, "github", "one", push("a")).id
    replays = [deliveries.replay(store, number), deliveries.replay(store, number)]
    replays.append(deliveries.replay(store, replays[0]))
    rows = [deliveries.find(store, each) for each in replays]
    assert [row and row.delivery for row in rows] == ["one#replay-1", "one#replay-2", "one#replay-3"]
    assert all(row and row.event == push("a") and row.verdict is Verdict.ACCEPTED for row in rows)


def test_what_was_refused_or_never_came_cannot_be_replayed(store: Store) -> None:
    """I ask for the replay of a refused delivery and am told why there is none."""
    refused = deliveries.reject(store, "github", "192.0.2.1", "signature does not match")
    with pytest.raises(CommandRefused, match="rejected"):
        deliveries.replay(store, refused)
    with pytest.raises(CommandRefused, match="no delivery 999"):
        deliveries.replay(store, 999)


def test_numbers_follow_the_order_of_acceptance(store: Store, repository: Repository) -> None:
    """However many threads accept at once, a router never meets a lower number after a higher one."""
    seen: list[int] = []

    def accept(number: int) -> None:
        deliveries.accept(store, "github", f"d-{number}", push("a"))

    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(accept, number) for number in range(80)]
        while not all(each.done() for each in waiting):
            with store.reading() as tx:
                visible = [row["id"] for row in tx.rows(sa.text("SELECT id FROM delivery ORDER BY id"))]
            assert [number for number in visible if number <= max(seen, default=0)] == seen
            seen = visible
    assert len(deliveries.listed(store, limit=100)) == 80


def test_a_delivery_that_was_ignored_counts_when_it_is_sent_again_and_now_matters(store: Store) -> None:
    """The operator adds my repository, I press 'redeliver' at the forge, and the push that was ignored deploys."""
    sent = Event(kind=EventKind.PUSH, repository="acme/new", ref="refs/heads/main", sha="a" * 40)
    ignored = deliveries.accept(store, "github", "d-1", sent, ignored="acme/new is not in the operator's file")
    assert not ignored.duplicate
    again = deliveries.accept(store, "github", "d-1", sent)
    assert again == Accepted(id=ignored.id)
    row = deliveries.find(store, again.id)
    assert row
    assert (row.verdict, row.routed_at) == (Verdict.ACCEPTED, None)
    assert deliveries.accept(store, "github", "d-1", sent).duplicate
