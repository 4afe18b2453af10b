"""Read conditions and numbers from an object as it stands; what is not there is empty, never an error."""

from collections.abc import Mapping
from typing import Any

from pushboat.model.health import Health, Judgement

Object = Mapping[str, Any]
HEALTHY = Judgement(Health.HEALTHY)


def spec(live: Object) -> Mapping[str, Any]:
    """Give the spec."""
    return _mapping(live.get("spec"))


def status(live: Object) -> Mapping[str, Any]:
    """Give the status."""
    return _mapping(live.get("status"))


def condition(live: Object, kind: str) -> Mapping[str, Any]:
    """Find a condition by its type; an empty one where there is none."""
    found = status(live).get("conditions")
    items = found if isinstance(found, list) else []
    return next((each for each in items if isinstance(each, Mapping) and each.get("type") == kind), {})


def is_true(live: Object, kind: str) -> bool:
    """Say whether a condition is there and True."""
    return condition(live, kind).get("status") == "True"


def words(found: Mapping[str, Any]) -> str:
    """Put a condition's message, or else its reason, into words."""
    return str(found.get("message") or found.get("reason") or "")


def number(values: Mapping[str, Any], name: str, default: int = 0) -> int:
    """Read a count."""
    value = values.get(name)
    return value if isinstance(value, int) else default


def progressing(reason: str) -> Judgement:
    """Judge: on its way."""
    return Judgement(Health.PROGRESSING, reason)


def degraded(reason: str, *, certain: bool = False) -> Judgement:
    """Judge: broken; `certain` where waiting cannot mend it."""
    return Judgement(Health.DEGRADED, reason, certain)


def unobserved(live: Object, *, required: bool = False) -> bool:
    """Say whether the controller has not seen the newest spec yet (Argo Rollouts writes the generation as text)."""
    seen, generation = status(live).get("observedGeneration"), live.get("metadata", {}).get("generation")
    if seen is None:
        return required
    return generation is not None and str(seen) != str(generation) and not _ahead(seen, generation)


def _ahead(seen: Any, generation: Any) -> bool:
    return isinstance(seen, int) and isinstance(generation, int) and seen > generation


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
