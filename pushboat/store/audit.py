"""The audit: who asked for what, from where, and what became of it; and what began in an environment, and its end.

Entries are appended and never changed: each is bound to all before it (chaining.py).
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import replace

import sqlalchemy as sa

from pushboat import later_words
from pushboat.model.ask import Ask, AskVerdict, AuditEntry, Source
from pushboat.model.deployment import Deployment
from pushboat.model.state import WRITING, State
from pushboat.routing import Answer
from pushboat.routing.buttons import CHECK
from pushboat.store.chaining import as_stored, bind
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import asks, audit
from pushboat.store.database.texts import LONGEST_REASON, bounded
from pushboat.store.database.transaction import Row, Transaction

OURS = Source.PUSHBOAT
BEGIN, END = "begin", "end"
_VERDICTS = {State.SUCCEEDED: AskVerdict.DONE, State.ERRORED: AskVerdict.UNKNOWN}


def append(tx: Transaction, ask: Ask, delivery: int, answer: Answer, deployment: int | None) -> None:
    """Write down what became of an ask, in the transaction that makes it so."""
    about = {"ask_id": ask.id, "delivery_id": delivery, "deployment_id": deployment}
    asked = {"who": ask.who, "source": ask.source.value, "word": ask.word}
    place = ask.repository, ask.environment
    _write(tx, [_row(tx, place, answer.verdict, answer.reason, **asked, **about)])


def note_begun(tx: Transaction, begun: Iterable[Deployment]) -> None:
    """Write down what is queued that will write: for whom, and because of what."""
    _write(tx, [_about(tx, each, BEGIN, AskVerdict.DONE, _cause(each)) for each in begun if each.kind in WRITING])


def _cause(begun: Deployment) -> str:
    what = f"release {begun.again} again" if begun.again else begun.sha or "everything"
    return f"{begun.kind} of {what} ({begun.ref or 'no ref'}), because of: {begun.trigger}"


def note_ended(tx: Transaction, ended: Deployment) -> None:
    """Write down how a deployment ended that wrote, or was to."""
    if ended.kind in WRITING:
        verdict = _VERDICTS.get(ended.state, AskVerdict.REFUSED)
        _write(tx, [_about(tx, ended, END, verdict, f"{ended.state}: {ended.reason}")])


def _about(tx: Transaction, deployment: Deployment, word: str, verdict: AskVerdict, why: str) -> dict[str, object]:
    place = deployment.lane.repository, deployment.lane.environment
    said = {"who": deployment.author, "source": OURS.value, "word": word, "deployment_id": deployment.id}
    return _row(tx, place, verdict, why, **said)


def _row(tx: Transaction, place: tuple[str, str], verdict: AskVerdict, why: str, **said: object) -> dict[str, object]:
    repository, environment = place
    return {
        "at": tx.now,
        "repository": repository,
        "environment": bounded(environment, LONGEST_REASON),
        "verdict": verdict.value,
        "reason": bounded(why, LONGEST_REASON),
        "ask_id": 0,
        "delivery_id": 0,
        **said,
    }


def _write(tx: Transaction, rows: list[dict[str, object]]) -> None:
    tx.change_each(sa.insert(audit), rows)
    if rows and bind not in tx.last:
        tx.last.append(bind)


def refuse(tx: Transaction, asked: Iterable[Ask], delivery: int, why: str) -> None:
    """Write down who tried to ask for what where that does not count; the ask itself is not kept."""
    for ask in asked:
        append(tx, ask, delivery, Answer(verdict=AskVerdict.REFUSED, reason=why), None)


def of_deliveries(tx: Transaction, numbers: Collection[int]) -> dict[int, tuple[AuditEntry, ...]]:
    """Give what became of what these deliveries asked for, oldest first, by delivery."""
    if not numbers:
        return {}
    found: dict[int, tuple[AuditEntry, ...]] = {}
    for row in tx.rows(sa.select(audit).where(audit.c.delivery_id.in_(numbers)).order_by(audit.c.id)):
        found[row["delivery_id"]] = (*found.get(row["delivery_id"], ()), read_entry(row))
    return found


def listed(
    store: Store, *, repository: str = "", limit: int = 50, before: int | None = None, asked: bool = False
) -> list[AuditEntry]:
    """List entries, newest first; `before` is the last number seen, `asked` leaves out what nobody asked for."""
    query = sa.select(audit).order_by(audit.c.id.desc()).limit(limit)
    if repository:
        query = query.where(audit.c.repository == repository)
    if before is not None:
        query = query.where(audit.c.id < before)
    if asked:
        query = query.where(audit.c.source != OURS)
    with store.reading() as tx:
        return [read_entry(row) for row in tx.rows(query)]


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
        return [read_entry(row) for row in tx.rows(query)]


def read_entry(row: Row) -> AuditEntry:
    """Give an entry that we wrote."""
    entry = as_stored(row)
    return replace(
        entry, source=later_words.read(Source, entry.source), verdict=later_words.read(AskVerdict, entry.verdict)
    )
