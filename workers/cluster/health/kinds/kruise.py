"""OpenKruise: workloads with the counts of the core ones.

https://openkruise.io/docs/user-manuals/cloneset and its siblings name the fields.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import bad_news
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    mapping,
    number,
    progressing,
    spec,
    status,
    suspended,
    unspoken,
    words,
)


def workload(live: Object) -> Judgement:
    """Judge a CloneSet or an advanced StatefulSet: all of its pods new, but for its partition, and available."""
    found, wanted = status(live), number(spec(live), "replicas", 1)
    strategy = mapping(spec(live).get("updateStrategy"))
    rolling = mapping(strategy.get("rollingUpdate")) or strategy
    return _counted(
        live,
        paused=rolling.get("paused") is True,
        wanted=wanted,
        new=number(found, "updatedReplicas") + number(rolling, "partition"),
        available=number(found, "availableReplicas"),
    )


def daemon_set(live: Object) -> Judgement:
    """Judge an advanced DaemonSet."""
    found = status(live)
    rolling = mapping(mapping(spec(live).get("updateStrategy")).get("rollingUpdate"))
    return _counted(
        live,
        paused=rolling.get("paused") is True,
        wanted=number(found, "desiredNumberScheduled"),
        new=number(found, "updatedNumberScheduled") + number(rolling, "partition"),
        available=number(found, "numberAvailable"),
    )


def _counted(live: Object, *, paused: bool, wanted: int, new: int, available: int) -> Judgement:
    if "observedGeneration" not in status(live):
        return unspoken()
    for each in ("FailedScale", "FailedUpdate", "FailedCreatePod", "FailedUpdatePod"):
        if condition(live, each).get("status") == "True":
            return degraded(words(condition(live, each)) or each)
    if news := bad_news(live):
        return news
    if new < wanted:
        count = f"{new} of {wanted} updated"
        return suspended(f"is paused with {count}") if paused else progressing(count)
    return progressing(f"{available} of {wanted} available") if available < wanted else HEALTHY
