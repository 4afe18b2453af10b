"""Clouds' own controllers, each one contract for hundreds of kinds: AWS, Google Cloud, Azure.

https://aws-controllers-k8s.github.io/community/docs/user-docs/ , https://cloud.google.com/config-connector/docs/
and https://azure.github.io/azure-service-operator/design/resource-states/ document the conditions.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import Contract, by_conditions
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    mapping,
    metadata,
    progressing,
    status,
    suspended,
    text,
    words,
)

_ADOPTED = Contract(needed=("ACK.Adopted",))
_AWS = Contract(needed=("ACK.ResourceSynced",))
_GOOGLE = Contract(
    patient=frozenset({"Updating", "Creating", "DependencyNotReady", "DependencyNotFound", "Deleting", "UpToDate"})
)
_AZURE = Contract(patient=frozenset({"Reconciling", "Deleting", "AzureResourceNotFound"}))
_MANAGE = "serviceoperator.azure.com/reconcile-policy"


def aws(live: Object) -> Judgement:
    """Judge whatever AWS Controllers for Kubernetes make; what is terminal stays so until it is changed."""
    if live.get("kind") == "FieldExport" and not status(live):  # says only what went wrong
        return HEALTHY
    terminal, recoverable = condition(live, "ACK.Terminal"), condition(live, "ACK.Recoverable")
    if terminal.get("status") == "True":
        return degraded(words(terminal), certain=True)
    if recoverable.get("status") == "True":
        return degraded(words(recoverable))
    synced = condition(live, "ACK.ResourceSynced")
    if synced.get("status") == "False":
        return progressing(words(synced) or "is not synced yet")
    return by_conditions(live, _ADOPTED if condition(live, "ACK.Adopted") else _AWS)


def google(live: Object) -> Judgement:
    """Judge whatever Config Connector makes."""
    if "healthy" in status(live):  # Config Connector itself
        errors = status(live).get("errors")
        said = "; ".join(str(each) for each in errors) if isinstance(errors, list) else ""
        return HEALTHY if status(live)["healthy"] is True else degraded(said or "is not healthy")
    return by_conditions(live, _GOOGLE)


def azure(live: Object) -> Judgement:
    """Judge whatever the Azure Service Operator makes: an error is final, a warning is tried again."""
    if mapping(metadata(live).get("annotations")).get(_MANAGE) == "skip":
        return suspended(f"is not reconciled (annotation {_MANAGE})")
    ready = condition(live, "Ready")
    if ready.get("status") == "False" and text(ready, "severity") == "Info":
        return progressing(words(ready))
    if ready.get("status") == "False" and text(ready, "severity") == "Error":
        return degraded(f"{ready.get('reason')}: {words(ready)}", certain=True)
    return by_conditions(live, _AZURE)
