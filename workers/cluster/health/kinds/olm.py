"""Operator Lifecycle Manager, both of its generations.

https://olm.operatorframework.io/docs/concepts/crds/ and https://operator-framework.github.io/operator-controller/
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import Contract, by_conditions
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    mapping,
    progressing,
    spec,
    status,
    suspended,
    text,
    unspoken,
    words,
)

_BAD = ("ResolutionFailed", "InstallPlanFailed", "BundleUnpackFailed", "CatalogSourcesUnhealthy")
_VERSION = Phases(
    well=words_of("Succeeded"),
    working=words_of("Pending", "InstallReady", "Installing", "Replacing", "Deleting", "Unknown"),
    broken=words_of("Failed"),
)
_PLAN = Phases(
    well=words_of("Complete"),
    working=words_of("Planning", "Installing"),
    over=words_of("Failed"),
    held=words_of("RequiresApproval"),
)
_EXTENSION = Contract(needed=("Installed",), patient=frozenset({"Absent", "Pending"}))
_CATALOG = Contract(needed=("Serving",), patient=frozenset({"Unavailable"}))


def subscription(live: Object) -> Judgement:
    """Judge a Subscription; a manual one waits for whoever approves its install plan."""
    for each in _BAD:
        found = condition(live, each)
        if found.get("status") == "True":
            return degraded(f"{each}: {words(found)}")
    state = text(status(live), "state")
    pending = condition(live, "InstallPlanPending")
    if pending.get("status") == "True" and text(pending, "reason") == "RequiresApproval":
        plan = text(mapping(status(live).get("installPlanRef")), "name")
        return suspended(f"waits for a person to approve install plan {plan}")
    if state == "AtLatestKnown":
        return HEALTHY
    if state == "UpgradeFailed":
        return degraded("its upgrade failed")
    return progressing(f"is {state}") if state or status(live).get("conditions") else unspoken()


def version(live: Object) -> Judgement:
    """Judge a ClusterServiceVersion."""
    return by_phase(text(status(live), "phase"), _VERSION, text(status(live), "message"))


def plan(live: Object) -> Judgement:
    """Judge an InstallPlan."""
    found = condition(live, "Installed")
    said = words(found) if found.get("status") == "False" else ""
    return by_phase(text(status(live), "phase"), _PLAN, said, waits_for="a person to approve it (spec.approved)")


def catalog_source(live: Object) -> Judgement:
    """Judge a CatalogSource by its connection."""
    state = text(status(live), "connectionState", "lastObservedState")
    if state == "READY":
        return HEALTHY
    if state == "TRANSIENT_FAILURE" or text(status(live), "reason").endswith("Error"):
        return degraded(f"{state or text(status(live), 'reason')}: {text(status(live), 'message')}")
    return progressing(f"its connection is {state}") if state else unspoken()


def operator_group(live: Object) -> Judgement:
    """Judge an OperatorGroup; two of them in a namespace hold each other up."""
    found = condition(live, "MultipleOperatorGroup")
    if found.get("status") == "True":
        return degraded(words(found))
    account = condition(live, "OperatorGroupServiceAccount")
    if account.get("status") == "False":
        return degraded(words(account))
    if "lastUpdated" in status(live):
        return HEALTHY
    return progressing("has not been resolved yet") if status(live) else unspoken()


def extension(live: Object) -> Judgement:
    """Judge a ClusterExtension of the second generation: Progressing tells a retry from a dead end."""
    at = condition(live, "Progressing")
    if text(at, "reason") == "Blocked":
        return degraded(words(at), certain=True)
    if text(at, "reason") == "Retrying":
        return degraded(f"is tried again: {words(at)}")
    return by_conditions(live, _EXTENSION)


def catalog(live: Object) -> Judgement:
    """Judge a ClusterCatalog of the second generation."""
    if text(spec(live), "availabilityMode") == "Unavailable":
        return suspended("is switched off (spec.availabilityMode)")
    at = condition(live, "Progressing")
    if text(at, "reason") in ("Blocked", "Retrying"):
        return degraded(words(at), certain=text(at, "reason") == "Blocked")
    return by_conditions(live, _CATALOG)
