"""Put a look in words that can be kept: each object with its ReplicaSets and pods, how each does, and why.

What somebody else says of them may quote a Secret, so values that we know of are taken out.
"""

from collections.abc import Callable, Iterable, Sequence

from pushboat.model.health import Finding, Health
from pushboat.model.observed import LONGEST_REASON, MOST_DEPENDENTS, Observed, worst_first
from pushboat.model.wording import printable
from workers.cluster.explaining.evidence import Evidence
from workers.cluster.health import assess
from workers.cluster.objects import Object, annotations, ref_of
from workers.cluster.waiting.belonging import REVISION, owned
from workers.cluster.waiting.looking import Look

See = Callable[[Look, Evidence], None]
"""Takes a look, and what may not be told of it."""


def unseen(_look: Look, _evidence: Evidence) -> None:
    """Keep nothing."""


def observed(look: Look, evidence: Evidence) -> tuple[Observed, ...]:
    """Tell of each object that there is something to wait for; who has pods, with what is known of them."""
    there = [each for each in look.findings if each.ref in look.objects or each.judgement.health is not Health.HEALTHY]
    return tuple(_root(look, evidence, each) for each in there)


def _root(look: Look, evidence: Evidence, finding: Finding) -> Observed:
    ref, judgement = finding.ref, finding.judgement
    pods = [*look.new_pods.get(ref, ()), *look.old_pods.get(ref, ())]
    sets = [each for each in look.replica_sets.get(ref, ()) if _is_in_use(each, pods)]
    made = look.dependents.get(ref, ())
    named_apart = {each.ref for each in look.findings}
    others = [each for each in made if ref_of(each) not in named_apart]
    below = [_replica_set(evidence, each, owned(each, pods)) for each in sets] or [
        _pod(evidence, each) for each in pods
    ]
    below += _made(evidence, look.objects[ref], others) if others else []
    named = worst_first(below)[:MOST_DEPENDENTS]
    return Observed(
        ref=ref,
        health=judgement.health,
        reason=_told(evidence, judgement.reason),
        dependents=tuple(named),
        more=len(below) - len(named),
    )


def _made(evidence: Evidence, owner: Object, others: Sequence[Object]) -> list[Observed]:
    """Tell of what an object made, with what that made in turn."""
    return [_dependent(evidence, each, others) for each in owned(owner, others)]


def _dependent(evidence: Evidence, live: Object, others: Sequence[Object]) -> Observed:
    below = worst_first(_made(evidence, live, others))
    judgement = assess(live, [each for each in owned(live, others) if each["kind"] == "Pod"])
    return Observed(
        ref=ref_of(live),
        health=judgement.health,
        reason=_told(evidence, judgement.reason),
        dependents=tuple(below[:MOST_DEPENDENTS]),
        more=max(0, len(below) - MOST_DEPENDENTS),
    )


def _replica_set(evidence: Evidence, live: Object, pods: Sequence[Object]) -> Observed:
    named = worst_first(_pod(evidence, each) for each in pods)
    judgement = assess(live, pods)
    revision = annotations(live).get(REVISION, "")
    return Observed(
        ref=ref_of(live),
        health=judgement.health,
        reason=_told(evidence, judgement.reason),
        note=printable(f"revision {revision}") if revision else "",
        dependents=tuple(named[:MOST_DEPENDENTS]),
        more=max(0, len(named) - MOST_DEPENDENTS),
    )


def _pod(evidence: Evidence, live: Object) -> Observed:
    judgement = assess(live)
    return Observed(ref=ref_of(live), health=judgement.health, reason=_told(evidence, judgement.reason))


def _is_in_use(replica_set: Object, pods: Iterable[Object]) -> bool:
    """Say whether a ReplicaSet has pods or should have: a Deployment keeps ten that rest."""
    return bool((replica_set.get("spec") or {}).get("replicas", 1)) or bool(owned(replica_set, list(pods)))


def _told(evidence: Evidence, reason: str) -> str:
    return printable(evidence.without_secrets(reason), LONGEST_REASON)
