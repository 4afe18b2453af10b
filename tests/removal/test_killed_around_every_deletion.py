"""kill -9 before and after each deletion: whoever goes on ends where the first one would have, and says the same."""

import re
from pathlib import Path

import pytest

from pushboat.model.state import State
from tests.removal.conftest import Site
from tests.waves.conftest import Body, config_map, job
from tests.waves.test_killed_around_every_hook import EVERYWHERE, carried_out

WAVE, HOOK = "argocd.argoproj.io/sync-wave", "argocd.argoproj.io/hook"
OPTIONS = "argocd.argoproj.io/sync-options"


def brought() -> list[Body]:
    """Write an environment with a bit of everything."""
    return [
        config_map("early", {WAVE: "-1"}),
        config_map("late", {WAVE: "1"}),
        config_map("kept", {OPTIONS: "Prune=false"}),
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "runner"}},
        job("migrate", {HOOK: "PreSync"}),
        job("before", {HOOK: "PreDelete"}),
        job("after", {HOOK: "PostDelete"}),
    ]


def is_survived(site: Site, folder: Path, wanted: str) -> list[str]:
    """Die, go on, and look. Give where workers died."""
    site.settle()
    assert site.yard.push(*brought()).state is State.SUCCEEDED
    made = site.asked()
    deaths = carried_out(site.yard, made, folder, wanted)
    ended = site.yard.repository.row(made)
    assert ended.state is State.SUCCEEDED, (ended.reason, deaths)
    assert (site.yard.runs("before", 1), site.yard.runs("after", 1)) == (1, 1), deaths
    assert site.yard.cluster.names(site.yard.namespace) - {"kube-root-ca.crt"} == {"kept"}
    assert not [name for name in ("before", "after", "migrate") if site.yard.job(name)], deaths
    assert site.yard.find("serviceaccounts", "runner") is None
    assert ended.counts.deleted == 3, deaths
    assert site.stays(ended) == {"ConfigMap/kept": f"stays: it is annotated {OPTIONS}: Prune=false"}
    (inventory,) = site.inventories()
    marks = inventory["metadata"]["annotations"]
    assert marks["applyset.kubernetes.io/contains-group-kinds"] == "ConfigMap"
    return deaths


def is_survived_whole(site: Site, folder: Path, wanted: str) -> list[str]:
    """The same where the namespace was made for it, and nothing is kept. Give where workers died."""
    assert site.yard.push(config_map("a"), config_map("b", {WAVE: "1"})).state is State.SUCCEEDED
    made = site.asked()
    deaths = carried_out(site.yard, made, folder, wanted)
    ended = site.yard.repository.row(made)
    assert (ended.state, ended.counts.deleted, site.stays(ended)) == (State.SUCCEEDED, 3, {}), (ended.reason, deaths)
    assert site.namespace() is None
    return deaths


@pytest.mark.proves("removal")
def test_a_death_around_a_deletion_is_survived(site: Site, tmp_path: Path) -> None:
    """After an object went and before the next, and between what a hook left and the inventory's end."""
    ended = "after commit INSERT INTO hook_run .deployment_id, hook, outcome.*/after$"
    wanted = f"after DELETE configmaps/late|before DELETE jobs/migrate|{ended}"
    assert len(is_survived(site, tmp_path, wanted)) == 3


def test_a_death_around_the_end_of_a_namespace_is_survived(site: Site, tmp_path: Path) -> None:
    """The namespace is going, and its inventory with it: whoever comes next waits for that, and is done."""
    assert len(is_survived_whole(site, tmp_path, "after DELETE /api/v1/namespaces/waves")) == 1


def test_a_death_around_the_end_of_the_inventory_is_survived(site: Site, tmp_path: Path) -> None:
    """The inventory is gone, and the removal has not ended yet: nothing is left to find, and it says what went."""
    site.settle()
    assert site.yard.push(config_map("a")).state is State.SUCCEEDED
    made = site.asked()
    deaths = carried_out(site.yard, made, tmp_path, "after DELETE secrets/pushboat")
    ended = site.yard.repository.row(made)
    assert len(deaths) == 1
    assert (ended.state, ended.reason) == (State.SUCCEEDED, "destroyed: 1 object deleted")
    assert site.inventories() == []


@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_worker_after_worker_dies_around_every_write(site: Site, tmp_path: Path) -> None:
    """Before and after each write to the cluster, and each commit of the store."""
    deaths = is_survived(site, tmp_path, EVERYWHERE)
    assert len([each for each in deaths if re.search("DELETE ", each)]) > 10


@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_worker_after_worker_dies_around_every_write_of_a_whole_removal(site: Site, tmp_path: Path) -> None:
    """The same where the namespace goes too."""
    assert len(is_survived_whole(site, tmp_path, EVERYWHERE)) > 8
