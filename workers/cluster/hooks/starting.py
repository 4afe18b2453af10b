"""Make a hook's object for one run, once: what an earlier run left is deleted first, what this run made is found."""

import time
from collections.abc import Callable
from contextlib import suppress

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable, LeaseLost
from workers.cluster.client.connection import APPLY, FIELD_MANAGER, MERGE, Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.client.lines import nothing_to_ask
from workers.cluster.client.refusals import CONFLICT, NOT_FOUND, Answered
from workers.cluster.hooks.ending import delete, let_go
from workers.cluster.hooks.words import HELD, Run, is_held
from workers.cluster.masking import scrub
from workers.cluster.objects import ABSENT_VERSION, PART_OF, Object, is_going, labels
from workers.cluster.planning.adopting import refusals, refuse
from workers.cluster.planning.fitting import Wishes
from workers.cluster.planning.owners import owners_of
from workers.cluster.planning.rules import Rules
from workers.cluster.writing.giving_room import GONE_WITHIN, grace_of, outlived, still_there
from workers.cluster.writing.settling import Patch, placed
from workers.cluster.writing.taking_back import take_back

ATTEMPTS = 4


def start(cluster: Cluster, run: Run, rules: Rules, may_write: Callable[[], None], say: Callable[[str], None]) -> None:
    """Let a hook run, unless this run has begun already.

    Raises:
        ApplyRejected: the object is refused, or one of that name is not a hook of this environment.
        LeaseLost: another worker has the lane.
    """
    kind = _kind(cluster, run)
    path = kind.path(run.ref.namespace, run.ref.name)
    for _ in range(ATTEMPTS):
        live = cluster.find(path)
        if live is not None and not run.made(live):
            _refuse_to_replace(run, live, rules)
            _make_room(cluster, run, path, live, may_write, say)
            live = None
        if live is None:
            say(f"running {run.ref} ({run.said})")
            live = _create(cluster, run, path, may_write)
        if live is not None and _let_run(cluster, path, live, may_write):
            return
    raise ClusterUnavailable(f"{run.ref}: somebody else keeps making it")


def _kind(cluster: Cluster, run: Run) -> Kind:
    kind = cluster.kinds.find(run.ref.group, run.manifest.version, run.ref.kind)
    if kind is None:
        raise ApplyRejected(f"{run.manifest.place}: {run.ref}: the cluster does not serve {run.manifest.api_version}")
    return kind


def _refuse_to_replace(run: Run, live: Object, rules: Rules) -> None:
    """Let nobody's object be deleted that could not be taken over: what another tool ran is that tool's."""
    if run.may_replace(live) or is_going(live):
        return
    foreign = labels(live).get(PART_OF)
    if foreign not in (None, labels(run.body)[PART_OF]):
        where = f"{run.manifest.place}: {run.ref}"
        raise ApplyRejected(f"give the hook another name: {where} belongs to another inventory ({foreign})")
    refused = refusals(live, run.body, owners_of(live, run.body, rules, ours=False), rules)
    refuse(rules.environment, rules.adopt, ((run.manifest, each) for each in refused))


def _make_room(
    cluster: Cluster, run: Run, path: str, live: Object, may_write: Callable[[], None], say: Callable[[str], None]
) -> None:
    """Delete what an earlier run left, and wait until it is gone."""
    where = f"{run.manifest.place}: {run.ref}"
    say(f"deleting the {run.ref} of an earlier run")
    let_go(cluster, path, live, may_write)
    if not is_going(live):
        may_write()
        delete(cluster, path, live, run.propagation.value)
    left = outlived(cluster, path, live, time.monotonic() + GONE_WITHIN + grace_of(live), may_write)
    if left is not None:
        raise still_there(left, run.ref, where, "or give the hook another name")


def _create(cluster: Cluster, run: Run, path: str, may_write: Callable[[], None]) -> Object | None:
    """Make the object; nothing where there is one already."""
    query = {"fieldManager": FIELD_MANAGER, "fieldValidation": "Strict"}
    body = {**run.held, "metadata": {**run.held["metadata"], "resourceVersion": ABSENT_VERSION}}
    may_write()
    try:
        made = cluster.request("PATCH", path, query, body, APPLY).data
    except Answered as answered:
        if answered.code == CONFLICT:
            return None
        raise _placed(run, answered) from answered
    except ClusterUnavailable as away:
        raise ClusterUnavailable(scrub(away.summary, run.body), retry_after=away.retry_after) from None
    try:
        may_write()
    except LeaseLost:  # no resource version guards an object that was not there: the next worker makes its own
        with suppress(ApplyRejected, ClusterRefused, Answered):
            _take_back(cluster, path, made, run.propagation.value)
        raise
    return made


def _let_run(cluster: Cluster, path: str, live: Object, may_write: Callable[[], None]) -> bool:
    """Let a Job run that was made and does not yet; False where somebody has written it since, or it has gone."""
    if not is_held(live):
        return True
    may_write()
    version = live["metadata"]["resourceVersion"]
    body = {"metadata": {"resourceVersion": version, "annotations": {HELD: None}}, "spec": {"suspend": None}}
    try:
        cluster.request("PATCH", path, {"fieldManager": FIELD_MANAGER}, body, MERGE)
    except Answered as answered:
        if answered.code not in (NOT_FOUND, CONFLICT):
            raise
        return False
    return True


def _take_back(cluster: Cluster, path: str, made: Object, propagation: str) -> None:
    """Delete what we made when the lane was another's already, unless that one has taken it up."""
    ours = cluster.guarded_by(nothing_to_ask)
    gone = take_back(ours, path, made, propagation)
    live = ours.find(path) if gone else None
    if live is not None and live["metadata"]["uid"] == made["metadata"]["uid"]:
        let_go(ours, path, live, nothing_to_ask)


def _placed(run: Run, answered: Answered) -> Exception:
    wishes = Wishes(manifest=run.manifest, declared=run.body, body=run.body)
    return placed(Patch(wishes=wishes, body=run.body, before=None, live=None), answered)
