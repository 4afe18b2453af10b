"""Compare a cluster with the release that runs there: what is not as it was brought, and whose doing that is.

It is the plan of the same release, tried and not carried out: what a deployment would leave alone is no drift either.
"""

from collections.abc import Callable

from pushboat.errors import ApplyRejected, ClusterRefused
from pushboat.model.changeset import Action, Change, ChangeSet, FieldChange
from pushboat.model.drift import Drift, FieldDrift, Sort
from pushboat.model.health import Health
from workers.cluster.client.connection import Cluster
from workers.cluster.fieldsets import Steps, entries_of, paths
from workers.cluster.health.judging import assess
from workers.cluster.objects import Object
from workers.cluster.planning.managers import OURS, holder_of
from workers.cluster.planning.rules import among
from workers.cluster.planning.words import Plan
from workers.cluster.writing.dry_running import dry_run

_CALM = (Health.HEALTHY, Health.SUSPENDED, Health.UNVERIFIED)
_SORTS = {
    Action.CREATED: Sort.DELETED,
    Action.CONFIGURED: Sort.CHANGED,
    Action.RECREATED: Sort.CHANGED,
    Action.DELETED: Sort.ADDED,
}


def drift(cluster: Cluster, plan: Plan) -> tuple[Drift, ...]:
    """Find out where the cluster differs from the release that a plan was made of; nothing is written.

    What the API server would refuse to have as the release says has drifted all the same.

    Raises:
        ClusterRefused: we may not look.
        ClusterUnavailable: it does not answer.
    """
    live = {step.manifest.ref: step.live for step in plan.steps if step.live is not None}
    found = (_drift(change, live.get(change.ref)) for change in _tried(cluster, plan).changes)
    return tuple(each for each in found if each is not None)


def unwell(cluster: Cluster, plan: Plan) -> str:
    """Name the first object of a release that is not healthy now, as it says itself; empty where none is."""
    for step in plan.steps:
        judged = assess(step.live, (), cluster.rules) if step.live is not None else None
        if judged and judged.health not in _CALM:
            return f"{step.manifest.ref} is {judged.health}: {judged.reason}"
    return ""


def _tried(cluster: Cluster, plan: Plan) -> ChangeSet:
    shown: list[ChangeSet] = []
    try:
        return dry_run(cluster, plan, shown.append)
    except (ApplyRejected, ClusterRefused):
        if not shown:
            raise
        return shown[-1]


def _drift(change: Change, live: Object | None) -> Drift | None:
    sort = _SORTS.get(change.action)
    if change.action is Action.REFUSED:
        sort = Sort.DELETED if live is None else Sort.CHANGED
    if sort is None or (sort is Sort.CHANGED and not change.fields):  # only our own marks are missing
        return None
    fields = tuple(_field(each, live) for each in change.fields) if live is not None else ()
    return Drift(ref=change.ref, sort=sort, fields=fields)


def _field(change: FieldChange, live: Object | None) -> FieldDrift:
    by, at = _writer(live, change.path) if live is not None else ("", "")
    return FieldDrift(path=change.path, release=change.new, cluster=change.old, by=by, at=at, steps=change.steps)


def _writer(live: Object, path: str) -> tuple[str, str]:
    """Name who holds a field, or something in it, and when that was written; the newest of several, and never us.

    A mapping that is replaced as a whole, as a selector is, has one holder for all that is in it.
    """
    meant, around = among([path]), among(_around(path))
    entries = [(each, list(paths(each["fieldsV1"]))) for each in entries_of(live) if holder_of(each).manager != OURS]
    holding = [each for each, found in entries if any(_within(meant, steps) for steps in found)]
    holding = holding or [each for each, found in entries if any(around(steps) for steps in found)]
    newest = max(holding, key=lambda each: str(each.get("time", "")), default=None)
    return (str(holder_of(newest)), str(newest.get("time", ""))) if newest is not None else ("", "")


def _around(path: str) -> list[str]:
    """List the fields that a field is in: all but the whole object."""
    return [path[:place] for place, letter in enumerate(path) if letter in ".[" and place]


def _within(meant: Callable[[Steps], bool], steps: Steps) -> bool:
    """Say whether a path of a field set leads to a field, or into it."""
    return any(meant(steps[:length]) for length in range(1, len(steps) + 1))
