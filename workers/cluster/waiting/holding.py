"""How long each finding may hold a deployment up: until it is healthy, for a while, or not at all. Pure."""

from collections.abc import Mapping

from pushboat.model.health import Finding, Health, Judgement

ENOUGH_TO_END = (Health.HEALTHY, Health.UNVERIFIED, Health.SUSPENDED)
FOR_EVER = float("inf")
HOLDS_FOR: Mapping[tuple[str, str], float] = {
    ("networking.k8s.io", "Ingress"): 0.0,  # many controllers never report an address
    ("autoscaling", "HorizontalPodAutoscaler"): 0.0,  # looks for the first time after 15 s, and needs pods' metrics
    ("", "PersistentVolumeClaim"): 0.0,  # may wait for its first consumer; a pod that needs it is not ready either
    ("batch", "CronJob"): 0.0,  # its last run was another revision's
    ("", "Service"): 30.0,  # a load balancer's address
}
"""Kinds that do not hold a deployment up for longer than this many seconds once everything else is healthy."""
SPEAKS_AT_ALL_WITHIN = 10.0
"""Seconds, once everything else is healthy, for the first word of a controller that is known to speak: there may be
none in this cluster."""
CANARIES = frozenset({("argoproj.io", "Rollout"), ("flagger.app", "Canary")})
"""Kinds whose rollout takes hours by design: what counts is that it goes on."""


def holds_for(finding: Finding) -> float:
    """Say for how many seconds a finding holds a deployment up once everything else is healthy."""
    if finding.judgement.health in ENOUGH_TO_END:
        return 0.0
    if not finding.judgement.spoken:
        return SPEAKS_AT_ALL_WITHIN
    return HOLDS_FOR.get((finding.ref.group, finding.ref.kind), FOR_EVER)


def is_soft(finding: Finding) -> bool:
    """Say whether a kind may stay as it is without failing a deployment."""
    return (finding.ref.group, finding.ref.kind) in HOLDS_FOR


def is_canary(finding: Finding) -> bool:
    """Say whether the time to wait counts from its last step."""
    return (finding.ref.group, finding.ref.kind) in CANARIES


def accepted(finding: Finding) -> Finding:
    """Call what we stopped waiting for by its name: not verified."""
    if finding.judgement.health in ENOUGH_TO_END:
        return finding
    return Finding(finding.ref, Judgement(Health.UNVERIFIED, finding.judgement.reason))


def unended(finding: Finding) -> Finding:
    """Call what is suspended still at it: nothing has come of it yet."""
    if finding.judgement.health is not Health.SUSPENDED:
        return finding
    return Finding(finding.ref, Judgement(Health.PROGRESSING, f"{finding.judgement.reason}, and has not ended"))
