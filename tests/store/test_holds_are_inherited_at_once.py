"""Two processes begin under new names of environments while somebody holds everything: nobody waits for ever."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from pushboat.model.hold import Hold, Scope
from pushboat.routing import Decision
from pushboat.store import deliveries, enacting, holds, routing_jobs
from pushboat.store.database.engine import Store
from tests.store.repository import deploy, push

ROUNDS = 6


def lane_of(store: Store, path: str, sha: str = "a") -> None:
    """Let a repository have a lane of its own."""
    deliveries.accept(store, "github", f"{path} {sha}", push(sha, path))
    claim = routing_jobs.claim_routing(store, f"github/{path}", "router")
    assert claim
    row = routing_jobs.next_unrouted(store, claim)
    assert row
    enacting.complete(store, claim, row.id, Decision(acts=(deploy(sha),), sentence="deploys"))
    routing_jobs.release(store, claim)


def test_it_locks_both_in_one_order(store: Store) -> None:
    """The holds of shop go over to zoo, and those of zoo's other environment to shop, again and again at one moment."""
    lane_of(store, "acme/shop")
    lane_of(store, "acme/zoo")
    shop, zoo = (Scope(repository=f"github/acme/{name}", environment="staging") for name in ("shop", "zoo"))
    for number in range(ROUNDS):
        kind = "pause"
        for scope in (shop, zoo):
            holds.put(store, Hold(kind=kind, scope=scope, by="ann", subject=f"{scope.repository} {number}"))
        together = threading.Barrier(3)

        def at_once(act: Callable[[], object], together: threading.Barrier = together) -> object:
            together.wait()
            return act()

        acts: list[Callable[[], object]] = [
            lambda: holds.inherit(store, shop, zoo),
            lambda: holds.inherit(store, zoo, shop),
            lambda: holds.put(store, Hold(kind="pause", scope=Scope(), by="ops")),
        ]
        with ThreadPoolExecutor(3) as threads:
            for each in [threads.submit(at_once, act) for act in acts]:
                each.result()
    assert len(holds.listed(store)) == 2 * ROUNDS + 1


def test_what_is_over_there_makes_room(store: Store) -> None:
    """The new name had a pause of yesterday, which nobody has tidied: today's goes on there all the same."""
    was, now = (Scope(repository=f"github/acme/{name}", environment="staging") for name in ("shop", "store"))
    holds.put(store, Hold(kind="pause", scope=now, by="ann", until=store.now() - 1))
    holds.put(store, Hold(kind="pause", scope=was, by="bob"))
    (moved,) = holds.inherit(store, was, now)
    assert (moved.by, moved.scope) == ("bob", now)
    assert [hold.by for hold in holds.listed(store)] == ["bob"]
