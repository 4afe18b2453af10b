"""Read conditions and numbers from an object as it stands; what is not there is empty, never an error."""

from collections.abc import Iterator, Mapping
from typing import Any

from pushboat.model.digits import whole
from pushboat.model.health import Health, Judgement

Object = Mapping[str, Any]
HEALTHY = Judgement(Health.HEALTHY)
UNSEEN = "its controller has not seen the newest version yet"
LONGEST_WORDS = 2000
"""Characters of a message that is repeated; a controller may put a whole log into one."""


def spec(live: Object) -> Mapping[str, Any]:
    """Give the spec."""
    return mapping(live.get("spec"))


def status(live: Object) -> Mapping[str, Any]:
    """Give the status."""
    return mapping(live.get("status"))


def metadata(live: Object) -> Mapping[str, Any]:
    """Give the metadata."""
    return mapping(live.get("metadata"))


def name(live: Object) -> str:
    """Give the object's name."""
    return str(metadata(live).get("name") or "")


def condition(live: Object, kind: str) -> Mapping[str, Any]:
    """Find a condition by its type; an empty one where there is none."""
    return condition_in(status(live), kind)


def condition_in(holder: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """Find a condition in whatever holds a list of them: a status, a parent of a route, a listener."""
    return next((each for each in conditions_in(holder) if each.get("type") == kind), {})


def conditions_in(holder: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Give the conditions that have the form of one."""
    return mappings(holder.get("conditions"))


def is_true(live: Object, kind: str) -> bool:
    """Say whether a condition is there and True."""
    return condition(live, kind).get("status") == "True"


def words(found: Mapping[str, Any]) -> str:
    """Put a condition's message, or else its reason, into words."""
    return str(found.get("message") or found.get("reason") or "")[:LONGEST_WORDS]


def number(values: Mapping[str, Any], name: str, default: int = 0) -> int:
    """Read a count."""
    value = values.get(name)
    return value if isinstance(value, int) else default


def text(values: Mapping[str, Any], *names: str) -> str:
    """Read a word below some keys; empty where it is not there or no word."""
    for each in names[:-1]:
        values = mapping(values.get(each))
    value = values.get(names[-1])
    return value[:LONGEST_WORDS] if isinstance(value, str) else ""


def mapping(value: Any) -> Mapping[str, Any]:
    """Take what should be a mapping for one; empty where it is something else."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    """Take what should be a list of mappings for one, leaving out what is something else."""
    return (each for each in value if isinstance(each, Mapping)) if isinstance(value, list) else iter(())


def progressing(reason: str) -> Judgement:
    """Judge: on its way."""
    return Judgement(Health.PROGRESSING, reason[:LONGEST_WORDS])


def degraded(reason: str, *, certain: bool = False) -> Judgement:
    """Judge: broken; `certain` where waiting cannot mend it."""
    return Judgement(Health.DEGRADED, reason[:LONGEST_WORDS], certain)


def suspended(reason: str) -> Judgement:
    """Judge: stopped on purpose, until somebody lets it go on."""
    return Judgement(Health.SUSPENDED, reason[:LONGEST_WORDS])


def unspoken(reason: str = "its controller has not spoken yet") -> Judgement:
    """Judge: on its way, as far as anybody knows, because the controller has never said anything of this object."""
    return Judgement(Health.PROGRESSING, reason, spoken=False)


def unobserved(live: Object, *, required: bool = False) -> bool:
    """Say whether the controller has not seen the newest spec yet (Argo Rollouts writes the generation as text)."""
    seen, generation = status(live).get("observedGeneration"), metadata(live).get("generation")
    if seen is None:
        return required
    return behind(seen, generation)


def behind(seen: Any, generation: Any) -> bool:
    """Say whether what was seen is an older generation; a generation that is text counts as its number.

    Text that is no number is a hash of a version that did not know generations: nothing can be said of it.
    """
    if seen is None or generation is None:
        return False
    if isinstance(seen, str):
        seen = whole(seen)
    if not isinstance(seen, int) or not isinstance(generation, int):
        return False
    return seen < generation
