"""All rules of warnings, one row each: what it is about, and the function that finds it."""

from collections.abc import Callable, Iterator, Mapping

from pushboat.model.changeset import PlanWarning, Topic
from pushboat.model.manifest import Ref
from workers.cluster.planning.warnings.disruption import in_the_way
from workers.cluster.planning.warnings.fixed import fixed_ahead
from workers.cluster.planning.warnings.restarts import restarts, stale_configuration
from workers.cluster.planning.warnings.scaling import scaled_to_zero, suspended
from workers.cluster.planning.warnings.services import selects_nothing
from workers.cluster.planning.warnings.words import Prospect, Prospects

Rule = Callable[[Prospect, Prospects], Iterator[str]]

RULES: tuple[tuple[Topic, Rule], ...] = (
    (Topic.IMMUTABLE, fixed_ahead),
    (Topic.SCALED_TO_ZERO, scaled_to_zero),
    (Topic.SUSPENDED, suspended),
    (Topic.SELECTS_NOTHING, selects_nothing),
    (Topic.DISRUPTION, in_the_way),
    (Topic.STALE_CONFIGURATION, stale_configuration),
    (Topic.RESTARTS, restarts),
)
"""In the order in which they are shown: what may fail first."""


def warned(prospects: Prospects) -> Mapping[Ref, tuple[PlanWarning, ...]]:
    """Ask every rule about every object."""
    found = {each.ref: tuple(_of(each, prospects)) for each in prospects.objects}
    return {ref: warnings for ref, warnings in found.items() if warnings}


def _of(prospect: Prospect, prospects: Prospects) -> Iterator[PlanWarning]:
    for topic, rule in RULES:
        yield from (PlanWarning(topic=topic, sentence=sentence) for sentence in rule(prospect, prospects))
