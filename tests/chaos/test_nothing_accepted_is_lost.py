"""Everything breaks while pushes come in: nothing accepted is lost, doubled or reordered, and nobody writes late."""

from pathlib import Path

import pytest

from tests.chaos.running import Cluster, Outcome, Wanted, own_cluster, run
from tests.one_control_plane import AUDIT, started


def holds(outcome: Outcome, faults: int) -> None:
    """See that a run was one, and that all of it held."""
    assert not outcome.verdict.sentences, "\n".join(outcome.verdict.sentences)
    assert outcome.accepted > 0
    assert sum(outcome.faults.values()) >= faults, outcome.faults
    assert outcome.deployments["succeeded"] > 0
    assert outcome.written > 0, "nothing of it is in the API server's audit"


@pytest.mark.timeout(900)
def test_half_a_minute_of_chaos_loses_nothing(kubeconfig: Path, tmp_path: Path) -> None:
    """Workers die and freeze for longer than a lease, the broker forgets, the forges fail, on SQLite."""
    audit = kubeconfig.parent / AUDIT
    if audit.exists():
        outcome = run(QUICK, tmp_path, Cluster(kubeconfig=kubeconfig, audit=audit), print)
    else:  # a cluster of somebody else's, which keeps no audit for us
        with started(tmp_path / "devcluster") as own:
            outcome = run(QUICK, tmp_path, Cluster(kubeconfig=own, audit=own.parent / AUDIT), print)
    holds(outcome, faults=8)


@pytest.mark.proof
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("store", ["sqlite", "postgres"])
def test_the_cluster_dies_too(store: str, tmp_path: Path) -> None:
    """The same on both stores, with all processes twice on Postgres, while API server and controllers die as well."""
    with own_cluster(tmp_path) as cluster:
        outcome = run(Wanted(seed=11, store=store, seconds=30.0, rate=8.0), tmp_path, cluster, print)
    holds(outcome, faults=8)


QUICK = Wanted(seed=7, store="sqlite", seconds=30.0, rate=2.0)
