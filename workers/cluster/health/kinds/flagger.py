"""Flagger: a Canary's phases, with its weight, and who must confirm it.

https://docs.flagger.app/usage/how-it-works#canary-status lists the phases.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import Object, condition, mapping, number, spec, status, suspended, text, words

_CANARY = Phases(
    well=words_of("Initialized", "Succeeded"),
    working=words_of("Initializing", "Progressing", "Promoting", "Finalising", "Terminating"),
    broken=words_of("Failed", "Terminated"),
    held=words_of("Waiting", "WaitingPromotion"),
)


def canary(live: Object) -> Judgement:
    """Judge a Canary; that it failed is not certain, because Flagger does not say of which version it speaks."""
    found = status(live)
    phase = text(found, "phase")
    if spec(live).get("suspend") is True:
        return suspended("is suspended (spec.suspend)")
    said = words(condition(live, "Promoted")) if phase in _CANARY.broken else ""
    if phase in ("Progressing", "Waiting", "WaitingPromotion"):
        said = _where(live)
    gate = "confirm-promotion" if phase == "WaitingPromotion" else "confirm-rollout"
    return by_phase(phase, _CANARY, said, waits_for=f"the {gate} webhook to let it go on")


def _where(live: Object) -> str:
    analysis = mapping(spec(live).get("analysis") or spec(live).get("canaryAnalysis"))
    weight, iterations = number(status(live), "canaryWeight"), number(analysis, "iterations")
    if iterations:
        return f"iteration {number(status(live), 'iterations')} of {iterations}"
    listed = analysis.get("stepWeights")
    weights = [each for each in listed if isinstance(each, int)] if isinstance(listed, list) else []
    step, most = number(analysis, "stepWeight"), number(analysis, "maxWeight", 100)
    if step > 0 and not weights:
        return f"step {-(-weight // step)} of {-(-most // step)}, weight {weight} %"  # rounded up
    if weights:
        return f"step {sum(each <= weight for each in weights)} of {len(weights)}, weight {weight} %"
    return f"weight {weight} %"
