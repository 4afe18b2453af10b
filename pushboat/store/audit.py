"""The audit: who asked for what, from where, and what became of it. Entries are appended and never changed."""

import json
from collections.abc import Collection, Iterable

import sqlalchemy as sa

from pushboat.model.ask import Ask, AskVerdict, AuditEntry, Source
from pushboat.routing import Answer
from pushboat.routing.buttons import CHECK
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import asks, audit
from pushboat.store.database.texts import LONGEST_REASON, bounded
from pushboat.store.database.transaction import Row, Transaction


def append(tx: Transaction, ask: Ask, delivery: int, answer: Answer, deployment: int | None) -> None:
    """Write down what became of an ask, in the transaction that makes it so."""
    tx.change(
        sa.insert(audit),
        at=tx.now,
        who=ask.who,
        source=ask.source.value,
        repository=ask.repository,
        environment=bounded(ask.environment, LONGEST_REASON),
        word=ask.word,
        verdict=answer.verdict.value,
        reason=bounded(answer.reason, LONGEST_REASON),
        ask_id=ask.id,
        delivery_id=delivery,
        deployment_id=deployment,
    )


def refuse(tx: Transaction, asked: Iterable[Ask], delivery: int, why: str) -> None:
    """Write down who tried to ask for what where that does not count; the ask itself is not kept."""
    for ask in asked:
        append(tx, ask, delivery, Answer(verdict=AskVerdict.REFUSED, reason=why), None)


def of_deliveries(tx: Transaction, numbers: Collection[int]) -> dict[int, tuple[AuditEntry, ...]]:
    """Give the entries about these deliveries, oldest first, by delivery."""
    if not numbers:
        return {}
    found: dict[int, tuple[AuditEntry, ...]] = {}
    for row in tx.rows(sa.select(audit).where(audit.c.delivery_id.in_(numbers)).order_by(audit.c.id)):
        found[row["delivery_id"]] = (*found.get(row["delivery_id"], ()), _read(row))
    return found


def listed(store: Store, *, repository: str = "", limit: int = 50, before: int | None = None) -> list[AuditEntry]:
    """List entries, newest first; `before` is the last number already seen."""
    query = sa.select(audit).order_by(audit.c.id.desc()).limit(limit)
    if repository:
        query = query.where(audit.c.repository == repository)
    if before is not None:
        query = query.where(audit.c.id < before)
    with store.reading() as tx:
        return [_read(row) for row in tx.rows(query)]


def pressed(store: Store, repository: str, check: str, sha: str, limit: int) -> list[AuditEntry]:
    """List what became of buttons that no conversation answers: below this check of a commit or for all of them.

    The newest come first.
    """
    below = [json.dumps({CHECK: each}) for each in (check, "")]
    query = (
        sa.select(audit)
        .join(asks, asks.c.id == audit.c.ask_id)
        .where(
            audit.c.repository == repository,
            audit.c.source == Source.BUTTON.value,
            asks.c.sha == sha,
            asks.c.number == 0,
            asks.c.arguments.in_(below),
        )
        .order_by(audit.c.id.desc())
        .limit(limit)
    )
    with store.reading() as tx:
        return [_read(row) for row in tx.rows(query)]


def _read(row: Row) -> AuditEntry:
    return AuditEntry(
        id=row["id"],
        at=row["at"],
        who=row["who"],
        source=Source(row["source"]),
        repository=row["repository"],
        environment=row["environment"],
        word=row["word"],
        verdict=AskVerdict(row["verdict"]),
        reason=row["reason"],
        delivery=row["delivery_id"],
        ask=row["ask_id"],
        deployment=row["deployment_id"],
    )
