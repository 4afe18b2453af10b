"""A store in which things have happened: pushes to a shop, and what became of them."""

from pushboat.events import Event, EventKind
from pushboat.model.deployment import Counts
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Decision, Deploy
from pushboat.store import deliveries, enacting, ending, lanes, routing_jobs
from pushboat.store.database.engine import Store

SHOP = "github/acme/shop"

SHA = "1a2b3c4" + "0" * 33


def push(store: Store, name: str, sha: str = SHA) -> int:
    """Accept a push and give the delivery's id."""
    event = Event(
        kind=EventKind.PUSH, action="updated", repository="acme/shop", ref="refs/heads/main", sha=sha, author="ada"
    )
    return deliveries.accept(store, "github", name, event).id


def queued(store: Store, delivery: int, pull_request: int = 0) -> int:
    """Route a delivery to staging."""
    claim = routing_jobs.claim_routing(store, SHOP, "test")
    assert claim is not None
    row = routing_jobs.next_unrouted(store, claim)
    assert row is not None
    act = Deploy(
        kind=Kind.DEPLOY,
        environment="staging",
        ref=row.event.ref,
        sha=row.event.sha,
        author="ada",
        trigger=Trigger.PUSH,
        pull_request=pull_request,
    )
    decision = Decision(acts=(act,), sentence="deploys main to staging")
    (number,) = enacting.complete(store, claim, delivery, decision, contained=())
    routing_jobs.release(store, claim)
    return number


def deployed(store: Store, delivery: int, reason: str, state: State = State.SUCCEEDED, pull_request: int = 0) -> int:
    """Route a delivery to staging and finish its deployment."""
    number = queued(store, delivery, pull_request)
    held = lanes.claim(store, number, "test")
    assert held is not None
    assert ending.finish(store, held, state, reason, counts=Counts(created=3))
    return number
