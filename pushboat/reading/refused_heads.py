"""Heads that deploy nowhere because of what the commit itself says: no environment shows them, and they are trouble."""

from collections import defaultdict
from collections.abc import Sequence

from pushboat.events import EventKind
from pushboat.model.delivery import DeliveryRow, Verdict
from pushboat.reading.environments import Overview
from pushboat.store import deliveries, heads
from pushboat.store.database.engine import Store

RECENT_DELIVERIES = 50
"""Deliveries of a repository that are looked through for its newest pushes."""


def refused_heads(store: Store, environments: Sequence[Overview]) -> list[DeliveryRow]:
    """Find the refs whose newest push was refused: those that were deployed before, and all where none was."""
    followed: dict[str, set[str]] = defaultdict(set)
    for one in environments:
        followed[one.repository] |= {one.latest.ref} if one.latest else set()
    with_mistakes = heads.some_were_refused(store, followed, RECENT_DELIVERIES)
    return [row for repository in with_mistakes for row in _refused(store, repository, followed[repository])]


def _refused(store: Store, repository: str, refs: set[str]) -> list[DeliveryRow]:
    newest: dict[str, DeliveryRow] = {}
    for row in deliveries.listed(store, repository=repository, limit=RECENT_DELIVERIES):
        if row.event.kind is EventKind.PUSH and row.verdict is Verdict.ACCEPTED and row.routed_at is not None:
            newest.setdefault(row.event.ref, row)
    return [row for ref, row in newest.items() if row.details and not row.deployments and (not refs or ref in refs)]
