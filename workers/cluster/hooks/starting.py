"""Make a hook's object for one run, once: what an earlier run left is deleted first, what this run made is found."""

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable, LeaseLost, PushboatError, Unhealthy
from workers.cluster.client.connection import APPLY, FIELD_MANAGER, MERGE, Cluster
from workers.cluster.client.lines import nothing_to_ask
from workers.cluster.client.refusals import CONFLICT, NOT_FOUND, Answered
from workers.cluster.hooks.ending import delete, let_go
from workers.cluster.hooks.words import HELD, RUN, Run, is_held
from workers.cluster.masking import scrub
from workers.cluster.objects import ABSENT_VERSION, PART_OF, Object, is_going, labels
from workers.cluster.planning.adopting import refusals, refuse
from workers.cluster.planning.fitting import Wishes
from workers.cluster.planning.owners import owners_of
from workers.cluster.planning.rules import Rules
from workers.cluster.writing.giving_room import GONE_WITHIN, grace_of, outlived, still_there
from workers.cluster.writing.knowing import until_known
from workers.cluster.writing.parking import bring_up, webhook_away
from workers.cluster.writing.patching import NotServed, kind_of
from workers.cluster.writing.settling import Patch, placed
from workers.cluster.writing.taking_back import take_back

ATTEMPTS = 4
Neighbours = Callable[[str], str | None]
"""Says of a run by its label which other environment of the repository runs it: empty where that run is over, None
where it is no neighbour's."""


def nobodys(_run: str) -> None:
    """Know of no neighbour."""


class NotYet(Exception):
    """A hook cannot begin before `what` is so; once the time is over, `verdict` says who must act."""

    def __init__(self, what: str, verdict: Callable[[str], PushboatError]) -> None:
        super().__init__(what)
        self.what, self.verdict = what, verdict


def start(
    cluster: Cluster,
    run: Run,
    rules: Rules,
    may_write: Callable[[], None],
    say: Callable[[str], None],
    neighbours: Neighbours = nobodys,
    begins: Callable[[], None] = nothing_to_ask,
) -> None:
    """Let a hook run, unless this run has begun already; `begins` is told before it does.

    Raises:
        NotYet: its kind is not served yet, a webhook that is asked about it is not up, or a neighbour's hook of that
            name still runs.
        ApplyRejected: the object is refused, or one of that name is not a hook of this repository.
        LeaseLost: another worker has the lane.
    """
    path, begun = _path(cluster, run), None
    for _ in range(ATTEMPTS):
        live = cluster.find(path)
        if live is not None and not run.made(live):
            _refuse_to_replace(run, live, rules, neighbours)
            _make_room(cluster, run, path, live, may_write, say)
            live = None
        if live is None:
            begins()
            live = begun = _create(cluster, run, path, may_write, say)
        if live is not None and _let_run(cluster, run, path, live, may_write):
            if live is begun or is_held(live):
                say(f"running {run.ref} ({run.said})")
            return
    raise ClusterUnavailable(f"{run.ref}: somebody else keeps making it")


def _path(cluster: Cluster, run: Run) -> str:
    try:
        return kind_of(cluster, run.manifest).path(run.ref.namespace, run.ref.name)
    except NotServed as unserved:
        kind, place = f"kind {run.ref.kind} of {run.manifest.api_version}", f"{run.manifest.place}: {run.ref}"

        def never(within: str) -> PushboatError:
            return ApplyRejected(f"correct the kind or add its CRD: nobody served {kind} within {within} — {place}")

        raise NotYet(f"{kind}, which hook {run.said} {run.ref} is of", never) from unserved


def _refuse_to_replace(run: Run, live: Object, rules: Rules, neighbours: Neighbours) -> None:
    """Let nobody's object be deleted that could not be taken over: what another tool ran is that tool's."""
    if run.may_replace(live) or is_going(live):
        return
    foreign, where = labels(live).get(PART_OF), f"{run.manifest.place}: {run.ref}"
    if foreign not in (None, labels(run.body)[PART_OF]):
        who = neighbours(labels(live).get(RUN, ""))
        if who == "":
            return

        def runs_on(within: str) -> PushboatError:
            return Unhealthy(
                f"give the hook another name: {where} is a hook of {who} and had not ended within {within}"
            )

        if who:
            raise NotYet(f"{run.ref}, which {who} runs as a hook of its own", runs_on)
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


def _create(
    cluster: Cluster, run: Run, path: str, may_write: Callable[[], None], say: Callable[[str], None]
) -> Object | None:
    """Make the object; nothing where there is one already."""
    query = {"fieldManager": FIELD_MANAGER, "fieldValidation": "Strict"}
    body = {**run.held, "metadata": {**run.held["metadata"], "resourceVersion": ABSENT_VERSION}}
    may_write()
    try:
        ask = partial(cluster.request, "PATCH", path, query, body, APPLY)
        made = until_known(cluster, kind_of(cluster, run.manifest), body, ask, may_write, say).data
    except Answered as answered:
        if answered.code == CONFLICT:
            return None
        _refuse_to_wait_alone(cluster.name, run, answered)
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


def _refuse_to_wait_alone(cluster: str, run: Run, answered: Answered) -> None:
    """Let a hook wait for a webhook as any object does: for the environment's time, beside the rest of its wave."""
    away = webhook_away(answered, run.ref, run.body)
    if away is None:
        return
    about = f"{run.manifest.place}: {run.ref}: {away.why}"

    def never(within: str) -> PushboatError:
        return bring_up(cluster, away.what, within, about)

    raise NotYet(f"{away.what}, which hook {run.said} {run.ref} needs", never) from answered


def _let_run(cluster: Cluster, run: Run, path: str, live: Object, may_write: Callable[[], None]) -> bool:
    """Let a Job run that was made and does not yet; False where somebody has written it since, or it has gone.

    A webhook may be asked about this write that was not asked about the first one.
    """
    if not is_held(live):
        return True
    may_write()
    version = live["metadata"]["resourceVersion"]
    body = {"metadata": {"resourceVersion": version, "annotations": {HELD: None}}, "spec": {"suspend": None}}
    try:
        cluster.request("PATCH", path, {"fieldManager": FIELD_MANAGER}, body, MERGE)
    except Answered as answered:
        if answered.code in (NOT_FOUND, CONFLICT):
            return False
        _refuse_to_wait_alone(cluster.name, run, answered)
        raise _placed(run, answered) from answered
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
