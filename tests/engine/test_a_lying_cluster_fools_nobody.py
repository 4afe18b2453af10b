"""The API server has a bad day: a deployment that says it is done is done, and no commit is blamed for the day."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import yaml

from pushboat.config.operator import ClusterAccess
from pushboat.errors import ClusterUnavailable
from tests.cluster.comparing import differences, state
from tests.cluster.desk import Desk
from tests.engine.conftest import Desks
from tests.engine.sets import Chosen, change, choose, written
from tests.fakes.lying_cluster import LyingCluster, lying_before
from workers.cluster.client.connection import Cluster, connect

MOST_TURNS = 100
"""Turns that a deployment gets before it counts as stuck. With each the day gets better, until next to nothing is a
lie: at a quarter of all answers, one turn in a hundred gets through, and somebody is always the unlucky one."""
ENOUGH = 500
"""Perturbations in the whole proof."""


@pytest.fixture
def lying(kubeconfig: Path) -> Iterator[LyingCluster]:
    """A liar before the control plane."""
    with lying_before(kubeconfig, 1) as proxy:
        yield proxy


@pytest.fixture
def through(lying: LyingCluster, tmp_path: Path) -> Iterator[Cluster]:
    """A connection that leads through it."""
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump(lying.kubeconfig))
    opened = connect(ClusterAccess(name="lying", kubeconfig=path))
    yield opened
    opened.close()


def in_turns(desk: Desk, text: str, lying: LyingCluster, often: float) -> None:
    """Deploy and wait as the queue does: what the world refused is tried again, what it did stays done."""
    for turn in range(MOST_TURNS):
        lying.mood.often = often * (1 - turn / MOST_TURNS)
        try:
            desk.deploy(text, prune_many=True)
            desk.wait(text, deadline=20)
        except ClusterUnavailable as trouble:
            time.sleep(min(trouble.retry_after or 0.0, 1.0))
        else:
            return
    raise AssertionError(f"not done after {MOST_TURNS} turns")


def survives(desks: Desks, through: Cluster, lying: LyingCluster, seed: int, often: float) -> None:
    """Deploy A and then B through the liar, and compare with B as it should be."""
    random = Random(seed)
    lying.mood.random = Random(seed)
    used, fresh = desks(), desks()
    deceived = replace(used, cluster=through)
    before: Chosen = choose(random)
    after = change(random, before)
    for chosen in (before, after):
        in_turns(deceived, written(chosen, used.namespace), lying, often)
    lying.mood.often = 0.0
    fresh.deploy(written(after, fresh.namespace), prune_many=True)
    ends = [state(each.cluster, each.namespace, each.parent.id) for each in (used, fresh)]
    assert differences(*ends) == [], f"seed {seed}: {dict(before)} then {dict(after)}, told {dict(lying.mood.told)}"


@pytest.mark.proves("health-watch")
@pytest.mark.parametrize("seed", [0])
def test_the_end_is_right_on_a_bad_day(desks: Desks, through: Cluster, lying: LyingCluster, seed: int) -> None:
    """Two commits on a bad day."""
    survives(desks, through, lying, seed, often=0.2)
    assert lying.mood.told.total() > 0


@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_the_end_is_right_on_hundreds_of_bad_days(desks: Desks, through: Cluster, lying: LyingCluster) -> None:
    """Commits on bad days until there were enough of them."""
    seed = 1000
    while lying.mood.told.total() < ENOUGH:
        seed += 1
        survives(desks, through, lying, seed, often=0.25)
