"""Jobs, Workflows and other work that removes itself once it has ended: how it ended is known from what was seen before
it went."""

from collections.abc import Mapping, Sequence

from pushboat.model.health import Finding, Health, Judgement
from pushboat.model.manifest import Manifest
from workers.cluster.health import assess
from workers.cluster.health.reading import progressing
from workers.cluster.inventory import done
from workers.cluster.objects import APPLIED, Object, annotations
from workers.cluster.planning.words import Plan

HEARD_OF_WITHIN = 3.0
"""Seconds that the news of what was just written may take; without a watch there may be none."""

LIVES = ("ttlSecondsAfterFinished", "ttlStrategy", "timeToLiveSeconds")
"""Fields of a spec that let its object go by itself: of Jobs, JobSets and, one level down, Kubeflow's training jobs; of
Argo's Workflows; of SparkApplications."""
WITHIN = "runPolicy"

UNSEEN = Judgement(Health.UNVERIFIED, "was cleaned up before we saw how it ended: a longer time to live helps")


def is_fleeting(manifest: Manifest) -> bool:
    """Say whether an object goes by itself once it has done its work."""
    spec = manifest.body.get("spec")
    places = (spec, spec.get(WITHIN)) if isinstance(spec, Mapping) else ()
    return any(name in place for place in places if isinstance(place, Mapping) for name in LIVES)


def ended(plan: Plan, findings: Sequence[Finding]) -> frozenset[str]:
    """Name the work of a plan that was done well and may remove itself, now or earlier, for the inventory to keep."""
    well = {finding.ref for finding in findings if finding.judgement.health is Health.HEALTHY}
    return frozenset(
        done(step.manifest.ref, annotations(step.wishes.body)[APPLIED])
        for step in plan.steps
        if step.is_over or (is_fleeting(step.manifest) and step.manifest.ref in well)
    )


def remembered(
    live: Object | None, ended: Object | None, pods: Sequence[Object], *, is_expected: bool = False
) -> Judgement:
    """Judge such an object as it is, or as it was when it went; one that is being cleaned up is what it was.

    `is_expected`: it was just written, so what happens to it is still to be heard of.
    """
    if live is not None:
        return assess(_as_if_it_stayed(live), pods)
    if ended is None:
        return progressing("has not been seen yet") if is_expected else UNSEEN
    was = assess(_as_if_it_stayed(ended))
    if was.health is Health.HEALTHY:
        return Judgement(Health.HEALTHY, "finished and cleaned up")
    return was if was.certain else UNSEEN


def _as_if_it_stayed(live: Object) -> Object:
    metadata = {key: each for key, each in live["metadata"].items() if key != "deletionTimestamp"}
    return {**live, "metadata": metadata}
