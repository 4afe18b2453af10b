"""What kubectl would send is what Pushboat sends: the same words, numbers and dates."""

import json
from pathlib import Path
from typing import Any

from workers.manifests.reading import read_manifests

DATA = Path(__file__).parent / "data"
EXACT_IN_A_DOUBLE = 1 << 53


def test_every_scalar_is_what_kubectl_makes_of_it() -> None:
    """My manifest means under Pushboat what it means under kubectl, down to `0644`, `on` and a numeric sha.

    The vector is kubectl 1.32's own answer (`kubectl label --local -f scalars.yaml x=y -o json`).
    """
    (read,) = read_manifests((DATA / "scalars.yaml").read_text(), "scalars.yaml")
    truth = json.loads((DATA / "scalars.kubectl-1.32.json").read_text())
    ours = json.loads(json.dumps(read.body["spec"]))
    assert set(ours) == set(truth)
    assert {name: ours[name] for name in truth if not _same(ours[name], truth[name])} == {}


def _same(ours: Any, truth: Any) -> bool:
    """Compare values with their types; kubectl rounds integers that no double can hold, we keep them."""
    if type(ours) is type(truth) is int and abs(truth) > EXACT_IN_A_DOUBLE:
        return float(ours) == float(truth)
    return type(ours) is type(truth) and bool(ours == truth)
