"""Wait until everything runs, say what is missing, and stop early where waiting cannot help.

One LIST per kind and namespace each time, at a pace that slows down: twenty waits at once must not wear out a cluster.
"""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from pushboat.errors import ClusterUnavailable, Unhealthy
from pushboat.model.health import Finding, Health, Judgement
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.client.connection import Cluster
from workers.cluster.objects import PART_OF
from workers.cluster.waiting.explaining import explain
from workers.cluster.waiting.looking import WITH_PODS, Look, look
from workers.cluster.waiting.naming import also

FIRST_TICK, TICK_GROWTH = 0.1, 1.25
LONGEST_TICKS = ((10.0, 1.0), (60.0, 2.0), (float("inf"), 4.0))
"""Up to how many seconds of waiting, how long a tick may be at most."""
SAY_EVERY = 10.0
AWAY_SECONDS = 30.0
"""That the API server may be away before the wait is left for a while; what runs keeps running meanwhile."""
LAST_LOOK_SECONDS = 30.0
"""What is left of a wait at least, for one that comes back after its time: a look, and what a probe needs."""
HOLDS_FOR: dict[tuple[str, str], float] = {
    ("networking.k8s.io", "Ingress"): 0.0,  # many controllers never report an address
    ("autoscaling", "HorizontalPodAutoscaler"): 0.0,  # looks for the first time after 15 s, and needs pods' metrics
    ("", "PersistentVolumeClaim"): 0.0,  # may wait for its first consumer; a pod that needs it is not ready either
    ("batch", "CronJob"): 0.0,  # its last run was another revision's
    ("", "Service"): 30.0,  # a load balancer's address
}
"""Kinds that do not hold a deployment up for longer than this many seconds once everything else is healthy."""
SETTLES_FOR = 1.0
"""Seconds that a rollout without readiness probes must stay healthy: its pods count as ready before they can crash."""
ENOUGH_TO_END = (Health.HEALTHY, Health.UNVERIFIED, Health.SUSPENDED)


@dataclass(slots=True)
class _Wait:
    """One wait in progress."""

    began: float
    deadline: float
    said_at: float = float("-inf")
    unreachable_since: float | None = None
    healthy_since: float | None = None
    settle: float = 0.0
    rolled: bool = False
    tick: float = FIRST_TICK
    last: Look = field(default_factory=Look)

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began


def wait(
    cluster: Cluster,
    manifests: Sequence[Manifest],
    *,
    deadline: float,
    give_way: Callable[[], None],
    say: Callable[[str], None],
    part_of: str = "",
    waited: float = 0.0,
    written: Collection[Ref] = (),
) -> tuple[Finding, ...]:
    """Wait until all objects are healthy, at most `deadline` seconds; 0 does not wait. `waited` of them are over.

    `part_of` (the inventory's id) keeps the LISTs to our own objects. Unverified and Suspended objects are accepted.
    `written` are the objects that this deployment has changed: their pods are new, also where the first look comes so
    late that they count as ready already.

    Raises:
        Unhealthy: something failed for certain, or time ran out; names object, pod, container and reason.
        ClusterUnavailable: the API server was away for too long.
    """
    if deadline <= 0:
        return tuple(Finding(each.ref, Judgement(Health.UNVERIFIED, "not waited for")) for each in manifests)
    settle = SETTLES_FOR if any(_has_no_probe(each) for each in manifests) else 0.0
    over = max(0.0, min(waited, deadline - LAST_LOOK_SECONDS))
    waiting = _Wait(began=time.monotonic() - over, deadline=deadline, settle=settle)
    waiting.rolled = any(ref.kind in WITH_PODS for ref in written)
    labels = f"{PART_OF}={part_of}" if part_of else PART_OF
    while True:
        give_way()
        try:
            before = waiting.last.findings
            waiting.last = look(cluster, manifests, labels, with_pods=waiting.elapsed > FIRST_TICK, before=before)
        except ClusterUnavailable as away:
            _be_patient(waiting, away, say)
        else:
            waiting.unreachable_since = None
            if _is_over(cluster, waiting):
                return _accepted(waiting.last)
            _report(waiting, say)
        _sleep(waiting)


def _is_over(cluster: Cluster, waiting: _Wait) -> bool:
    findings = waiting.last.findings
    if certain := [each for each in findings if each.judgement.certain and not _is_soft(each)]:
        raise _unhealthy(cluster, certain, waiting, "")
    pending = [each for each in findings if each.judgement.health not in ENOUGH_TO_END]
    hard = [each for each in pending if not _is_soft(each)]
    if hard:
        waiting.healthy_since = None
        waiting.rolled = waiting.rolled or any(each.ref.kind in WITH_PODS for each in hard)
        if waiting.elapsed >= waiting.deadline:
            raise _unhealthy(cluster, hard, waiting, f"not healthy after {_duration(waiting.deadline)}: ")
        return False
    if waiting.healthy_since is None:
        waiting.healthy_since, waiting.tick = time.monotonic(), FIRST_TICK
    held = time.monotonic() - waiting.healthy_since
    hold = max([waiting.settle if waiting.rolled else 0.0, *(_holds_for(each) for each in pending)])
    return held >= hold or waiting.elapsed >= waiting.deadline


def _accepted(last: Look) -> tuple[Finding, ...]:
    """Call what we stopped waiting for by its name: not verified."""
    return tuple(
        each
        if each.judgement.health in ENOUGH_TO_END
        else Finding(each.ref, Judgement(Health.UNVERIFIED, each.judgement.reason))
        for each in last.findings
    )


def _has_no_probe(manifest: Manifest) -> bool:
    spec = manifest.body.get("spec") or {}
    if manifest.ref.kind not in WITH_PODS - {"Job"} or spec.get("minReadySeconds"):
        return False
    containers = ((spec.get("template") or {}).get("spec") or {}).get("containers") or ()
    return any("readinessProbe" not in each for each in containers)


def _is_soft(finding: Finding) -> bool:
    return (finding.ref.group, finding.ref.kind) in HOLDS_FOR


def _holds_for(finding: Finding) -> float:
    return HOLDS_FOR[finding.ref.group, finding.ref.kind]


def _unhealthy(cluster: Cluster, findings: Sequence[Finding], waiting: _Wait, prefix: str) -> Unhealthy:
    first = findings[0]
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    summary = f"{prefix}{first.ref}: {first.judgement.reason or first.judgement.health.value}{more}"
    return Unhealthy(summary, explain(cluster, findings, waiting.last))


def _report(waiting: _Wait, say: Callable[[str], None]) -> None:
    if time.monotonic() - waiting.said_at < SAY_EVERY:
        return
    pending = [each for each in waiting.last.findings if each.judgement.health not in ENOUGH_TO_END]
    if pending:
        pending.sort(key=_is_soft)
        first, *others = pending
        say(f"waiting for {first.ref}: {first.judgement.reason}{also(others)}; {_left(waiting)}")
        waiting.said_at = time.monotonic()


def _be_patient(waiting: _Wait, away: ClusterUnavailable, say: Callable[[str], None]) -> None:
    now = time.monotonic()
    waiting.unreachable_since = waiting.unreachable_since or now
    lasted = now - waiting.unreachable_since
    if lasted > AWAY_SECONDS:
        raise away
    if now - waiting.said_at >= SAY_EVERY:
        say(f"{away.summary}; waited {lasted:.0f} s, looks for {AWAY_SECONDS - lasted:.0f} s more")
        waiting.said_at = now


def _sleep(waiting: _Wait) -> None:
    longest = next(tick for until, tick in LONGEST_TICKS if waiting.elapsed < until)
    waiting.tick = min(waiting.tick * TICK_GROWTH, longest)
    left = waiting.began + waiting.deadline - time.monotonic()
    time.sleep(min(waiting.tick, max(left, FIRST_TICK)))


def _left(waiting: _Wait) -> str:
    return f"waited {waiting.elapsed:.0f} s of {_duration(waiting.deadline)}"


def _duration(seconds: float) -> str:
    return f"{seconds / 60:g}m" if seconds >= 60 else f"{seconds:g}s"
