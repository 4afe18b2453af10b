"""Secrets from elsewhere: External Secrets, Sealed Secrets, Vault Secrets Operator.

https://external-secrets.io/latest/api/spec/ names the conditions; a synced resource version begins with the generation.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import READY, Contract, by_conditions
from workers.cluster.health.reading import (
    HEALTHY,
    UNSEEN,
    Object,
    behind,
    condition,
    degraded,
    is_true,
    mappings,
    metadata,
    progressing,
    spec,
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
    once = text(spec(live), "refreshPolicy") == "CreatedOnce"
    if judgement is HEALTHY and not once and behind(synced, metadata(live).get("generation")):
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
    seen, generation = status(live).get("lastGeneration"), metadata(live).get("generation")
    if not condition(live, "SecretSynced"):  # before 0.9 there were no conditions
        return unspoken() if not seen else progressing(UNSEEN) if behind(seen, generation) else HEALTHY
    for each in ("LeaseRenewal", "RolloutRestart"):
        if condition(live, each).get("status") == "False":
            return degraded(f"not {each}: {words(condition(live, each))}")
    judgement = by_conditions(live, _VAULT)
    return progressing(UNSEEN) if judgement is HEALTHY and behind(seen, generation) else judgement
