"""However the pushes came in, and wherever among them the power goes: nothing that was accepted is lost."""

import random
from pathlib import Path

import pytest

from tests.power import recorder
from tests.power.after_the_cut import cut_everywhere, cut_points

CUTS = 100
"""In each run, and twice: opening a store so often takes minutes, and more runs find more than more cuts in one."""


@pytest.mark.proof
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(4))
def test_no_cut_at_all_loses_anything(seed: int, tmp_path: Path, after: Path) -> None:
    """Another run each time, many moments of it, and pieces of what was not synced at each of them."""
    chance = random.Random(seed)
    recording, _ = recorder.record(tmp_path, pushes=600)
    cuts = cut_points(recording, CUTS, chance)
    cut_everywhere(recording, cuts, after)
    cut_everywhere(recording, cuts, after, chance)
