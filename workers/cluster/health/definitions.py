"""CustomResourceDefinition, APIService and Namespace: what others are stored in or served by."""

from pushboat.model.health import Judgement
from workers.cluster.health.reading import HEALTHY, Object, condition, degraded, is_true, progressing, status, words


def custom_resource_definition(live: Object) -> Judgement:
    """Judge a CustomResourceDefinition by whether its kind is served."""
    if is_true(live, "Terminating"):
        return progressing("is being deleted")
    names = condition(live, "NamesAccepted")
    if names.get("status") == "False":
        return degraded(words(names), certain=True)
    if is_true(live, "NonStructuralSchema"):
        return degraded(words(condition(live, "NonStructuralSchema")), certain=True)
    if is_true(live, "Established"):
        return HEALTHY
    established = condition(live, "Established")
    if not established or established.get("reason") == "Installing":
        return progressing("is not established yet")
    return degraded(words(established))


def api_service(live: Object) -> Judgement:
    """Judge an APIService by whether its server answers."""
    if is_true(live, "Available"):
        return HEALTHY
    return progressing(words(condition(live, "Available")) or "is not available yet")


def namespace(live: Object) -> Judgement:
    """Judge a Namespace."""
    return progressing("is being deleted") if status(live).get("phase") == "Terminating" else HEALTHY
