"""What a tool would not write is not written here either; the plan and the deployment name it and say why."""

import threading

import pytest

from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Deployment
from pushboat.model.state import State
from pushboat.store import change_sets, progress_lines
from tests.until import until
from tests.waves.conftest import Body, Yard, config_map

FLUX, KAPP = "kustomize.toolkit.fluxcd.io", "kapp.k14s.io"
SSA, RECONCILE = f"{FLUX}/ssa", f"{FLUX}/reconcile"
MUTATION, LOCAL = "client.lifecycle.config.k8s.io/mutation", {"config.kubernetes.io/local-config": "true"}


@pytest.mark.proves("opt-outs")
def test_what_is_made_once_is_left_alone_then(yard: Yard) -> None:
    """It is made where it is missing; what people and pushes change later stays as it is, and is named."""
    marks = {"flux": {SSA: "IfNotPresent"}, "kapp": {f"{KAPP}/update-strategy": "skip"}, "cli": {MUTATION: "ignore"}}
    assert yard.push(*(config_map(name, said, a="1") for name, said in marks.items())).counts.created == 3
    later = [config_map(name, said, a="2") for name, said in marks.items()]
    others = [config_map(f"other-{number}") for number in range(4)]
    ended = yard.push(*later, *others)
    assert ended.state is State.SUCCEEDED
    assert "left alone: everything of ConfigMap/flux and 2 more" in ended.reason
    assert [data(yard, name) for name in marks] == [{"a": "1"}] * 3
    found = changes(yard, ended)
    assert {found[name].action for name in marks} == {Action.UNCHANGED}
    assert all(next(iter(said)) in found[name].notes[0] for name, said in marks.items())
    assert yard.push(*others).counts.deleted == 3, "they are ours, and leave with git"


def test_what_somebody_else_made_is_not_written_over(yard: Yard) -> None:
    """An object that was there before is left to whoever made it, and does not become ours."""
    yard.push(config_map("a"))
    made(yard, config_map("once", a="theirs"))
    ended = yard.push(config_map("a"), config_map("once", {SSA: "IfNotPresent"}, a="ours"))
    assert ended.state is State.SUCCEEDED, ended.reason
    assert data(yard, "once") == {"a": "theirs"}
    yard.push(config_map("a"))
    assert data(yard, "once") == {"a": "theirs"}


def test_what_others_added_stays_where_it_is_merged(yard: Yard) -> None:
    """Fields of git are put right, those of others stay; without the word they would go."""
    merged, plain = config_map("merged", {SSA: "Merge"}, a="1"), config_map("plain", a="1")
    small = config_map("small", {SSA: "merge"}, a="1")
    yard.push(merged, plain, small)
    for name in ("merged", "plain", "small"):
        path = f"/api/v1/namespaces/{yard.namespace}/configmaps/{name}?fieldManager=kubectl-edit"
        yard.cluster.request("PATCH", path, {"data": {"a": "9", "b": "theirs"}}, "application/merge-patch+json")
    ended = yard.push(merged, plain, small, config_map("more"))
    assert data(yard, "merged") == data(yard, "small") == {"a": "1", "b": "theirs"}
    assert data(yard, "plain") == {"a": "1"}
    assert changes(yard, ended)["merged"].action is Action.CONFIGURED
    assert yard.push(merged, plain, small, config_map("more"), config_map("most")).counts.configured == 0


@pytest.mark.proves("opt-outs")
def test_what_is_ignored_is_neither_written_nor_deleted(yard: Yard) -> None:
    """It is not made, and one of that name stays as it is, ours or not."""
    marks = {"kapp": {f"{KAPP}/noop": ""}, "ssa": {SSA: "Ignore"}, "flux": {RECONCILE: "disabled"}, "kpt": LOCAL}
    assert yard.push(*(config_map(name, a="1") for name in marks)).state is State.SUCCEEDED
    both = [(name, f"{name}-new") for name in marks]
    ended = yard.push(*(config_map(name, marks[old], a="2") for old, new in both for name in (old, new)))
    assert ended.state is State.SUCCEEDED, ended.reason
    assert (ended.counts.created, ended.counts.configured, ended.counts.deleted) == (0, 0, 0)
    found = changes(yard, ended)
    for old, new in both:
        assert yard.find("configmaps", new) is None
        assert data(yard, old) == {"a": "1"}
        assert next(iter(marks[old])) in found[new].notes[0]


def test_a_kind_that_only_another_tool_knows_may_stand_beside_the_rest(yard: Yard) -> None:
    """A Kptfile is no object for a cluster, and says so."""
    file = {"apiVersion": "kpt.dev/v1", "kind": "Kptfile", "metadata": {"name": "shop", "annotations": LOCAL}}
    ended = yard.push(file, config_map("a"))
    assert ended.state is State.SUCCEEDED, ended.reason
    assert ended.counts.created == 1


@pytest.mark.parametrize("mark", [(SSA, "ignore"), (RECONCILE, "Disabled")])
def test_a_word_on_the_object_in_the_cluster_stops_us_too(yard: Yard, mark: tuple[str, str]) -> None:
    """Whoever stops Flux by hand stops this as well: nothing is put back, and the status names the object."""
    yard.push(config_map("a", a="1"), config_map("b"))
    path = f"/api/v1/namespaces/{yard.namespace}/configmaps/a?fieldManager=kubectl-annotate"
    patch = {"metadata": {"annotations": dict([mark])}, "data": {"a": "mine"}}
    yard.cluster.request("PATCH", path, patch, "application/merge-patch+json")
    ended = yard.push(config_map("a", a="2"), config_map("b", b="2"))
    assert ended.state is State.SUCCEEDED, ended.reason
    assert "left alone: everything of ConfigMap/a" in ended.reason
    assert data(yard, "a") == {"a": "mine"}
    assert "in the cluster" in changes(yard, ended)["a"].notes[0]
    yard.cluster.request("PATCH", path, {"metadata": {"annotations": {mark[0]: None}}}, "application/merge-patch+json")
    yard.push(config_map("a", a="2"), config_map("b", b="2"))
    assert data(yard, "a") == {"a": "2"}


def test_what_must_be_there_is_waited_for_and_never_written(yard: Yard) -> None:
    """kapp's `exists`: the push goes on once somebody else has made it."""
    yard.push(config_map("a"))
    expected = config_map("theirs", {f"{KAPP}/exists": ""}, a="ours")
    waiting = yard.routed(config_map("a", a="2"), expected)
    working = threading.Thread(target=yard.carry_out, args=(waiting,))
    working.start()
    until(lambda: "waiting for ConfigMap" in said(yard, waiting))
    made(yard, config_map("theirs", a="theirs"))
    working.join()
    ended = yard.repository.row(waiting)
    assert ended.state is State.SUCCEEDED, ended.reason
    assert data(yard, "theirs") == {"a": "theirs"}
    assert changes(yard, ended)["theirs"].action is Action.UNCHANGED
    assert yard.push(config_map("a")).counts.deleted == 0
    assert data(yard, "theirs") == {"a": "theirs"}


def test_what_is_not_there_in_time_is_named(yard: Yard) -> None:
    """Nothing of its wave is written."""
    yard.wait = "1s"
    yard.push(config_map("a"))
    ended = yard.push(config_map("a", a="2"), config_map("theirs", {f"{KAPP}/exists": ""}))
    assert ended.state is State.FAILED
    assert f"not there after 1 s: ConfigMap/{yard.namespace}/theirs, which this push expects" in ended.reason
    assert data(yard, "a") == {"a": "1"}


def data(yard: Yard, name: str) -> Body:
    live = yard.find("configmaps", name)
    assert live is not None
    return live["data"]


def made(yard: Yard, body: Body) -> None:
    yard.cluster.request("POST", f"/api/v1/namespaces/{yard.namespace}/configmaps?fieldManager=somebody", body)


def changes(yard: Yard, ended: Deployment) -> dict[str, Change]:
    return {each.ref.name: each for each in change_sets.listed(yard.tools.store, ended.id)}


def said(yard: Yard, ended: Deployment) -> str:
    return "\n".join(event.text for event in progress_lines.listed(yard.tools.store, ended.id))
