"""Crossplane: packages, definitions, and every managed resource by its group.

https://docs.crossplane.io/latest/managed-resources/managed-resources/#conditions documents Synced and Ready.
"""

from pushboat.model.health import Health, Judgement
from workers.cluster.health.conditions import READY, Contract, by_conditions
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    status,
    suspended,
    text,
    words,
)

_MANAGED = Contract(
    needed=("Synced", "Ready"), patient=frozenset({"Creating", "Deleting", "Waiting", "Pending", "ReconcilePending"})
)
_PACKAGE = Contract(
    needed=("Installed", "Healthy"),
    patient=frozenset({"InactivePackageRevision", "UnpackingPackage", "Unknown", "UnknownPackageRevisionHealth"}),
)
_REVISION = Contract(needed=("RevisionHealthy",))
_OLD_REVISION = Contract(needed=("Healthy",))
_DEFINITION = Contract(needed=("Established",), patient=frozenset({"WatchingCompositeResource"}))
_OPERATION = Contract(needed=("Synced", "Succeeded"), hopeless=frozenset({"PipelineError"}))


def managed(live: Object) -> Judgement:
    """Judge a managed resource, a composite one or a claim; a ProviderConfig and such only count their users."""
    if text(condition(live, "Synced"), "reason") == "ReconcilePaused":
        return suspended("is paused (annotation crossplane.io/paused)")
    if not condition(live, "Synced") and not condition(live, "Ready") and "users" in status(live):
        return HEALTHY
    judgement = by_conditions(live, _MANAGED)
    last = condition(live, "LastAsyncOperation")
    if judgement.health is not Health.DEGRADED and last.get("status") == "False":
        return degraded(f"its last operation failed: {words(last)}")
    return judgement


def package(live: Object) -> Judgement:
    """Judge a Provider, a Configuration or a Function."""
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


def usage(live: Object) -> Judgement:
    """Judge a Usage or a ClusterUsage."""
    return by_conditions(live, READY)
