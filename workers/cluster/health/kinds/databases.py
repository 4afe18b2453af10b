"""Databases: CloudNativePG, Zalando's and Crunchy's Postgres, MongoDB, Percona, MariaDB, MySQL, Redis.

https://cloudnative-pg.io/documentation/current/cloudnative-pg.v1/ , https://postgres-operator.readthedocs.io ,
https://www.mongodb.com/docs/kubernetes-operator/ and https://docs.percona.com/ name phases and states.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.conditions import READY, by_conditions
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    is_true,
    number,
    progressing,
    spec,
    status,
    suspended,
    text,
    unspoken,
    words,
)

_CNPG_BROKEN = words_of(
    "Cluster cannot proceed to reconciliation due to an unknown plugin being required",
    "Cluster cannot proceed to reconciliation due to an error while interacting with plugins",
    "Cluster has incomplete or invalid image catalog",
    "Cluster is unrecoverable and needs manual intervention",
    "Cluster is in an unrecoverable state, needs manual intervention",
    "Cluster cannot execute instance online upgrade due to missing architecture binary",
    "Unable to create required cluster objects",
    "Not enough disk space",
)
_BACKUP = Phases(
    well=words_of("completed"),
    working=words_of("new", "pending", "started", "running", "finalizing"),
    over=words_of("failed", "walArchivingFailing"),
)
_ZALANDO = Phases(
    well=words_of("Running"),
    working=words_of("Creating", "Updating"),
    broken=words_of("UpdateFailed", "SyncFailed", "CreateFailed", "Invalid"),
)
_MONGO = Phases(
    well=words_of("Running", "Updated"),
    working=words_of("Pending", "Reconciling"),
    broken=words_of("Failed", "Unsupported"),
    held=words_of("Disabled"),
)
_PERCONA = Phases(
    well=words_of("ready"),
    working=words_of("initializing", "init", "stopping"),
    broken=words_of("error", "unknown"),
    held=words_of("paused"),
)


def cnpg_cluster(live: Object) -> Judgement:
    """Judge a CloudNativePG Cluster: ready, and its archive and its last backup as good as its instances."""
    phase, said = text(status(live), "phase"), text(status(live), "phaseReason")
    if phase in _CNPG_BROKEN:
        return degraded(f"{phase}: {said}" if said else phase)
    if is_true(live, "cnpg.io/hibernation"):
        return suspended("is hibernated (annotation cnpg.io/hibernation)")
    if phase == "Waiting for user action":
        return suspended(f"waits for a person to switch over: {said}" if said else "waits for a person to switch over")
    for each in ("ContinuousArchiving", "LastBackupSucceeded"):
        found = condition(live, each)
        if found.get("status") == "False":
            return degraded(f"not {each}: {words(found)}")
    if phase and phase != "Cluster in healthy state":
        return progressing(phase)
    ready = condition(live, "Ready")
    if ready.get("status") == "False":
        return progressing(words(ready) or "is not ready yet")
    return HEALTHY if phase else unspoken()


def cnpg_backup(live: Object) -> Judgement:
    """Judge a Backup: it runs once."""
    return by_phase(text(status(live), "phase"), _BACKUP, text(status(live), "error"))


def cnpg_declared(live: Object) -> Judgement:
    """Judge a Database, a Publication or a Subscription by whether it is applied."""
    found = status(live)
    if found.get("applied") is True:
        return HEALTHY
    return degraded(text(found, "message") or "is not applied") if "applied" in found else unspoken()


def cnpg_pooler(live: Object) -> Judgement:
    """Judge a Pooler by its instances."""
    wanted = number(spec(live), "instances", 1)
    if "instances" not in status(live):
        return unspoken()
    running = number(status(live), "instances")
    return HEALTHY if running >= wanted else progressing(f"{running} of {wanted} instances")


def zalando(live: Object) -> Judgement:
    """Judge Zalando's postgresql."""
    return by_phase(text(status(live), "PostgresClusterStatus"), _ZALANDO)


def mongodb(live: Object) -> Judgement:
    """Judge a MongoDBCommunity, a MongoDB, an OpsManager's database or user."""
    return by_phase(text(status(live), "phase"), _MONGO, text(status(live), "message"))


def percona(live: Object) -> Judgement:
    """Judge Percona's clusters of MongoDB, MySQL and Postgres."""
    messages = status(live).get("message") or status(live).get("messages")
    said = "; ".join(str(each) for each in messages) if isinstance(messages, list) else str(messages or "")
    return by_phase(text(status(live), "state"), _PERCONA, said[:500])


def mariadb(live: Object) -> Judgement:
    """Judge what the MariaDB operator reconciles: https://github.com/mariadb-operator/mariadb-operator/blob/main/docs"""
    if spec(live).get("suspend") is True:
        return suspended("is suspended (spec.suspend)")
    ready = condition(live, "Ready")
    if ready.get("status") == "False" and is_true(live, "Updated") is False and _is_on_its_way(ready):
        return progressing(words(ready))
    return by_conditions(live, READY)


def _is_on_its_way(ready: Object) -> bool:
    return str(text(ready, "reason")) in ("StatefulSetNotReady", "DeploymentNotReady", "MaxScaleNotReady", "Updating")
