"""Deployment, StatefulSet, DaemonSet, ReplicaSet: enough new pods, all of them available, none of them failing."""

from collections.abc import Sequence

from pushboat.model.health import Health, Judgement
from workers.cluster.health.pods import worst
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    is_true,
    number,
    progressing,
    spec,
    status,
    unobserved,
    words,
)


def deployment(live: Object, pods: Sequence[Object]) -> Judgement:
    """Judge a Deployment."""
    paused = spec(live).get("paused") is True
    if unobserved(live, required=not paused):
        return _unseen()
    found, wanted = status(live), number(spec(live), "replicas", 1)
    if paused:
        old = number(found, "replicas") - number(found, "updatedReplicas")
        kept = f": {old} of {number(found, 'replicas')} pods run the old template until it goes on" if old > 0 else ""
        return Judgement(Health.SUSPENDED, f"is paused{kept}")
    trouble = worst(pods)
    progress = condition(live, "Progressing")
    if progress.get("reason") == "ProgressDeadlineExceeded":
        return degraded(_joined(words(progress) or "progress deadline exceeded", trouble), certain=True)
    updated, available = number(found, "updatedReplicas"), number(found, "availableReplicas")
    reason = ""
    if updated < wanted:
        reason = f"{updated} of {wanted} updated"
    elif number(found, "readyReplicas") < wanted or available < updated:
        reason = f"{min(available, updated)} of {wanted} ready"
    elif number(found, "replicas") > updated:
        reason = f"{number(found, 'replicas') - updated} old to go"
    return _rollout(
        reason, trouble, words(condition(live, "ReplicaFailure")) if is_true(live, "ReplicaFailure") else ""
    )


def stateful_set(live: Object, pods: Sequence[Object]) -> Judgement:
    """Judge a StatefulSet; pods that OnDelete or a partition keeps are counted, and nothing waits for them."""
    if unobserved(live, required=True) or number(status(live), "observedGeneration") == 0:
        return _unseen()
    strategy = spec(live).get("updateStrategy") or {}
    found, wanted = status(live), number(spec(live), "replicas", 1)
    ready, updated = number(found, "readyReplicas"), number(found, "updatedReplicas")
    if spec(live).get("minReadySeconds"):  # a pod that is ready has not yet proved to stay so
        ready = min(ready, number(found, "availableReplicas", ready))
    partition = number(strategy.get("rollingUpdate") or {}, "partition")
    reason = ""
    if ready < wanted:
        reason = f"{ready} of {wanted} ready"
    elif strategy.get("type") == "OnDelete":
        return _kept(wanted - updated, wanted, "until somebody deletes them")
    elif partition and updated >= wanted - partition:
        return _kept(min(partition, wanted - updated), wanted, f"until the partition of {partition} moves")
    elif partition:
        reason = f"{updated} of {wanted - partition} updated"
    elif found.get("updateRevision") != found.get("currentRevision"):
        reason = f"{updated} of {wanted} updated"
    elif number(found, "replicas") > wanted:
        reason = f"{number(found, 'replicas') - wanted} too many to go"
    return _rollout(reason, worst(pods))


def daemon_set(live: Object, pods: Sequence[Object]) -> Judgement:
    """Judge a DaemonSet."""
    if unobserved(live, required=True):
        return _unseen()
    found = status(live)
    wanted, updated = number(found, "desiredNumberScheduled"), number(found, "updatedNumberScheduled")
    available = min(number(found, "numberAvailable"), number(found, "numberReady"))
    reason = ""
    if (spec(live).get("updateStrategy") or {}).get("type") == "OnDelete":
        if available >= wanted:
            return _kept(wanted - updated, wanted, "until somebody deletes them")
        reason = f"{available} of {wanted} ready"
    elif updated < wanted:
        reason = f"{updated} of {wanted} updated"
    elif available < wanted:
        reason = f"{available} of {wanted} ready"
    return _rollout(reason, worst(pods))


def replica_set(live: Object, pods: Sequence[Object]) -> Judgement:
    """Judge a ReplicaSet or a ReplicationController."""
    if unobserved(live, required=True):
        return _unseen()
    found, wanted = status(live), number(spec(live), "replicas", 1)
    available = number(found, "availableReplicas")
    failure = words(condition(live, "ReplicaFailure")) if is_true(live, "ReplicaFailure") else ""
    reason = f"{available} of {wanted} ready" if available < wanted else ""
    return _rollout(reason, worst(pods), failure)


def _rollout(reason: str, trouble: Judgement | None, failure: str = "") -> Judgement:
    """Put the count and the worst pod together; pods only matter while something is missing."""
    if failure:
        return degraded(f"{reason}: {failure}" if reason else failure)
    if not reason:
        return HEALTHY
    if trouble is None:
        return progressing(reason)
    if trouble.health is Health.DEGRADED:
        return degraded(trouble.reason, certain=trouble.certain)
    return progressing(f"{reason}: {trouble.reason}")


def _kept(old: int, wanted: int, until: str) -> Judgement:
    """Judge what is as its author wants it, and yet runs something else than what was pushed."""
    if old <= 0:
        return HEALTHY
    return Judgement(Health.SUSPENDED, f"{old} of {wanted} pods run the old template {until}")


def _joined(reason: str, trouble: Judgement | None) -> str:
    return f"{trouble.reason} ({reason})" if trouble else reason


def _unseen() -> Judgement:
    return progressing("its controller has not seen it yet")
