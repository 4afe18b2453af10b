"""Elastic Cloud on Kubernetes: a colour for health, a phase for Elasticsearch, associations for the rest.

https://www.elastic.co/docs/reference/cloud-on-k8s/api-reference names them.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    mapping,
    mappings,
    number,
    progressing,
    spec,
    status,
    suspended,
    text,
    words,
)

_COLOUR = Phases(well=words_of("green"), working=words_of("yellow", "unknown"), broken=words_of("red"))
_PHASE = Phases(
    well=words_of("Ready"),
    working=words_of("ApplyingChanges", "MigratingData"),
    broken=words_of("Invalid", "Stalled"),
)


def elasticsearch(live: Object) -> Judgement:
    """Judge an Elasticsearch: its phase, its colour, and whether it can be reached."""
    if judgement := _unmanaged(live):
        return judgement
    if condition(live, "ElasticsearchIsReachable").get("status") == "False":
        said = words(condition(live, "ElasticsearchIsReachable"))
        starts = text(status(live), "phase") == "ApplyingChanges"
        return progressing(said) if starts else degraded(f"cannot be reached: {said}")
    phase = by_phase(text(status(live), "phase"), _PHASE, words(condition(live, "ReconciliationComplete")))
    if phase is not HEALTHY:
        return phase
    if _is_alone(live) and text(status(live), "health") == "yellow":
        return HEALTHY
    return by_phase(text(status(live), "health"), _COLOUR, "health")


def _is_alone(live: Object) -> bool:
    """Say whether there is one node only: its replicas have nowhere to go, and it stays yellow."""
    return sum(number(each, "count", 1) for each in mappings(spec(live).get("nodeSets"))) == 1


def attached(live: Object) -> Judgement:
    """Judge a Kibana and all others that attach to an Elasticsearch."""
    if judgement := _unmanaged(live):
        return judgement
    for each, value in _associations(live).items():
        if value == "Failed":
            return degraded(f"its association {each} has failed")
        if value == "Pending":
            return progressing(f"its association {each} is pending")
    return by_phase(text(status(live), "health"), _COLOUR, "health")


def _associations(live: Object) -> dict[str, str]:
    """Give each association's state; a kind that has several keeps them in a mapping."""
    found = {}
    for key, value in status(live).items():
        if key.endswith("ssociationStatus") and isinstance(value, str):
            found[key.removesuffix("Status")] = value
        if key.endswith("AssociationsStatus"):
            found |= {str(each): str(state) for each, state in mapping(value).items()}
    return found


def _unmanaged(live: Object) -> Judgement | None:
    annotations = mapping(mapping(live.get("metadata")).get("annotations"))
    if annotations.get("eck.k8s.elastic.co/managed") == "false":
        return suspended("is not managed (annotation eck.k8s.elastic.co/managed)")
    return None
