"""A deployment as the stages that it went through, each with the time that it took: what its lines come to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pushboat.model.deployment import Deployment, Progress
from pushboat.model.state import State

QUEUED = "queued"
_WORDS = {
    "checkout": "check out",
    "check": "review",
    "wait": "wait for health",
    "retry": "try again",
    "cancel": "cancel",
}
"""What a phase is called where it stands alone; the others are called as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage: when it began, for how many seconds it went on, and where it stands.

    A wave after another comes back to the same stage: its times add up. `state` is that of the deployment in its last
    one, and succeeded in those before. `phase` is what its lines say, `word` what people call it.
    """

    phase: str
    word: str
    began: float
    seconds: float
    state: str = State.SUCCEEDED


def stages(deployment: Deployment, lines: Sequence[Progress], now: float) -> list[Stage]:
    """Tell the stages in the order in which they began; none where nobody carried it out."""
    end = deployment.finished_at or now
    if deployment.same_as or (deployment.started_at is None and deployment.state.ended):
        return []
    started = deployment.started_at
    found = {QUEUED: _stage(QUEUED, deployment.created_at, end if started is None else started)}
    in_turn = sorted((line for line in lines if started is not None), key=lambda line: line.at)
    last = QUEUED
    for place, line in enumerate(in_turn, 1):
        last, after = line.phase, in_turn[place].at if place < len(in_turn) else end
        known = found.get(last) or _stage(last, line.at, line.at)
        found[last] = replace(known, seconds=known.seconds + max(0.0, after - line.at))
    if last == QUEUED and deployment.state.ended:
        return []
    if last != QUEUED or started is None:
        found[last] = replace(found[last], state=str(deployment.state))
    return list(found.values())


def _stage(phase: str, began: float, end: float) -> Stage:
    return Stage(phase=phase, word=_WORDS.get(phase, phase), began=began, seconds=max(0.0, end - began))
