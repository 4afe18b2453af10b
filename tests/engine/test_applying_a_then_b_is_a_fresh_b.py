"""Whatever ran before and whoever wrote in between: after a push the cluster is as if only this commit had been."""

from dataclasses import replace
from random import Random

import pytest

from tests.cluster.comparing import differences, state
from tests.cluster.desk import Desk
from tests.engine import foreign
from tests.engine.conftest import Desks
from tests.engine.sets import Chosen, change, choose, written
from tests.lines import audited

SAMPLE, WHOLE = range(4), range(4, 100)


def found(desk: Desk) -> object:
    """Give what stands in a desk's namespace."""
    return state(desk.cluster, desk.namespace, desk.parent.id)


def deploy(desk: Desk, chosen: Chosen) -> None:
    """Deploy a set; whoever changes it all says so."""
    desk.deploy(written(chosen, desk.namespace), prune_many=True)


def converges(desks: Desks, seed: int) -> None:
    """Apply A, let strangers write, apply B; compare with a fresh B; apply B again and count the writes."""
    random = Random(seed)
    before = choose(random)
    after = change(random, before)
    used, fresh = desks(), desks()
    deploy(used, before)
    edits = foreign.write(random, used)
    deploy(used, after)
    deploy(fresh, after)
    said = f"seed {seed}: {dict(before)} then {edits} then {dict(after)}"
    assert differences(found(used), found(fresh)) == [], said

    cluster, audit = audited(used.cluster)
    deploy(replace(used, cluster=cluster), after)
    assert [write for write in audit.writes if "dryRun" not in write] == [], said


@pytest.mark.proves("stale-defaults")
@pytest.mark.parametrize("seed", SAMPLE)
def test_a_then_b_equals_a_fresh_b(desks: Desks, seed: int) -> None:
    """Removals, changed defaults and foreign edits leave no trace, and the same push again writes nothing."""
    converges(desks, seed)


@pytest.mark.proof
@pytest.mark.parametrize("seed", WHOLE)
def test_a_then_b_equals_a_fresh_b_for_many(desks: Desks, seed: int) -> None:
    """The same for many sets."""
    converges(desks, seed)
