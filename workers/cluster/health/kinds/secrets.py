"""Secrets from elsewhere: External Secrets, Sealed Secrets, Vault Secrets Operator.

https://external-secrets.io/latest/api/spec/ names the conditions; a synced resource version begins with the generation.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import READY, Contract, by_conditions
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    behind,
    condition,
    degraded,
    is_true,
    mappings,
    metadata,
    progressing,
    status,
    text,
    unspoken,
    words,
)

_SEALED = Contract(needed=("Synced",))
_VAULT = Contract(needed=("SecretSynced",))


def external_secret(live: Object) -> Judgement:
    """Judge an ExternalSecret or a PushSecret; what was synced says of which generation it was."""
    judgement = by_conditions(live, READY)
    synced, _, _ = text(status(live), "syncedResourceVersion").partition("-")
    if judgement is HEALTHY and behind(synced, metadata(live).get("generation")):
        return progressing("its newest version has not been synced yet")
    return judgement


def store(live: Object) -> Judgement:
    """Judge a SecretStore or a ClusterSecretStore."""
    return by_conditions(live, READY)


def everywhere(live: Object) -> Judgement:
    """Judge a ClusterExternalSecret: Ready, NotReady and PartiallyReady are three conditions of it."""
    failed = [text(each, "namespace") for each in mappings(status(live).get("failedNamespaces"))]
    for each in ("NotReady", "PartiallyReady"):
        if is_true(live, each):
            where = f" (in {', '.join(failed)})" if failed else ""
            return degraded(f"{words(condition(live, each)) or each}{where}")
    if failed:
        return degraded(f"failed in {', '.join(failed)}")
    if not condition(live, "Ready"):
        return unspoken() if not status(live) else progressing("nothing is said of Ready yet")
    return by_conditions(live, READY)


def sealed_secret(live: Object) -> Judgement:
    """Judge a SealedSecret: one that this cluster's key cannot open stays so."""
    return by_conditions(live, _SEALED)


def vault_secret(live: Object) -> Judgement:
    """Judge a VaultStaticSecret or a VaultDynamicSecret: https://developer.hashicorp.com/vault/docs/platform/k8s/vso"""
    return by_conditions(live, _VAULT if condition(live, "SecretSynced") else READY)
