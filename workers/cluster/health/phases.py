"""Judge by a phase: many kinds sum themselves up in one word of a documented list."""

from dataclasses import dataclass

from pushboat.model.health import Health, Judgement
from workers.cluster.health.reading import HEALTHY, degraded, progressing, suspended, unspoken


def words_of(*phases: str) -> frozenset[str]:
    """Name some phases."""
    return frozenset(phases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phases:
    """The words that a kind's documentation lists, by what they mean for who waits."""

    well: frozenset[str]
    working: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    over: frozenset[str] = frozenset()
    """Failed for good: nothing leads from there but a new object or a new version."""
    held: frozenset[str] = frozenset()
    """Stopped on purpose, or until a person decides."""


def by_phase(phase: str, phases: Phases, said: str = "", *, waits_for: str = "") -> Judgement:
    """Judge by the word; `said` is what the status adds to it, `waits_for` who must let a held one go on."""
    if not phase:
        return unspoken()
    reason = f"{phase}: {said}" if said and phase not in said else said or f"is {phase}"
    if phase in phases.well:
        return HEALTHY
    if phase in phases.working:
        return progressing(reason)
    if phase in phases.broken or phase in phases.over:
        return degraded(reason, certain=phase in phases.over)
    if phase in phases.held:
        return suspended(f"{reason}; waits for {waits_for}" if waits_for else reason)
    return Judgement(Health.UNKNOWN, f"says {phase}, which no rule knows{': ' + said if said else ''}")
