"""Crossplane: packages, definitions, and every managed resource by its group.

https://docs.crossplane.io/latest/managed-resources/managed-resources/#conditions documents Synced and Ready.
"""

from pushboat.model.health import Health, Judgement
from workers.cluster.health.conditions import Contract, by_conditions
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    spec,
    status,
    suspended,
    text,
    words,
)

_MANAGED = Contract(
    needed=("Ready",), patient=frozenset({"Creating", "Deleting", "Waiting", "Pending", "ReconcilePending"})
)
_PACKAGE = Contract(
    needed=("Installed", "Healthy"),
    patient=frozenset({"InactivePackageRevision", "UnpackingPackage", "Unknown", "UnknownPackageRevisionHealth"}),
)
_REVISION = Contract(needed=("RevisionHealthy",))
_OLD_REVISION = Contract(needed=("Healthy",))
_DEFINITION = Contract(
    needed=("Established",),
    patient=frozenset({"WatchingCompositeResource", "PendingManagedResource", "InactiveManagedResource"}),
)
_POLICY = Contract(needed=("Healthy",))
_SCHEDULED = Contract(needed=("Synced", "Scheduling"))
_WATCHING = Contract(needed=("Synced", "Watching"))
_OPERATION = Contract(needed=("Synced", "Succeeded"), hopeless=frozenset({"PipelineError"}))


def managed(live: Object) -> Judgement:
    """Judge a managed resource, a composite one or a claim; a ProviderConfig only counts its users."""
    synced = condition(live, "Synced")
    if text(synced, "reason") == "ReconcilePaused":
        return suspended("is paused (annotation crossplane.io/paused)")
    if str(live.get("kind")).endswith("ProviderConfig"):
        return HEALTHY if "conditions" not in status(live) else by_conditions(live, _MANAGED)
    if synced.get("status") == "False":
        return degraded(f"{text(synced, 'reason')}: {words(synced)}")
    judgement = by_conditions(live, _MANAGED)
    last = condition(live, "LastAsyncOperation")
    if judgement.health is not Health.DEGRADED and last.get("status") == "False":
        return degraded(f"its last operation failed: {words(last)}")
    return judgement


def package(live: Object) -> Judgement:
    """Judge a Provider, a Configuration or a Function."""
    inactive = text(condition(live, "Installed"), "reason") == "InactivePackageRevision"
    if inactive and text(spec(live), "revisionActivationPolicy") == "Manual":
        return suspended("waits for a person to activate its newest revision (spec.desiredState: Active)")
    return by_conditions(live, _PACKAGE)


def package_revision(live: Object) -> Judgement:
    """Judge a package's revision; since 1.18 its condition is called RevisionHealthy."""
    judgement = by_conditions(live, _REVISION if condition(live, "RevisionHealthy") else _OLD_REVISION)
    runtime = condition(live, "RuntimeHealthy")
    if judgement is HEALTHY and runtime.get("status") == "False":
        return degraded(f"its runtime is not healthy: {words(runtime)}")
    return judgement


def definition(live: Object) -> Judgement:
    """Judge a CompositeResourceDefinition; where it offers a claim, that has to be offered too."""
    judgement = by_conditions(live, _DEFINITION)
    offered = condition(live, "Offered")
    if judgement is HEALTHY and offered.get("status") == "False":
        return degraded(f"its claim is not offered: {words(offered)}")
    return judgement


def operation(live: Object) -> Judgement:
    """Judge an Operation: it runs to its end."""
    return by_conditions(live, _OPERATION)


def scheduled(live: Object) -> Judgement:
    """Judge a CronOperation."""
    return by_conditions(live, _SCHEDULED)


def watching(live: Object) -> Judgement:
    """Judge a WatchOperation."""
    return by_conditions(live, _WATCHING)


def activation(live: Object) -> Judgement:
    """Judge a ManagedResourceActivationPolicy."""
    return by_conditions(live, _POLICY)


def usage(live: Object) -> Judgement:
    """Judge a Usage or a ClusterUsage."""
    return by_conditions(live, _MANAGED)
