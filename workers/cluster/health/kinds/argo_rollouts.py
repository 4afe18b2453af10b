"""Argo Rollouts: a canary says how far it is, and a pause without an end says whom it waits for.

The phase is the controller's own sum: https://argo-rollouts.readthedocs.io/en/stable/features/specification/
"""

from pushboat.model.health import Judgement
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    is_true,
    mapping,
    mappings,
    metadata,
    name,
    number,
    progressing,
    spec,
    status,
    suspended,
    text,
)

_WORKLOAD_GENERATION = "rollout.argoproj.io/workload-generation"
_RUN = Phases(
    well=words_of("Successful"),
    working=words_of("Pending", "Running"),
    broken=words_of("Inconclusive"),
    over=words_of("Failed", "Error"),
)


def rollout(live: Object) -> Judgement:
    """Judge a Rollout by its phase."""
    found = status(live)
    if invalid := condition(live, "InvalidSpec"):
        return degraded(f"InvalidSpec: {text(invalid, 'message')}", certain=True)
    if _workload_is_unobserved(live):
        return progressing("its controller has not seen the newest version of the workload that it refers to yet")
    if found.get("abort") is True:
        said = text(found, "message") or "was aborted"
        return degraded(f"{said}; it stays on the old version until the next push or a retry", certain=True)
    phase = text(found, "phase")
    if phase == "Paused":
        return _paused(live)
    if phase == "Healthy" and not found.get("pauseConditions"):
        return HEALTHY
    said = ": ".join(each for each in (_where(live), text(found, "message")) if each)
    working = Phases(well=words_of(), working=words_of("Progressing", "Healthy"), broken=words_of("Degraded"))
    return by_phase(phase, working, said)


def analysis_run(live: Object) -> Judgement:
    """Judge an AnalysisRun or an Experiment: it runs once, and how it ended stays."""
    return by_phase(text(status(live), "phase"), _RUN, text(status(live), "message"))


def _workload_is_unobserved(live: Object) -> bool:
    wanted = text(mapping(metadata(live).get("annotations")), _WORKLOAD_GENERATION)
    seen = text(status(live), "workloadObservedGeneration")
    return bool(wanted and seen and wanted != seen)


def _paused(live: Object) -> Judgement:
    found, where = status(live), _where(live)
    at = f"{where}: " if where else ""
    if spec(live).get("paused") is True:
        return suspended(f"{at}is paused by its manifest (spec.paused)")
    reasons = {text(each, "reason") for each in mappings(found.get("pauseConditions"))}
    if found.get("controllerPause") is True and not reasons:
        return progressing(f"{at}goes on after a pause")
    promote = f"kubectl argo rollouts promote {name(live)}"
    if "InconclusiveAnalysisRun" in reasons:
        return suspended(f"{at}its analysis was inconclusive; waits for a person to promote or to abort it: {promote}")
    if seconds := _pause_ends(live, reasons):
        return progressing(f"{at}pauses for {seconds}")
    return suspended(f"{at}waits for a person: {promote}")


def _pause_ends(live: Object, reasons: set[str]) -> str:
    """Say for how long it pauses, or nothing where it does so until somebody promotes it."""
    strategy = mapping(spec(live).get("strategy"))
    if "BlueGreenPause" in reasons:
        seconds = number(mapping(strategy.get("blueGreen")), "autoPromotionSeconds")
        return f"{seconds} s" if seconds else ""
    steps, at = _steps(live), number(status(live), "currentStepIndex")
    duration = mapping(steps[at].get("pause")).get("duration") if 0 <= at < len(steps) else None
    return f"{duration} s" if isinstance(duration, int) else str(duration or "")


def _where(live: Object) -> str:
    """Say how far a canary is: its step and its weight."""
    steps, found = _steps(live), status(live)
    if not steps or is_true(live, "Completed"):
        return ""
    at = number(found, "currentStepIndex")
    weights = mapping(mapping(found.get("canary")).get("weights"))
    set_so_far = [number(each, "setWeight") for each in steps[: at + 1] if "setWeight" in each]
    weight = number(mapping(weights.get("canary")), "weight", set_so_far[-1] if set_so_far else 0)
    return f"step {min(at + 1, len(steps))} of {len(steps)}, weight {weight} %"


def _steps(live: Object) -> list[Object]:
    canary = mapping(mapping(spec(live).get("strategy")).get("canary"))
    return list(mappings(canary.get("steps")))
