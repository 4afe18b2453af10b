"""Pods of an older template that nobody replaces: some keep the new ones from coming, others just stay. Pure.

A StatefulSet's controller touches no pod while one before it is not ready, so a broken pod of the previous revision
keeps its own fix away for ever; a ReplicaSet's or ReplicationController's never looks at what its pods were made from.
"""

from collections.abc import Sequence

from pushboat.model.health import Health, Judgement
from pushboat.model.wording import counted
from workers.cluster.health import trouble
from workers.cluster.health.reading import is_true, progressing, spec
from workers.cluster.objects import Object
from workers.cluster.waiting.belonging import REPLACES_NO_PODS
from workers.cluster.waiting.templates import is_made_from

_UNREADY = (Health.PROGRESSING, Health.DEGRADED)


def with_old_pods(
    live: Object, judgement: Judgement, new_pods: Sequence[Object], old_pods: Sequence[Object]
) -> Judgement:
    """Add to a workload's judgement what its pods of an older template mean for it."""
    group, kind = str(live["apiVersion"]).rpartition("/")[0], live["kind"]
    if (group, kind) == ("apps", "StatefulSet") and judgement.health in _UNREADY:
        return _blocked(live, old_pods) or judgement
    if (group, kind) in REPLACES_NO_PODS and judgement.health is Health.HEALTHY:
        return _outlived(live, new_pods) or judgement
    return judgement


def _blocked(live: Object, old_pods: Sequence[Object]) -> Judgement | None:
    if spec(live).get("podManagementPolicy") == "Parallel":
        return None
    there = [each for each in old_pods if not each["metadata"].get("deletionTimestamp")]
    for pod in sorted(there, key=lambda each: str(each["metadata"]["name"])):
        if is_true(pod, "Ready"):
            continue
        name, found = pod["metadata"]["name"], trouble(pod)
        if found and found.broken:
            why = f"does not run, and nothing is replaced before it does ({found.sentence})"
            return Judgement(Health.DEGRADED, f"delete pod {name}: it is of the previous revision and {why}")
        why = f" ({found.sentence})" if found else ""
        return progressing(
            f"pod {name} of the previous revision is not ready{why}, and nothing is replaced before it is: "
            f"delete it where it never will be"
        )
    return None


def _outlived(live: Object, pods: Sequence[Object]) -> Judgement | None:
    there = [each for each in pods if not each["metadata"].get("deletionTimestamp")]
    template = spec(live).get("template") or {}
    old = [each for each in there if not is_made_from(template, each)]
    if not old:
        return None
    ways = "delete it to have it replaced" if len(old) == 1 else "delete them to have them replaced"
    verb = "runs" if len(old) == 1 else "run"
    return Judgement(
        Health.SUSPENDED, f"{len(old)} of {counted(len(there), 'pod')} still {verb} the old template; {ways}"
    )
