"""A sample of every kind of hold, put on staging or on one deployment of it, and lifted as that kind ends."""

from collections.abc import Mapping
from dataclasses import replace

from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.merge_group import MERGE_GROUP
from pushboat.store import hold_rows, holds
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, time_passes

HERE = Scope(repository=NAME, environment="staging")
LASTS = 50.0
"""Seconds until what ends by the clock does."""

WHOLE: Mapping[str, Hold] = {
    "freeze": Hold(kind="freeze", scope=HERE, by="pushboat.yaml", subject="0: friday", reason="the weekend"),
    "lock": Hold(kind="lock", scope=HERE, by="bob", subject="bob", spares="bob", reason="we migrate"),
    MERGE_GROUP: Hold(kind=MERGE_GROUP, scope=HERE, by="the merge queue", subject="-7", pull_request=-7, sha="c" * 40),
    "pause": Hold(kind="pause", scope=HERE, by="ops", reason="the cluster moves"),
    "pin": Hold(kind="pin", scope=HERE, by="bob", subject="release 3 (3333333)"),
    "unmerged": Hold(kind="unmerged", scope=HERE, by="bob", subject="#9", pull_request=9, sha="d" * 40),
}
"""Those that are put on an environment."""

OWN: Mapping[str, Hold] = {
    "approval": Hold(kind="approval", scope=Scope(), by="write", subject="1", sha="a" * 40, reason="1 approval"),
    "gate": Hold(kind="gate", scope=Scope(), by="board", subject="board"),
    "needs": Hold(kind="needs", scope=Scope(), by="staging", subject="qa", sha="a" * 40),
    "reviewers": Hold(kind="reviewers", scope=Scope(), by="the forge", reason="waits for a review of ann or bob"),
    "timer": Hold(kind="timer", scope=Scope(), by="the forge", reason="waits for the forge's wait timer"),
}
"""Those of one deployment."""

BY_THE_CLOCK = ("freeze", "gate", "timer")
SAMPLES = {**WHOLE, **OWN}


def put(store: Store, kind: str, deployment: Deployment) -> None:
    """Put the sample of a kind where a deployment waits for it."""
    sample = SAMPLES[kind]
    if kind in BY_THE_CLOCK:
        begins = store.now() if kind == "freeze" else 0.0
        sample = replace(sample, begins=begins, until=store.now() + LASTS)
    if kind in WHOLE:
        holds.put(store, sample)
        return
    with store.writing() as tx:
        hold_rows.put_own(tx, deployment.id, deployment.lane, [sample])


def end(store: Store, kind: str, deployment: Deployment) -> None:
    """Let it end as that kind does: by the clock, or because somebody lifts it."""
    if kind in BY_THE_CLOCK:
        time_passes(store, LASTS + 1)
        return
    scope = HERE if kind in WHOLE else replace(HERE, deployment=deployment.id)
    assert holds.lift(store, kind, scope, SAMPLES[kind].subject).hold, f"the {kind} was not there"
