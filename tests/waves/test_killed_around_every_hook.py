"""kill -9 before and after each hook and wave: every hook runs exactly as often as its tool would run it."""

import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from pushboat.model.deployment import Deployment
from pushboat.model.state import State
from pushboat.store import ending, hook_runs
from tests.until import until
from tests.waves.conftest import Body, Yard, config_map, job
from tests.waves.dying import SECONDS, Fate, leaves_its_lane, starts
from tests.waves.history import followed

HOOK, WAVE = "argocd.argoproj.io/hook", "argocd.argoproj.io/sync-wave"
POLICY = "argocd.argoproj.io/hook-delete-policy"
HELM, WEIGHT, HELM_POLICY = "helm.sh/hook", "helm.sh/hook-weight", "helm.sh/hook-delete-policy"
MOST_DEATHS = 400
JOBS = ("before", "migrate", "beside", "after")
RAN = {**dict.fromkeys(JOBS, 1), "alarm": 0}
EVERYWHERE = "."
BOTH = pytest.mark.parametrize("store", ["sqlite", "postgres"], indirect=True)
ON_SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
"""Around everything on one store: what differs on the other is how transactions end, and the samples have it."""
AROUND_HOOKS = r"jobs/|secrets/credentials|INSERT INTO hook_run"


def objects(version: str, *, fails: str = "") -> list[Body]:
    """Write a push with a hook of each sort."""

    def does(name: str) -> dict[str, str]:
        return {"behaviour": "fail", "message": "no such table"} if name == fails else {}

    marks = {HELM: "pre-install,pre-upgrade", WEIGHT: "-5", HELM_POLICY: "before-hook-creation,hook-succeeded"}
    secret = {"name": "credentials", "annotations": marks}
    return [
        {"apiVersion": "v1", "kind": "Secret", "metadata": secret, "stringData": {"password": version}},
        job("before", {HOOK: "PreSync", POLICY: "HookSucceeded"}, does=does("before")),
        job(
            "migrate",
            {HELM: "pre-upgrade", WEIGHT: "5", HELM_POLICY: "before-hook-creation,hook-succeeded"},
            does=does("migrate"),
        ),
        config_map("first", {WAVE: "-1"}, version=version),
        config_map("second", {WAVE: "1"}, version=version),
        job("beside", {HOOK: "Sync", WAVE: "1"}, does=does("beside")),
        job("after", {HOOK: "PostSync"}, ttlSecondsAfterFinished=0, does=does("after")),
        job("alarm", {HOOK: "SyncFail", POLICY: "HookSucceeded"}),
    ]


def carried_out(yard: Yard, made: Deployment, folder: Path, wanted: str) -> list[str]:
    """Let worker after worker die, until one comes to the end; give where they died."""
    fate = Fate(met=folder / "met", passed=folder / "passed", wanted=wanted)
    for file in (fate.met, fate.passed):
        file.write_text("")
    for _ in range(MOST_DEATHS):
        process = starts(yard.tools.operator, made.id, fate, folder)
        process.join(SECONDS)
        assert process.exitcode in (0, -signal.SIGKILL), f"{fate.met.read_text()[-200:]}: {process.exitcode}"
        if yard.repository.row(made).state.ended:
            break
        leaves_its_lane(yard.tools.store)
        ending.sweep(yard.tools.store)
    return fate.met.read_text().splitlines()


@contextmanager
def frozen(yard: Yard, made: Deployment, folder: Path, wanted: str) -> Iterator[None]:
    """Let a worker freeze at a point, and its lease end; it wakes up after the block, and goes home."""
    fate = Fate(met=folder / "met", passed=folder / "passed", wanted=wanted, sign=signal.SIGSTOP)
    for file in (fate.met, fate.passed):
        file.write_text("")
    process = starts(yard.tools.operator, made.id, fate, folder)
    assert process.pid
    status = Path(f"/proc/{process.pid}/status")
    try:
        until(lambda: "State:\tT" in status.read_text() or None, within=120, what="the worker to freeze")
        leaves_its_lane(yard.tools.store)
        ending.sweep(yard.tools.store)
        yield
    finally:
        os.kill(process.pid, signal.SIGCONT)
        process.join(SECONDS)
    assert process.exitcode == 0


def in_order(happened: list[str], *wanted: str) -> None:
    """Hold what happened against an order."""
    at = [happened.index(each) for each in wanted]
    assert all(one < another for one, another in pairwise(at)), happened


def is_survived(yard: Yard, folder: Path, wanted: str) -> list[str]:
    """Die, go on, and look: each hook once, in order, nothing left behind. Give where workers died."""
    yard.push(config_map("first", {WAVE: "-1"}, version="1"), config_map("second", {WAVE: "1"}, version="1"))
    with followed(yard.cluster, yard.namespace) as history:
        made = yard.routed(*objects("2"))
        deaths = carried_out(yard, made, folder, wanted)
        happened = history.happened()
    ended = yard.repository.row(made)
    assert ended.state is State.SUCCEEDED, ended.reason
    assert yard.ran(RAN) == RAN, (deaths, happened)
    came = Counter(each for each in happened if each.startswith("+"))
    assert {name: came[f"+{name}"] for name in (*JOBS, "credentials")} == dict.fromkeys((*JOBS, "credentials"), 1)
    in_order(happened, "+credentials", "+before", ".before", "+migrate", ".migrate", "+beside", ".beside", "+after")
    in_order(happened, ".migrate", "-credentials", "+beside")
    assert [yard.job(name) for name in ("before", "migrate", "after")] == [None] * 3
    beside = yard.job("beside")
    assert beside
    assert "finalizers" not in beside["metadata"]
    assert yard.find("secrets", "credentials") is None
    known = hook_runs.outcomes(yard.tools.store, made.id)
    assert sorted(key.rpartition("/")[2] for key in known) == sorted((*JOBS, "credentials"))
    assert set(known.values()) == {"succeeded"}
    for name in ("first", "second"):
        live = yard.find("configmaps", name)
        assert live
        assert live["data"] == {"version": "2"}
    assert (ended.counts.created, ended.counts.configured, ended.counts.deleted) == (0, 2, 0), deaths
    return deaths


def is_survived_where_one_fails(yard: Yard, folder: Path, wanted: str) -> list[str]:
    """Die around a hook that fails and around what is for a failure. Give where workers died."""
    yard.push(config_map("first", {WAVE: "-1"}, version="1"))
    with followed(yard.cluster, yard.namespace) as history:
        made = yard.routed(*objects("2", fails="migrate"))
        deaths = carried_out(yard, made, folder, wanted)
        happened = history.happened()
    ended = yard.repository.row(made)
    assert ended.state is State.FAILED, ended.reason
    assert "pre-upgrade failed" in ended.reason
    assert "migrate" in ended.reason
    ran = {"before": 1, "migrate": 1, "beside": 0, "after": 0, "alarm": 1}
    assert yard.ran(ran) == ran, (deaths, happened)
    in_order(happened, "+credentials", "+before", ".before", "+migrate", ".migrate", "+alarm", ".alarm")
    assert yard.job("migrate"), "what failed stays to be looked at"
    assert [yard.job("before"), yard.find("secrets", "credentials")] == [None, None]
    live = yard.find("configmaps", "first")
    assert live
    assert live["data"] == {"version": "1"}
    known = {key.rpartition("/")[2]: how for key, how in hook_runs.outcomes(yard.tools.store, made.id).items()}
    assert known == {"credentials": "succeeded", "before": "succeeded", "migrate": "failed", "alarm": "succeeded"}
    return deaths


@BOTH
@pytest.mark.proves("hook-once", "pain-1")
def test_a_death_around_a_hook_is_survived(yard: Yard, tmp_path: Path) -> None:
    """Before its end is written down, between its deletion and the next wave, and once one runs that removes itself."""
    wanted = "before commit INSERT INTO hook_run .*/migrate$|after DELETE jobs/migrate|after PATCH jobs/after: 200"
    assert len(is_survived(yard, tmp_path, wanted)) == 3


def test_a_death_around_a_hook_that_fails_is_survived(yard: Yard, tmp_path: Path) -> None:
    """The failure is known to whoever goes on, and what is for a failure runs once."""
    wanted = "after commit INSERT INTO hook_run .*/migrate$|after PATCH jobs/alarm: 200"
    assert len(is_survived_where_one_fails(yard, tmp_path, wanted)) == 2


@pytest.mark.parametrize(
    "name", ["migrate", pytest.param("after", marks=pytest.mark.proof), pytest.param("beside", marks=pytest.mark.proof)]
)
def test_a_worker_that_wakes_up_late_runs_no_hook_again(yard: Yard, tmp_path: Path, name: str) -> None:
    """It freezes with a hook in its hands; another worker runs that to its end and deletes it, and then it wakes up."""
    yard.push(config_map("first", {WAVE: "-1"}, version="1"))
    made = yard.routed(*objects("2"))
    with frozen(yard, made, tmp_path, f"before PATCH jobs/{name}$"):
        ended = yard.carry_out(made)
        assert ended.state is State.SUCCEEDED, ended.reason
    assert yard.ran(RAN) == RAN
    assert yard.repository.row(made).state is State.SUCCEEDED
    live = yard.job(name)
    assert (live is not None and "deletionTimestamp" not in live["metadata"]) == (name == "beside")


@ON_SQLITE
@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_worker_after_worker_dies_around_every_write(yard: Yard, tmp_path: Path) -> None:
    """Before and after each write to the cluster, and each commit of the store."""
    deaths = is_survived(yard, tmp_path, EVERYWHERE)
    assert len([each for each in deaths if re.search(AROUND_HOOKS, each)]) > 20


@ON_SQLITE
@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_worker_after_worker_dies_around_every_write_where_a_hook_fails(yard: Yard, tmp_path: Path) -> None:
    """The same where one hook fails and another is for that."""
    deaths = is_survived_where_one_fails(yard, tmp_path, EVERYWHERE)
    assert len([each for each in deaths if re.search(AROUND_HOOKS, each)]) > 15
