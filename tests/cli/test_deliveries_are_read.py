"""`pushboat deliveries`: what came in, what became of it, and once more."""

import json
from pathlib import Path

from pushboat.events import Event, EventKind
from pushboat.queue.bell import Bell
from pushboat.routing import Decision
from pushboat.store import deliveries, enacting, routing_jobs
from pushboat.store.database.engine import Store
from tests.cli.conftest import Pushboat
from tests.cli.what_happened import SHA, SHOP, deployed, push


def test_a_delivery_shows_its_sentence_and_its_deployments(pushboat: Pushboat, store: Store) -> None:
    """The one sentence stands first, then the facts, then what it led to with its page."""
    delivery = push(store, "d-1")
    number = deployed(store, delivery, "fine")
    finished = pushboat("deliveries", "show", str(delivery))
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout.splitlines()[0] == "→ accepted: deploys main to staging"
    assert f"staging: ✔ succeeded: fine  http://127.0.0.1:8799/deployments/{number}" in finished.stdout
    form = json.loads(pushboat("deliveries", "show", str(delivery), "--json").stdout)
    assert (form["delivery"], form["verdict"], form["deployments"]) == ("d-1", "accepted", [number])


def test_a_delivery_shows_every_mistake_that_it_counts(pushboat: Pushboat, store: Store) -> None:
    """A sentence that says "and 2 more" has them below it, and the list says where to read them."""
    delivery = push(store, "d-1")
    claim = routing_jobs.claim_routing(store, SHOP, "test")
    assert claim is not None
    mistakes = [f".pushboat.yaml:{line}:1: unknown key" for line in (2, 3, 4)]
    decision = Decision(acts=(), sentence=f"refused: {mistakes[0]} (and 2 more)", details="\n".join(mistakes))
    enacting.complete(store, claim, delivery, decision, contained=())
    printed = pushboat("deliveries", "show", str(delivery)).stdout
    assert all(mistake in printed for mistake in mistakes)
    assert f"pushboat deliveries show {delivery}" in pushboat("deliveries", "list").stderr


def test_deliveries_are_listed_with_what_they_did(pushboat: Pushboat, store: Store) -> None:
    """Accepted, ignored and rejected ones; --sha finds "my push did nothing"."""
    push(store, "d-1")
    deliveries.reject(store, "github", "203.0.113.9", "the signature does not match")
    event = Event(kind=EventKind.PING, repository="acme/shop", title="ping")
    deliveries.accept(store, "github", "d-2", event, ignored="a ping: the webhook works")
    printed = pushboat("deliveries", "list").stdout
    assert all(word in printed for word in ("→ accepted", "✗ rejected", "does not match", "the webhook works"))
    found = json.loads(pushboat("deliveries", "list", "--sha", SHA, "--json").stdout)["items"]
    assert [row["delivery"] for row in found] == ["d-1"]


def test_pings_are_folded(pushboat: Pushboat, store: Store) -> None:
    """A webhook that was tried five times takes one line, with the count."""
    event = Event(kind=EventKind.PING, repository="acme/shop", title="ping")
    for name in ("p-1", "p-2", "p-3"):
        deliveries.accept(store, "github", name, event, ignored="ping: the webhook reaches Pushboat")
    push(store, "d-1")
    printed = pushboat("deliveries", "list").stdout
    assert printed.count("ping: the webhook") == 1
    assert "3 pings, the newest: ping" in printed
    assert len(json.loads(pushboat("deliveries", "list", "--json").stdout)["items"]) == 4


def test_a_replay_is_a_new_delivery_and_rings_the_bell(pushboat: Pushboat, store: Store, home: Path) -> None:
    """The same event goes again at once, under a new id that is printed."""
    old = push(store, "d-1")
    with Bell(home / "var") as bell:
        finished = pushboat("deliveries", "replay", str(old))
        assert bell.wait(60)
    assert finished.returncode == 0, finished.stderr
    new = max(row.id for row in deliveries.listed(store))
    assert finished.stdout == f"delivery {old} goes again as {new}\n"


def test_a_delivery_that_is_not_there_is_a_no(pushboat: Pushboat, store: Store) -> None:
    """Exit code 1, and how to find one."""
    for command in ("show", "replay"):
        finished = pushboat("deliveries", command, "99")
        assert finished.returncode == 1
        assert "there is no delivery 99" in finished.stderr
