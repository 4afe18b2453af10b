"""Reads back what a store was filled with: what later versions must still find, and what may happen next."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from pushboat.model.changeset import Change
from pushboat.model.deployment import Deployment
from pushboat.model.json_forms import delivery_form, deployment_form
from pushboat.model.state import Kind
from pushboat.routing.holds import sentence
from pushboat.store import (
    attempts,
    audit,
    change_sets,
    deliveries,
    deployments,
    ending,
    hinting,
    holds,
    outbox,
    processes,
    progress_lines,
    routing_jobs,
)
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import outbox as letters
from pushboat.store.database.schema import pull_requests
from tests.store.repository import Repository

PUBLIC = "https://pushboat.example"


def readings(store: Store) -> dict[str, Any]:
    """Read back what an upgrade must leave as it is, whatever the time."""
    with store.reading() as tx:
        unsent = tx.rows(sa.select(letters).where(letters.c.sent_at.is_(None)).order_by(letters.c.id))
        columns = (pull_requests.c.repository, pull_requests.c.number, pull_requests.c.head, pull_requests.c.before)
        heads = tx.rows(sa.select(*columns).order_by(pull_requests.c.repository, pull_requests.c.number))
    everything = deployments.listed(store, kinds=tuple(Kind), limit=1000)
    return {
        "deployments": [_form(row) for row in everything],
        "changes": {str(row.id): _written(change_sets.listed(store, row.id)) for row in everything},
        "progress": {str(row.id): [line.text for line in progress_lines.listed(store, row.id)] for row in everything},
        "deliveries": [delivery_form(row) for row in deliveries.listed(store, limit=1000)],
        "letters": [[row[name] for name in ("id", "stream", "forge", "attempts", "error")] for row in unsent],
        "holds": [[hold.kind, asdict(hold.scope), hold.by, sentence(hold), hold.since] for hold in holds.listed(store)],
        "heads": [list(row.values()) for row in heads],
        "audit": [[entry.word, entry.who, entry.verdict, entry.reason, entry.ask] for entry in audit.listed(store)],
        "meant": {
            str(row.id): [[str(ref), action] for ref, action in attempts.meant(store, row.id).items()]
            for row in everything
        },
        "beats": [[beat.name, beat.pid, beat.at, beat.note] for beat in processes.beats(store)],
    }


def due(store: Store) -> dict[str, Any]:
    """Say what may happen next, at the time when the store was filled."""
    ready = hinting.due(store)
    return {
        "hinted": sorted(ready),
        "routed": routing_jobs.due_repositories(store),
        "posted": sorted(
            each.id
            for forge in outbox.due_forges(store)
            for each in outbox.due_head(store, "reporter", forge, limit=1000)
        ),
        "swept": ending.sweep(store),
        "claimed": [number for number in sorted(ready) if Repository(store).claim(_found(store, number))],
    }


def _form(row: Deployment) -> dict[str, Any]:
    """Write a deployment without the seconds that it waits, which belong to the moment of reading."""
    return {**deployment_form(row, PUBLIC), "reason": row.reason, "waits": row.waits.partition("; again in")[0]}


def _found(store: Store, number: int) -> Deployment:
    found = deployments.find(store, number)
    assert found
    return found


def _written(changes: Iterable[Change]) -> list[list[Any]]:
    return [[str(one.ref), str(one.action), one.diff, list(one.notes)] for one in changes]
