"""A wait's time counts from its beginning; a canary's from its last step."""

import pytest

from pushboat.model.health import Finding, Health, Judgement
from pushboat.model.manifest import Ref
from workers.cluster.waiting.patience import Patience

ROLLOUT = Ref("argoproj.io", "Rollout", "shop", "web")
CANARY = Ref("flagger.app", "Canary", "shop", "web")
DEPLOYMENT = Ref("apps", "Deployment", "shop", "web")


def at(ref: Ref, reason: str) -> Finding:
    return Finding(ref, Judgement(Health.PROGRESSING, reason))


def test_a_rollout_s_time_counts_from_the_beginning() -> None:
    """My Deployment goes on and on; its ten minutes are over after ten minutes."""
    patience = Patience(600.0)
    assert patience.left([at(DEPLOYMENT, "1 of 3 ready")], 100.0) == 500.0
    assert patience.left([at(DEPLOYMENT, "2 of 3 ready")], 700.0) == -100.0


@pytest.mark.proves("health-canary")
def test_a_canary_s_time_counts_from_its_last_step() -> None:
    """My canary takes an hour in steps of six minutes: each step has ten minutes, and one that hangs is red."""
    for ref in (ROLLOUT, CANARY):
        patience = Patience(600.0)
        for step in range(10):
            assert patience.left([at(ref, f"step {step} of 10")], step * 360.0) == 600.0
        assert patience.left([at(ref, "step 9 of 10")], 9 * 360.0 + 601.0) == -1.0


def test_a_canary_does_not_lend_its_time() -> None:
    """A canary goes on beside a Deployment that hangs: the Deployment's time is over all the same."""
    patience = Patience(600.0)
    patience.left([at(ROLLOUT, "step 1"), at(DEPLOYMENT, "0 of 1 ready")], 10.0)
    assert patience.left([at(ROLLOUT, "step 2"), at(DEPLOYMENT, "0 of 1 ready")], 601.0) == -1.0
