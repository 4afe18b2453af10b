"""GitOps Promoter and Kargo: what brings a change from one environment to the next.

https://gitops-promoter.readthedocs.io/en/latest/crd-specs/ and https://docs.kargo.io/reference/api-documentation name
the fields. A promotion that is under way is progress, and one that waits for checks names them.
"""

from collections.abc import Mapping
from typing import Any

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import READY, Contract, by_conditions
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    mapping,
    mappings,
    progressing,
    status,
    text,
    words,
)

_CHECK = Phases(well=words_of("success"), working=words_of("pending"), broken=words_of("failure"))
_PROMOTION = Phases(
    well=words_of("Succeeded"),
    working=words_of("Pending", "Running"),
    over=words_of("Failed", "Errored", "Aborted"),
)
_STAGE = Contract(working=("Promoting",), patient=frozenset({"NoFreight", "Unknown"}))


def strategy(live: Object) -> Judgement:
    """Judge a PromotionStrategy by its environments, in their order."""
    judgement = by_conditions(live, READY)
    if judgement is not HEALTHY:
        return judgement
    environments = list(mappings(status(live).get("environments")))
    if not environments:
        return progressing("no environment has a commit yet")
    for each in environments:
        judgement = _carried(each, f"{text(each, 'branch')}: ")
        if judgement is not HEALTHY:
            return judgement
    return HEALTHY


def transfer(live: Object) -> Judgement:
    """Judge a ChangeTransferPolicy: what is proposed has to become active."""
    judgement = by_conditions(live, READY)
    return _carried(status(live), "") if judgement is HEALTHY else judgement


def check(live: Object) -> Judgement:
    """Judge a CommitStatus: it is there, and says how its check went."""
    judgement = by_conditions(live, READY)
    phase = text(status(live), "phase") or text(mapping(live.get("spec")), "phase")
    if judgement is not HEALTHY or not phase:
        return judgement
    return by_phase(phase, _CHECK, text(mapping(live.get("spec")), "description"))


def registered(live: Object) -> Judgement:
    """Judge what the promoter only has to know: repositories, providers, pull requests, sources of checks."""
    return by_conditions(live, READY)


def stage(live: Object) -> Judgement:
    """Judge a Kargo Stage: nothing is being promoted, its freight is verified, its applications are healthy."""
    judgement = by_conditions(live, _STAGE)
    if judgement is HEALTHY:
        for each in ("Healthy", "Verified"):
            found = condition(live, each)
            if found.get("status") == "False":
                return degraded(f"not {each}: {words(found)}")
            if found.get("status") == "Unknown":
                return progressing(f"{each} is not known yet: {words(found)}")
    return judgement


def promotion(live: Object) -> Judgement:
    """Judge a Kargo Promotion: it runs once."""
    return by_phase(text(status(live), "phase"), _PROMOTION, text(status(live), "message"))


def _carried(holder: Mapping[str, Any], where: str) -> Judgement:
    active, proposed = mapping(holder.get("active")), mapping(holder.get("proposed"))
    now, then = text(active, "dry", "sha"), text(proposed, "dry", "sha")
    if not now or not then:
        return progressing(f"{where}has no {'active' if not now else 'proposed'} commit yet")
    if now == then:
        failed = _checks(active, "failure")
        return degraded(f"{where}{now[:7]} is active, and failed: {failed}") if failed else HEALTHY
    moving = f"{where}brings {then[:7]} in place of {now[:7]}"
    if failed := _checks(proposed, "failure"):
        return degraded(f"{moving}; failed: {failed}")
    pending = _checks(proposed, "pending")
    return progressing(f"{moving}; waits for {pending}" if pending else moving)


def _checks(holder: Mapping[str, Any], phase: str) -> str:
    found = [each for each in mappings(holder.get("commitStatuses")) if each.get("phase") == phase]
    return ", ".join(text(each, "key") for each in found)
