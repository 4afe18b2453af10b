"""Wait until everything runs, say what is missing, and stop early only where waiting cannot help.

The cluster is watched, so a wait ends with the event that it waits for; between two events nobody asks anything.
"""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from pushboat.errors import ClusterUnavailable, Unhealthy
from pushboat.model import container_log
from pushboat.model.health import Finding, Health, Judgement
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.client.connection import Cluster
from workers.cluster.explaining.evidence import Evidence
from workers.cluster.explaining.explaining import explain
from workers.cluster.objects import PART_OF, is_secret
from workers.cluster.waiting.belonging import WITH_PODS
from workers.cluster.waiting.fleeting import HEARD_OF_WITHIN
from workers.cluster.waiting.hearing import Hearing
from workers.cluster.waiting.holding import ENOUGH_TO_END, FOR_EVER, accepted, holds_for, is_soft, unended
from workers.cluster.waiting.hopeless import next_try
from workers.cluster.waiting.looking import Look, look
from workers.cluster.waiting.naming import also
from workers.cluster.waiting.observing import See, unseen
from workers.cluster.waiting.patience import Patience, duration
from workers.cluster.waiting.settling import Settling
from workers.cluster.waiting.watches import Watches

SAY_EVERY = 10.0
ASK_EVERY = 1.0
"""Seconds between two questions whether to go on, where nothing happens."""
PAUSE_PER_LOOK = 4.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.02, 0.5
"""Times as long as a look took, and seconds, between two looks: a thousand events are not a thousand looks. The first
one lists, and what it waited for the API server is no reason to look late."""
AWAY_SECONDS = 30.0
"""That the API server may be away before the wait is left for a while; what runs keeps running meanwhile."""
LAST_LOOK_SECONDS = 30.0
"""What is left of a wait at least, for one that comes back after its time: a look, and what a probe needs."""


@dataclass(slots=True)
class _Wait:
    """One wait in progress."""

    began: float
    deadline: float
    patience: Patience
    hearing: Hearing
    settling: Settling
    written: Collection[Ref]
    rolled: set[Ref]
    told: Evidence
    see: See
    to_the_end: bool = False
    said_at: float = float("-inf")
    unreachable_since: float | None = None
    healthy_since: float | None = None
    is_hearsay: bool = False
    """Whether pods had to go on running: a process without a processor hears of a crash only after it has looked."""
    looks_anew: bool = False
    condemned: set[Ref] | None = None
    named: set[Ref] = field(default_factory=set)
    last: Look = field(default_factory=Look)

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began


def wait(
    watches: Watches,
    manifests: Sequence[Manifest],
    *,
    deadline: float,
    give_way: Callable[[], None],
    say: Callable[[str], None],
    labels: str = PART_OF,
    to_the_end: bool = False,
    waited: float = 0.0,
    written: Collection[Ref] = (),
    see: See = unseen,
) -> tuple[Finding, ...]:
    """Wait until all objects are healthy, at most `deadline` seconds; 0 does not wait. `waited` of them are over.

    `labels` keep to our objects (`of_inventory`). Unverified and Suspended ones are accepted, unless they are to run
    `to_the_end`. `written`: what was changed, so that its pods are new, though the first look may find them ready.
    Each look is shown to `see`, the last one too.

    Raises:
        Unhealthy: something failed for certain, or time ran out; names object, pod, container and reason.
        ClusterUnavailable: the API server was away for too long.
    """
    if deadline <= 0:
        return tuple(Finding(each.ref, Judgement(Health.UNVERIFIED, "not waited for")) for each in manifests)
    waiting = _Wait(
        began=time.monotonic() - max(0.0, min(waited, deadline - LAST_LOOK_SECONDS)),
        deadline=deadline,
        patience=Patience(deadline),
        hearing=Hearing(written, watches.cluster.kinds),
        settling=Settling(manifests),
        written=written,
        rolled={ref for ref in written if (ref.group, ref.kind) in WITH_PODS},
        told=Evidence(secrets=[*watches.secrets, *(each.body for each in manifests if is_secret(each.body))]),
        see=see,
        to_the_end=to_the_end,
    )
    watches.anew()
    try:
        return _until_healthy(watches, manifests, labels, waiting, give_way, say)
    finally:
        see(waiting.last, waiting.told)


def _until_healthy(
    watches: Watches,
    manifests: Sequence[Manifest],
    labels: str,
    waiting: _Wait,
    give_way: Callable[[], None],
    say: Callable[[str], None],
) -> tuple[Finding, ...]:
    while True:
        give_way()
        began = time.monotonic() if waiting.last.findings else float("inf")  # the first look costs no pause
        try:
            waiting.last = _look(watches, manifests, labels, waiting)
            waiting.unreachable_since = None
            if (due := _due(watches, waiting)) <= 0 and waiting.is_hearsay:
                waiting.is_hearsay = False
                watches.again()
                continue
            if due <= 0:
                found = tuple(accepted(waiting.hearing.accepted(each)) for each in waiting.last.findings)
                waiting.last = replace(waiting.last, findings=found)
                return found
            waiting.see(waiting.last, waiting.told)
            _report(waiting, say)
        except ClusterUnavailable as away:
            _be_patient(waiting, away, say)
            due = ASK_EVERY
        watches.follow()
        time.sleep(max(SHORTEST_PAUSE, min(LONGEST_PAUSE, PAUSE_PER_LOOK * (time.monotonic() - began))))
        watches.rest(min(due, SAY_EVERY), ASK_EVERY, give_way)


def _look(watches: Watches, manifests: Sequence[Manifest], labels: str, waiting: _Wait) -> Look:
    seen = look(
        watches,
        manifests,
        labels,
        with_pods_of=waiting.settling.concerns & waiting.rolled,
        rolled=waiting.rolled,
        expected=waiting.written if waiting.elapsed < HEARD_OF_WITHIN else (),
    )
    return replace(seen, findings=tuple(map(unended, seen.findings))) if waiting.to_the_end else seen


def _due(watches: Watches, waiting: _Wait) -> float:
    """Say after how many seconds to look again although nothing changed; 0: the wait is over.

    Raises:
        Unhealthy: it will not be, or not in time.
    """
    cluster, findings = watches.cluster, waiting.last.findings
    _fail_for_certain(cluster, waiting)
    if hard := [each for each in findings if holds_for(each) == FOR_EVER]:
        return _due_of(watches, waiting, hard)
    if waiting.healthy_since is None:
        waiting.healthy_since = time.monotonic()
    held = time.monotonic() - waiting.healthy_since
    soft = max(
        max(map(holds_for, findings), default=0.0) - held,
        waiting.hearing.left(findings, waiting.last.objects, waiting.elapsed),
    )
    settle = waiting.settling.left(waiting.rolled, waiting.last.new_pods, watches.clock_ahead)
    waiting.is_hearsay |= settle > 0
    return max(settle, min(soft, waiting.deadline - waiting.elapsed))


def _fail_for_certain(cluster: Cluster, waiting: _Wait) -> None:
    certain = [each for each in waiting.last.findings if each.judgement.certain and not is_soft(each)]
    refs = {each.ref for each in certain}
    if waiting.condemned is None:  # a progress deadline that passed before we began is about what was there then
        waiting.condemned = {ref for ref in refs if (ref.group, ref.kind) == ("apps", "Deployment")}
    waiting.condemned &= refs
    if news := [each for each in certain if each.ref not in waiting.condemned]:
        raise _unhealthy(cluster, news, waiting, "")


def _due_of(watches: Watches, waiting: _Wait, hard: Sequence[Finding]) -> float:
    """Wait for what must be healthy; a canary has its time again after each step."""
    waiting.healthy_since = None
    waiting.rolled |= {each.ref for each in hard if (each.ref.group, each.ref.kind) in WITH_PODS}
    left, clock = waiting.patience.left(hard, waiting.elapsed), time.time() + watches.clock_ahead
    vain = [each for each in hard if next_try(waiting.last.new_pods.get(each.ref, ()), clock) > left > 0]
    if left > 0 and not vain:
        waiting.looks_anew = False
        heard = HEARD_OF_WITHIN - waiting.elapsed
        return min(left, heard) if heard > 0 else left  # what nothing was heard of by then is judged without
    if not waiting.looks_anew:  # a watch, or we ourselves, may have stood still: what is old makes nothing red
        waiting.looks_anew = True
        watches.again()
        return SHORTEST_PAUSE
    how = "healthy, and not tried again within" if vain else "healthy after"
    raise _unhealthy(watches.cluster, vain or hard, waiting, f"not {how} {duration(waiting.deadline)}: ")


def _unhealthy(cluster: Cluster, findings: Sequence[Finding], waiting: _Wait, prefix: str) -> Unhealthy:
    last = waiting.last
    evidence = replace(waiting.told, objects=last.objects, new_pods=last.new_pods, old_pods=last.old_pods)
    told = explain(cluster, findings, evidence)
    sharp = {each.ref: each for each in told.findings}
    waiting.last = replace(last, findings=tuple(sharp.get(each.ref, each) for each in last.findings))
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return Unhealthy(f"{prefix}{told.findings[0]}{more}", told.details, logs=container_log.written(told.logs))


def _report(waiting: _Wait, say: Callable[[str], None]) -> None:
    """Say what is waited for now and then, and at once what has begun to fail."""
    pending = [each for each in waiting.last.findings if each.judgement.health not in ENOUGH_TO_END]
    if not pending:
        return
    pending.sort(key=lambda each: (is_soft(each), each.judgement.health is not Health.DEGRADED))
    first, *others = pending
    fails = first.judgement.health is Health.DEGRADED
    if time.monotonic() - waiting.said_at < SAY_EVERY and (not fails or first.ref in waiting.named):
        return
    again = "tried again, " if fails else ""
    reason = waiting.told.without_secrets(first.judgement.reason)
    left = f"waited {waiting.elapsed:.0f} s of {duration(waiting.deadline)}"
    say(f"waiting for {first.ref}: {reason}{also(others)}; {again}{left}")
    waiting.said_at = time.monotonic()
    waiting.named |= {first.ref} if fails else set()


def _be_patient(waiting: _Wait, away: ClusterUnavailable, say: Callable[[str], None]) -> None:
    now = time.monotonic()
    waiting.unreachable_since = waiting.unreachable_since or now
    lasted = now - waiting.unreachable_since
    if lasted > AWAY_SECONDS:
        raise away
    if now - waiting.said_at >= SAY_EVERY:
        say(f"{away.summary}; waited {lasted:.0f} s, looks for {AWAY_SECONDS - lasted:.0f} s more")
        waiting.said_at = now
