"""A worker that deploys without a cluster: it claims what may start, and ends it as the test says."""

from collections.abc import Iterable

import sqlalchemy as sa

from pushboat.model.deployment import Claim
from pushboat.model.state import State
from pushboat.store import deliveries, ending, lanes, routing_jobs
from tests.spoofing.scene import Scene

_NO_PAUSE = (sa.text("UPDATE delivery SET not_before = 0"), sa.text("UPDATE repository SET not_before = 0"))


def begin(scene: Scene) -> Claim:
    """Let a worker take the deployment whose turn it is."""
    (claim,) = taken(scene)
    return claim


def taken(scene: Scene) -> list[Claim]:
    """Let workers take all that they are given at this moment."""
    waiting = [each.id for each in scene.deployed() if not each.state.ended]
    claims = (lanes.claim(scene.tools.store, number, f"worker-{number}", 15.0) for number in waiting)
    return [claim for claim in claims if claim]


def end(scene: Scene, claim: Claim, state: State = State.SUCCEEDED, reason: str = "healthy") -> None:
    """Let it come to its end, and everybody be told."""
    ending.finish(scene.tools.store, claim, state, reason)
    scene.work()


def read(scene: Scene, delivery: int, others: Iterable[int] = ()) -> None:
    """Let one delivery be read while these wait for the forge, though they may have been told before."""
    store = scene.tools.store
    if waiting := routing_jobs.claim_routing(store, scene.repository, "a router whose forge hangs"):
        for each in others:
            routing_jobs.postpone(store, waiting, each, "waits for the forge", 600)
        routing_jobs.release(store, waiting)
    scene.work()
    row = deliveries.find(store, delivery)
    assert row
    assert row.routed_at, row.reason
    with store.writing() as tx:
        for pause_is_over in _NO_PAUSE:
            tx.change(pause_is_over)
