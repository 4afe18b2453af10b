"""What is so when everything has settled, read where it stands: store, cluster, the API server's audit, the forges."""

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deliveries, deployments, lanes, outbox
from tests.breaking import FENCE
from tests.chaos.lanes import NUMBER, SETTINGS, WEB, Place
from tests.cluster_view import ClusterView

PART_OF, ID = "applyset.kubernetes.io/part-of", "applyset.kubernetes.io/id"
OWNER = ("pushboat.dev/repository", "pushboat.dev/environment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A deployment as the store has it."""

    id: int
    repository: str
    environment: str
    sha: str
    state: str
    reason: str
    finished: bool
    contained: bool
    """It was superseded by one that contains it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What of a lane stands in the cluster: its ConfigMaps with the number in each, its image, its inventories.

    `unowned` are those of its objects that are in none of them.
    """

    config_maps: Mapping[str, str]
    image: str
    unowned: tuple[str, ...]
    inventories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A write that the API server did: what it made of which object, in the order of the whole cluster's revisions.

    One that only raises the fence `says` nothing of the commit, whose number is as it was. One that `made` the object
    found none.
    """

    revision: int
    namespace: str
    name: str
    number: int
    fence: int
    verb: str
    says: bool
    made: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All of it."""

    delivered: Mapping[int, tuple[str, str, bool]]
    """Repository, commit and whether it was routed, by the delivery's number."""
    rows: tuple[Row, ...]
    unsent: int
    lanes: Mapping[str, Lane]
    writes: Mapping[str, tuple[Write, ...]]
    statuses: Mapping[tuple[str, str, str], tuple[str, ...]]
    """The states that a forge was told, in their order, by repository, commit and context."""
    audit: str = ""
    left: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    """What nobody may find in a log, whatever broke."""
    sizes: Mapping[str, int] = field(default_factory=dict)


def deliveries_in(store: Store) -> dict[int, tuple[str, str, bool]]:
    """Read all deliveries."""
    columns = (deliveries.c.id, deliveries.c.repository, deliveries.c.forge, deliveries.c.sha, deliveries.c.routed_at)
    with store.reading() as tx:
        rows = tx.rows(sa.select(*columns))
    return {row["id"]: (row["repository"], row["sha"], row["routed_at"] is not None) for row in rows}


def deployments_in(store: Store) -> tuple[Row, ...]:
    """Read all deployments, in the order in which they were queued."""
    joined = deployments.join(lanes, lanes.c.id == deployments.c.lane_id)
    names = ("id", "sha", "state", "reason", "finished_at", "successor_contains")
    columns = [deployments.c[name] for name in names]
    query = sa.select(*columns, lanes.c.repository, lanes.c.environment).select_from(joined)
    with store.reading() as tx:
        rows = tx.rows(query.where(lanes.c.number == 0).order_by(deployments.c.id))
    return tuple(
        Row(
            id=row["id"],
            repository=row["repository"],
            environment=row["environment"],
            sha=row["sha"],
            state=row["state"],
            reason=row["reason"],
            finished=row["finished_at"] is not None,
            contained=bool(row["successor_contains"]),
        )
        for row in rows
    )


def waiting(store: Store) -> str:
    """Say what has not come to its end; empty where everything has."""
    queries = {
        "deliveries to be routed": sa.select(sa.func.count())
        .select_from(deliveries)
        .where(deliveries.c.routed_at.is_(None), deliveries.c.verdict == "accepted"),
        "deployments": sa.select(sa.func.count()).select_from(deployments).where(deployments.c.finished_at.is_(None)),
        "letters": sa.select(sa.func.count()).select_from(outbox).where(outbox.c.sent_at.is_(None)),
    }
    with store.reading() as tx:
        counts = {words: int(tx.scalar(query)) for words, query in queries.items()}
    return ", ".join(f"{count} {words}" for words, count in counts.items() if count)


def unsent_in(store: Store) -> int:
    """Count the letters on their way."""
    with store.reading() as tx:
        return int(tx.scalar(sa.select(sa.func.count()).select_from(outbox).where(outbox.c.sent_at.is_(None))))


def lane_in(cluster: ClusterView, place: Place, environment: str) -> Lane:
    """Look at a lane's namespace."""
    namespace = place.namespace(environment)
    parents = cluster.get(f"/api/v1/namespaces/{namespace}/secrets?labelSelector={ID}")["items"]
    ids = {parent["metadata"]["labels"][ID] for parent in parents}
    every = cluster.get(f"/api/v1/namespaces/{namespace}/configmaps")["items"]
    members = [one for one in every if NUMBER in one.get("data", {})]  # the cluster has some of its own
    web = cluster.deployment(namespace, WEB) if place.runs else None
    return Lane(
        config_maps={one["metadata"]["name"]: one["data"][NUMBER] for one in members},
        image=web["spec"]["template"]["spec"]["containers"][0]["image"] if web else "",
        unowned=tuple(one["metadata"]["name"] for one in (*members, *([web] if web else [])) if _owner(one) not in ids),
        inventories=tuple(
            ":".join(parent["metadata"]["annotations"].get(mark, "") for mark in OWNER) for parent in parents
        ),
    )


def _owner(found: Mapping[str, Any]) -> str:
    return str(found["metadata"].get("labels", {}).get(PART_OF, ""))


def writes_in(log: Path, namespaces: Iterable[str]) -> dict[str, tuple[Write, ...]]:
    """Read the API server's audit: all that it wrote, by namespace, in order; what changed nothing wrote nothing."""
    found: dict[str, dict[int, Write]] = {name: {} for name in namespaces}
    for line in log.read_text(errors="replace").splitlines():
        try:
            event = json.loads(line)
        except ValueError:  # it was killed in the middle of a line
            continue
        write = _write(event)
        if write:
            found[write.namespace].setdefault(write.revision, write)
    return {name: tuple(by[revision] for revision in sorted(by)) for name, by in found.items()}


def _write(event: Mapping[str, Any]) -> Write | None:
    done, reference = event.get("responseObject") or {}, event.get("objectRef", {})
    if event.get("responseStatus", {}).get("code", 0) >= 300 or "dryRun=" in event.get("requestURI", ""):
        return None
    metadata = done.get("metadata", {})
    if done.get("kind") != "ConfigMap" or PART_OF not in metadata.get("labels", {}):
        return None  # a deletion's answer, or the cluster's own
    return Write(
        revision=int(metadata["resourceVersion"]),
        namespace=reference["namespace"],
        name=metadata["name"],
        number=int(done["data"][NUMBER]),
        fence=int(metadata.get("annotations", {}).get(FENCE, 0)),
        verb=event["verb"],
        says="data" in (event.get("requestObject") or {}),
        made=event.get("responseStatus", {}).get("code") == HTTPStatus.CREATED,
    )


def settings_of(writes: Iterable[Write]) -> list[int]:
    """Give the numbers that a lane's first object went through."""
    return [write.number for write in writes if write.says and write.name == SETTINGS]


NEVER = ("met a bug", "deadlock detected", "raised unexpected")
"""Words that only a mistake of ours brings into a log: what breaks elsewhere is said in a line."""


def said_in(logs: Iterable[Path]) -> tuple[str, ...]:
    """Find such words in logs, and say how often they were said."""
    texts = [log.read_text(errors="replace") for log in logs]
    found = {words: sum(text.count(words) for text in texts) for words in NEVER}
    return tuple(f"{count} times {words!r}" for words, count in found.items() if count)


def processes_of(folder: Path) -> tuple[str, ...]:
    """List the processes that have a folder's operator's file in their environment or command line."""
    found, ours = [], str(folder).encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            environ, line = (entry / "environ").read_bytes(), (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if ours in environ.replace(b"PWD=" + ours, b"") or ours in line:
            found.append(f"{entry.name} {line.replace(bytes(1), b' ').decode(errors='replace')[:120]}")
    return tuple(found)


def sizes_of(states: Iterable[Path]) -> dict[str, int]:
    """Add up what lies in the state folders, in bytes, by what is below them; git's caches grow with what is pushed."""
    sizes: defaultdict[str, int] = defaultdict(int)
    for state in states:
        for path in state.rglob("*"):
            try:
                sizes[path.relative_to(state).parts[0]] += path.stat().st_size if path.is_file() else 0
            except OSError:
                continue
    return dict(sizes)
