"""Bob approves what he saw at the moment at which alice pushes more: never does anything run that nobody approved.

His comment and her push are told and read in any order, and workers take whatever they are given in between.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.model.deployment import Claim, Deployment
from pushboat.model.state import State
from pushboat.store.database.engine import Store
from tests.racing.merging import interleavings
from tests.racing.running import end, read, taken
from tests.spoofing.scene import SHOP, STAGING, Scene, on_stage
from tests.written import config_map

APPROVE = "/deploy approve staging"
ORDERS = list(interleavings(("approval told", "approval read"), ("push told", "push read"), ("worker",)))


@pytest.fixture
def four_eyes(store: Store, tmp_path: Path) -> Iterator[Scene]:
    """Pushes to main wait until somebody else approves them: bob may."""
    with on_stage("github", tmp_path / "stage", {"staging": replace(STAGING, approvals=1)}, given=store) as found:
        found.project.permissions["bob"] = "write"
        found.forge.user_id("bob")
        yield found


def pushed(scene: Scene, of: str) -> tuple[str, int]:
    """Let alice push to main; gives the commit and the delivery."""
    happened = scene.forge.push(SHOP, "main", {"deploy/a.yaml": config_map("a", of=of)}, author="alice")
    return happened.sha, happened.response.json()["delivery"]


@pytest.mark.parametrize("order", ORDERS, ids=", ".join)
def test_only_what_was_approved_runs(four_eyes: Scene, order: tuple[str, ...]) -> None:
    """Bob's word counts for the commit that he wrote it below, whatever is the newest by the time that it is read."""
    scene, told, claims = four_eyes, dict[str, int](), list[Claim]()
    seen, _ = pushed(scene, "seen")
    scene.work()
    newer: list[str] = []

    def push() -> None:
        sha, told["push"] = pushed(scene, "newer")
        newer.append(sha)

    def approve() -> None:
        told["approval"] = scene.forge.comment_on_commit(SHOP, seen, "bob", APPROVE).response.json()["delivery"]

    def reading(what: str) -> Callable[[], None]:
        return lambda: read(scene, told[what], [number for other, number in told.items() if other != what])

    steps: dict[str, Callable[[], None]] = {
        "approval told": approve,
        "approval read": reading("approval"),
        "push told": push,
        "push read": reading("push"),
        "worker": lambda: claims.extend(taken(scene)),
    }
    for step in order:
        steps[step]()
    claims += taken(scene)
    assert {claim.deployment.sha for claim in claims} <= {seen}
    for claim in claims:
        end(scene, claim)
    assert taken(scene) == [], "nobody has approved the newer one"
    left = waiting(scene)
    assert (left.sha, left.waits) == (newer[0], "waits for 1 approval: /deploy approve staging")
    old = next(each for each in scene.deployed() if each.sha == seen)
    assert old.state is (State.SUCCEEDED if claims else State.SUPERSEDED)
    approved_first = order.index("approval read") < order.index("push read")
    assert bool(claims) is approved_first, "what was approved before something newer came is not lost to that"
    scene.told(scene.forge.comment_on_commit(SHOP, newer[0], "bob", APPROVE))
    (claim,) = taken(scene)
    assert claim.deployment.sha == newer[0]


def waiting(scene: Scene) -> Deployment:
    """Give the one that waits."""
    (found,) = (each for each in scene.deployed() if each.state is State.QUEUED)
    return found
