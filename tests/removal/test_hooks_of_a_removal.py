"""What is to run before and after an environment's end runs then, in its order, and only then."""

import threading
from typing import Any

import pytest

from pushboat.model.state import State
from pushboat.store import cancelling
from tests.removal.conftest import Site
from tests.until import until
from tests.waves.conftest import config_map, job

ARGO, HELM = "argocd.argoproj.io/hook", "helm.sh/hook"
POLICY, WEIGHT = "argocd.argoproj.io/hook-delete-policy", "helm.sh/hook-weight"
FAILS = {"behaviour": "fail", "message": "the backup's disk is full"}


@pytest.fixture(autouse=True)
def _settled(site: Site) -> None:
    site.settle()


@pytest.mark.proves("removal")
def test_each_tools_hooks_run_around_the_end_and_leave_nothing(site: Site) -> None:
    """Before anything is deleted, by weight and wave, and after all of it; no deployment runs them; none is left."""
    brought = [
        config_map("a"),
        job("second", {HELM: "pre-delete", WEIGHT: "5"}),
        job("first", {HELM: "pre-delete", WEIGHT: "-5"}),
        job("argos", {ARGO: "PreDelete", "argocd.argoproj.io/sync-wave": "9"}),
        job("last", {ARGO: "PostDelete"}),
        job("helms-last", {HELM: "post-delete", f"{HELM}-delete-policy": "hook-succeeded"}),
    ]
    assert site.yard.push(*brought).state is State.SUCCEEDED
    hooks = ("first", "second", "argos", "last", "helms-last")
    assert [site.yard.runs(name) for name in hooks] == [0] * 5, "a deployment runs none of them"
    assert not [name for name in hooks if site.yard.job(name)], "and none is an ordinary object"
    ended = site.destroyed()
    assert ended.state is State.SUCCEEDED, f"{ended.reason}\n{ended.details}"
    assert [site.yard.runs(name, 1) for name in hooks] == [1] * 5
    assert begun(site, *hooks[:3]) == list(hooks[:3])
    assert not [name for name in hooks if site.yard.job(name)]
    assert site.gone(ended) == {"ConfigMap/a"}
    assert site.inventories() == []


def test_a_failing_hook_stops_it_before_anything_is_deleted(site: Site) -> None:
    """My backup fails: all is still there, I read why, and may go on without it."""
    site.yard.push(config_map("a"), job("backup", {ARGO: "PreDelete"}, does=FAILS))
    ended = site.destroyed()
    assert ended.state is State.FAILED
    assert ended.reason.startswith("hook PreDelete failed: Job/")
    assert ended.reason.endswith("; nothing was deleted")
    assert "`pushboat destroy … --skip-hooks`" in ended.details
    assert site.yard.find("configmaps", "a")
    assert len(site.inventories()) == 1
    without = site.destroyed(skip_hooks=True)
    assert (without.state, site.gone(without)) == (State.SUCCEEDED, {"ConfigMap/a"})
    assert site.yard.runs("backup", 1) == 1
    assert site.yard.job("backup") is None, "what the hook that failed left goes too"


def test_a_hook_that_fails_afterwards_leaves_the_inventory(site: Site) -> None:
    """What runs last fails: I read that everything else is gone, and the next time only that runs again."""
    site.yard.push(config_map("a"), job("before", {ARGO: "PreDelete"}), job("sweep", {ARGO: "PostDelete"}, does=FAILS))
    ended = site.destroyed()
    assert ended.state is State.FAILED
    assert "its objects are deleted, its inventory is not" in ended.reason
    assert site.yard.find("configmaps", "a") is None
    assert len(site.inventories()) == 1
    assert site.destroyed().state is State.FAILED
    assert (site.yard.runs("before", 1), site.yard.runs("sweep", 2)) == (1, 2), "there was nothing left to back up"
    assert site.destroyed(skip_hooks=True).state is State.SUCCEEDED
    assert site.inventories() == []


def test_it_can_be_cancelled_before_the_first_object_goes(site: Site) -> None:
    """While my hook runs I think better of it: everything is still there."""
    site.yard.push(config_map("a"), job("backup", {ARGO: "PreDelete"}, does={"completes-after": "10m"}))
    made = site.asked()
    worker = threading.Thread(target=site.yard.carry_out, args=(made,))
    worker.start()
    until(lambda: site.yard.runs("backup") or None, within=120, what="the hook to run")
    with site.yard.tools.store.writing() as tx:
        cancelling.cancel(tx, made.lane, "ann")
    worker.join(60)
    ended = site.yard.repository.row(made)
    assert ended.state is State.CANCELLED
    assert ended.reason == "cancelled by ann; what was deleted before is gone, and destroying it again goes on"
    assert site.yard.find("configmaps", "a")


def begun(site: Site, *names: str) -> list[str]:
    """Sort Jobs by when their pods were made; each must have left its event."""
    items: list[Any] = site.yard.cluster.get(f"/api/v1/namespaces/{site.yard.namespace}/events")["items"]
    made = {
        each["involvedObject"]["name"]: int(each["metadata"]["resourceVersion"])
        for each in items
        if each["reason"] == "SuccessfulCreate" and each["involvedObject"]["name"] in names
    }
    return sorted(made, key=made.__getitem__)
