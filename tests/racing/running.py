"""A worker that deploys without a cluster: it claims what may start, and ends it as the test says."""

from pushboat.model.deployment import Claim
from pushboat.model.state import State
from pushboat.store import ending, lanes
from tests.spoofing.scene import Scene


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
