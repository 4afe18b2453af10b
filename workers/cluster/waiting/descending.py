"""What an object made, where that is not a workload's pods: a CronJob's runs, and whatever names a custom object as its
owner among what the wait holds in its hands anyway.

It is shown and judges nothing. A CronJob that rests costs no request; one that runs, or whose last run failed, costs a
look at the jobs of its namespace, and the pods of those runs. Who may not read them goes without.
"""

from collections.abc import Iterator, Mapping, Sequence

from pushboat.model.health import Health
from pushboat.model.manifest import Ref
from workers.cluster.client.kinds import Kind
from workers.cluster.health import assess, is_passive
from workers.cluster.objects import Object, ref_of
from workers.cluster.waiting.belonging import WITH_PODS, owned, selector
from workers.cluster.waiting.watches import Watches

CRON_JOB = ("batch", "CronJob")
JOBS = Kind("batch", "v1", "Job", "jobs", namespaced=True)
PODS = Kind("", "v1", "Pod", "pods", namespaced=True)
RUNS_LOOKED_INTO = 4
"""Of one namespace, the newest first: the pods of each are a watch of their own."""
DEEPEST = 3
BUILT_IN = ("", "apps", "batch", "autoscaling", "policy")
"""Groups of kinds that are no custom ones, beside those below `k8s.io`."""


def dependents(watches: Watches, found: Mapping[Ref, Object]) -> dict[Ref, Sequence[Object]]:
    """Give, by its maker, all that is known to descend from an object."""
    runs = _runs(watches, [live for ref, live in found.items() if (ref.group, ref.kind) == CRON_JOB])
    made_by: dict[str, list[Object]] = {}
    for live in watches.held():
        for entry in live["metadata"].get("ownerReferences") or ():
            made_by.setdefault(str(entry.get("uid")), []).append(live)
    custom = {ref: live for ref, live in found.items() if is_custom(ref)} if made_by else {}
    below = {ref: tuple(_below(live, made_by, DEEPEST)) for ref, live in custom.items()}
    return runs | {ref: made for ref, made in below.items() if made}


def is_custom(ref: Ref) -> bool:
    """Say whether an object is of somebody's own kind, and may be one that makes others."""
    ours = (ref.group, ref.kind) in WITH_PODS or ref.group in BUILT_IN or ref.group.endswith(".k8s.io")
    return not ours and not is_passive(ref.group, ref.kind)


def _below(owner: Object, made_by: Mapping[str, Sequence[Object]], depth: int) -> Iterator[Object]:
    for live in made_by.get(owner["metadata"]["uid"], ()) if depth else ():
        yield live
        yield from _below(live, made_by, depth - 1)


def _runs(watches: Watches, cron_jobs: Sequence[Object]) -> dict[Ref, Sequence[Object]]:
    asked = [live for live in cron_jobs if _has_something_to_tell(live)]
    if not asked:
        return {}
    places = {live["metadata"]["namespace"] for live in asked}
    jobs = watches.perhaps(((JOBS, place), "") for place in sorted(places))
    runs = {ref_of(live): _newest(live, jobs) for live in asked}
    shown = sorted((run for each in runs.values() for run in each), key=_begun, reverse=True)
    looked_into = [run for place in places for run in _in(place, shown)[:RUNS_LOOKED_INTO]]
    pods = watches.perhaps(((PODS, run["metadata"]["namespace"]), selector(run)) for run in looked_into)
    return {ref: [*made, *(pod for run in made for pod in owned(run, pods))] for ref, made in runs.items() if made}


def _has_something_to_tell(cron_job: Object) -> bool:
    return bool((cron_job.get("status") or {}).get("active")) or assess(cron_job).health is Health.DEGRADED


def _newest(cron_job: Object, jobs: Sequence[Object]) -> list[Object]:
    """Choose the runs that go on, or the last one: that an earlier one failed is no news of today."""
    mine = sorted(owned(cron_job, jobs), key=_begun, reverse=True)
    active = {str(each.get("uid")) for each in (cron_job.get("status") or {}).get("active") or ()}
    return [run for run in mine if run["metadata"]["uid"] in active] or mine[:1]


def _begun(job: Object) -> str:
    return str(job["metadata"].get("creationTimestamp", ""))


def _in(namespace: str, jobs: Sequence[Object]) -> list[Object]:
    return [each for each in jobs if each["metadata"]["namespace"] == namespace]
