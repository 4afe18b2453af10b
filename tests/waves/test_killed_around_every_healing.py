"""kill -9 around each write of a deployment that puts drift back: it ends as if nobody had died, and once."""

import re
from pathlib import Path

import pytest

from pushboat.model.state import State
from pushboat.store import deployments, releases
from tests.engine_room.drifting import LANE, Watched
from tests.waves.conftest import Yard, config_map, job
from tests.waves.history import followed
from tests.waves.test_killed_around_every_hook import BOTH, EVERYWHERE, HOOK, carried_out
from workers.cluster.objects import APPLIED, PART_OF


def is_survived(yard: Yard, folder: Path, wanted: str) -> list[str]:
    """Change, delete and add; die while it is put back, go on, and look. Give where workers died."""
    yard.allowing(self_heal=True)
    made = yard.push(config_map("changed", version="1"), config_map("deleted"), job("migrate", {HOOK: "PreSync"}))
    assert made.state is State.SUCCEEDED, made.reason
    watched = Watched(yard.github, yard.repository, yard.tools, yard.cluster, yard.namespace)
    shown = yard.repository.shown(made.sha)
    maps = f"/api/v1/namespaces/{yard.namespace}/configmaps"
    mine = watched.map("changed")["metadata"]
    ours = {name: {mark: mine[name][mark]} for name, mark in (("labels", PART_OF), ("annotations", APPLIED))}
    watched.edit(f"{maps}/changed", {"data": {"version": "2"}})
    yard.cluster.request("DELETE", f"{maps}/deleted", None)
    yard.cluster.request("POST", maps, {"metadata": {"name": "added", **ours}})
    assert {each.ref.name for each in watched.come_round().found} == {"changed", "deleted", "added"}
    (healing,) = watched.healing()
    with followed(yard.cluster, yard.namespace) as history:
        deaths = carried_out(yard, healing, folder, wanted)
        happened = history.happened()
    ended = yard.repository.row(healing)
    assert ended.state is State.SUCCEEDED, (ended.reason, deaths)
    assert (ended.counts.created, ended.counts.configured, ended.counts.deleted) == (1, 1, 1), deaths
    assert (happened.count("+deleted"), happened.count("-added")) == (1, 1), (happened, deaths)
    assert watched.map("changed")["data"] == {"version": "1"}, deaths
    assert yard.find("configmaps", "deleted")
    assert yard.find("configmaps", "added") is None
    assert yard.runs("migrate", 1) == 1, deaths
    assert [each.id for each in watched.healed_so_far()] == [healing.id], deaths
    assert watched.come_round().found == ()
    assert watched.healing() == []
    assert yard.repository.shown(made.sha) == shown, "the commit was green all the while"
    assert [each.number for each in releases.listed(yard.tools.store, LANE)] == [1]
    assert deployments.running_in(yard.tools.store, LANE) == yard.repository.row(made)
    return deaths


@pytest.mark.proves("self-heal")
def test_a_death_around_a_healing_is_survived(yard: Yard, tmp_path: Path) -> None:
    """After the first object was put back, before what was added goes, and right before the end is written down."""
    wanted = (
        "after PATCH configmaps/(changed|deleted)|before DELETE configmaps/added|before commit UPDATE lane .*seen_seq"
    )
    assert len(is_survived(yard, tmp_path, wanted)) >= 3


@BOTH
@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_worker_after_worker_dies_around_every_write_of_a_healing(yard: Yard, tmp_path: Path) -> None:
    """Before and after each write to the cluster, and each commit of the store."""
    deaths = is_survived(yard, tmp_path, EVERYWHERE)
    assert len([each for each in deaths if re.search("(PATCH|POST|DELETE) ", each)]) > 8


@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_the_commit_says_it_where_a_healing_died_and_then_failed(yard: Yard, tmp_path: Path) -> None:
    """What somebody froze cannot be put back: whoever dies meanwhile, my commit says so once, and no loop begins."""
    yard.allowing(self_heal=True)
    made = yard.push(config_map("changed", version="1"), config_map("other", version="1"))
    watched = Watched(yard.github, yard.repository, yard.tools, yard.cluster, yard.namespace)
    path = f"/api/v1/namespaces/{yard.namespace}/configmaps/changed"
    watched.edit(path, {"data": {"version": "2"}, "immutable": True})
    assert watched.come_round().count == 1
    (healing,) = watched.healing()
    carried_out(yard, healing, tmp_path, EVERYWHERE)
    ended = yard.repository.row(healing)
    assert ended.state is State.FAILED, ended.reason
    for _ in range(2):
        watched.come_round(4000)
    assert [each.id for each in watched.healed_so_far()] == [healing.id]
    states = [state for state, _ in yard.repository.shown(made.sha)]
    assert (states[-1], states.count("errored")) == ("errored", 1)
