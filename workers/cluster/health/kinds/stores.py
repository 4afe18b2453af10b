"""More databases and stores: Crunchy's Postgres, MySQL, ClickHouse, Dragonfly, MinIO.

https://access.crunchydata.com/documentation/postgres-operator/latest/references/crd ,
https://dev.mysql.com/doc/mysql-operator/en/ ,
https://github.com/Altinity/clickhouse-operator/tree/master/docs and https://min.io/docs/ name the fields.
"""

from pushboat.model.health import Judgement
from workers.cluster.health.phases import Phases, by_phase, words_of
from workers.cluster.health.reading import (
    HEALTHY,
    Object,
    condition,
    degraded,
    mappings,
    number,
    progressing,
    spec,
    status,
    suspended,
    text,
    unspoken,
    words,
)

_MYSQL = Phases(
    well=words_of("ONLINE"),
    working=words_of("PENDING", "INITIALIZING", "ONLINE_PARTIAL", "FINALIZING"),
    broken=words_of(
        "ONLINE_UNCERTAIN", "OFFLINE", "NO_QUORUM", "SPLIT_BRAIN", "INVALID", "UNKNOWN", "OFFLINE_UNCERTAIN"
    ),
)
_CLICKHOUSE = Phases(
    well=words_of("Completed"), working=words_of("InProgress", "Terminating"), broken=words_of("Aborted")
)
_DRAGONFLY = Phases(
    well=words_of("ready"), working=words_of("resources-created", "configuring", "rolling-update"), broken=words_of()
)
_MINIO = Phases(well=words_of("green"), working=words_of("yellow"), broken=words_of("red"))


def crunchy(live: Object) -> Judgement:
    """Judge a PostgresCluster by the instances of each of its sets."""
    if spec(live).get("shutdown") is True:
        return suspended("is shut down (spec.shutdown)")
    for each in ("PGBackRestReplicaCreate", "PGBackRestReplicaRepoReady", "ProxyAvailable"):
        found = condition(live, each)
        if found.get("status") == "False":
            return degraded(f"not {each}: {words(found)}")
    sets = list(mappings(status(live).get("instances")))
    if not sets:
        return unspoken()
    for one in sets:
        wanted = number(one, "replicas")
        for name in ("updatedReplicas", "readyReplicas"):
            if number(one, name) < wanted:
                count = f"{number(one, name)} of {wanted} {name.removesuffix('Replicas')}"
                return progressing(f"instances {text(one, 'name')}: {count}")
    return HEALTHY


def mysql(live: Object) -> Judgement:
    """Judge an InnoDBCluster."""
    return by_phase(text(status(live), "cluster", "status"), _MYSQL)


def clickhouse(live: Object) -> Judgement:
    """Judge a ClickHouseInstallation or a ClickHouseKeeperInstallation."""
    return by_phase(text(status(live), "status"), _CLICKHOUSE, text(status(live), "error"))


def dragonfly(live: Object) -> Judgement:
    """Judge a Dragonfly."""
    if status(live).get("isRollingUpdate") is True:
        return progressing("is being updated")
    return by_phase(text(status(live), "phase").lower(), _DRAGONFLY)


def minio(live: Object) -> Judgement:
    """Judge a MinIO Tenant: what it is at, and then the colour of its health."""
    found = status(live)
    state = text(found, "currentState")
    if not state:
        return unspoken()
    if state != "Initialized":
        return progressing(state)
    return by_phase(text(found, "healthStatus") or "green", _MINIO, text(found, "healthMessage"))
