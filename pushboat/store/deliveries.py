"""Deliveries: each one stored once, in one transaction, before anybody is told that it was accepted.

The repository's row is locked before a delivery gets its number, so that numbers follow the order of acceptance even
on Postgres, where a lower number may otherwise become visible after a higher one.
"""

import json
import logging
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from pushboat.errors import CommandRefused
from pushboat.events import Event, EventKind, to_json
from pushboat.logs import tell
from pushboat.model.ask import Ask, AskVerdict
from pushboat.model.command_words import DANGEROUS_WORDS
from pushboat.model.delivery import FORGOTTEN, REPLAY, Accepted, DeliveryRow, Verdict
from pushboat.model.head import Head
from pushboat.routing import Answer
from pushboat.routing.streams import stream
from pushboat.store import asks, audit, heads, pushers, tallies
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deliveries
from pushboat.store.database.texts import begins_with
from pushboat.store.database.transaction import Transaction
from pushboat.store.delivery_rows import insert, read_deliveries, repository_of
from pushboat.store.putting import react
from pushboat.store.retelling import told_already

logger = logging.getLogger(__name__)
REJECTIONS_KEPT = 200
WAITING = "accepted; waiting for its turn"

_WAKE_REPOSITORY = sa.text(
    "INSERT INTO repository (name) VALUES (:name) ON CONFLICT (name) DO UPDATE SET hint_at = 0, hints = 0, "
    "not_before = 0"
)
_COUNT_REPETITION = sa.text(
    "UPDATE delivery SET duplicates = duplicates + 1 WHERE forge = :forge AND delivery = :delivery RETURNING id"
)
_RECONSIDER = sa.text(
    "UPDATE delivery SET verdict = 'accepted', reason = :reason, event = :event, stream = :stream, routed_at = NULL "
    "WHERE forge = :forge AND delivery = :delivery AND verdict = 'ignored' RETURNING id"
)
_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(7370)")
_INSERT_REJECTION = sa.text(
    "INSERT INTO delivery (forge, verdict, reason, source, received_at, routed_at) "
    "VALUES (:forge, 'rejected', :reason, :source, :now, :now) RETURNING id"
)
_FORGET_REJECTIONS = sa.text(
    "DELETE FROM delivery WHERE verdict = 'rejected' AND id <= "
    "(SELECT id FROM delivery WHERE verdict = 'rejected' ORDER BY id DESC LIMIT 1 OFFSET :kept)"
)


def accept(
    store: Store,
    forge: str,
    delivery: str,
    event: Event,
    *,
    ignored: str = "",
    asked: Sequence[Ask] = (),
    headers: Mapping[str, str] | None = None,
) -> Accepted:
    """Store a verified delivery and what it asks for, with the work of routing it.

    Where `ignored` says why there is nothing to do, the delivery is kept with that sentence only. So is what another
    webhook has told of already: what a comment asks for is done once, and a pull request's commit is planned once.
    `headers` are those that may be shown.
    """
    with store.writing() as tx:
        told = "" if ignored else told_already(tx, f"{forge}/{event.repository}", delivery, event)
        event, asked, ignored = (replace(event, comment=""), (), told) if told else (event, asked, ignored)
        accepted = replace(accept_in(tx, forge, delivery, event, ignored, asked, headers), ignored=ignored)
        if not accepted.duplicate:
            heads.told(tx, forge, event)
        if ignored and not accepted.duplicate:
            audit.refuse(tx, asked, accepted.id, ignored)
        elif not accepted.duplicate:
            asks.take(tx, accepted.id, f"{forge}/{event.repository}", event, asked)
            react(tx, forge, event, asked)
    _log(accepted, forge, delivery, event, Verdict.IGNORED if ignored else Verdict.ACCEPTED)
    return accepted


def accept_found(store: Store, forge: str, delivery: str, event: Event, head: Head) -> Accepted | None:
    """Store a push that a look found at `head`; None where a delivery has told of this ref in the meantime."""
    repository = f"{forge}/{event.repository}"
    with store.writing() as tx:
        tx.change(_WAKE_REPOSITORY, name=repository)
        if not heads.caught_up(tx, repository, head, event.sha):
            return None
        accepted = accept_in(tx, forge, delivery, event)
        pushers.learn(tx, repository, event)
    _log(accepted, forge, delivery, event, Verdict.ACCEPTED)
    return accepted


def _log(accepted: Accepted, forge: str, delivery: str, event: Event, verdict: Verdict) -> None:
    verdict = Verdict.DUPLICATE if accepted.duplicate else verdict
    tell(
        logger,
        f"delivery {accepted.id} of {forge}/{event.repository}: {event.kind} {event.sha[:7]} {verdict}".strip(),
        delivery=accepted.id,
        id_at_forge=delivery,
        forge=forge,
        repository=f"{forge}/{event.repository}",
        sha=event.sha,
        verdict=verdict,
    )


def accept_in(
    tx: Transaction,
    forge: str,
    delivery: str,
    event: Event,
    ignored: str = "",
    asked: Sequence[Ask] = (),
    headers: Mapping[str, str] | None = None,
) -> Accepted:
    """Store a delivery inside a transaction."""
    if not ignored:
        tx.change(_WAKE_REPOSITORY, name=repository_of(forge, event))
    verdict, reason = (Verdict.IGNORED, ignored) if ignored else (Verdict.ACCEPTED, WAITING)
    number = insert(tx, forge, delivery, event, asked, verdict, reason, tx.now if ignored else None, headers)
    if number is not None:
        return Accepted(id=number)
    # A delivery of a repository that the operator has added since may be sent again, and then it counts.
    again = {"forge": forge, "delivery": delivery, "event": json.dumps(to_json(event)), "reason": WAITING}
    again["stream"] = stream(event, asked)
    if not ignored and (changed := tx.scalar(_RECONSIDER, **again)) is not None:
        tallies.was_ignored(tx, forge)
        return Accepted(id=changed)
    return Accepted(id=tx.scalar(_COUNT_REPETITION, forge=forge, delivery=delivery), duplicate=True)


def keep_done(tx: Transaction, forge: str, delivery: str, event: Event, ask: Ask, said: str) -> tuple[int, Ask]:
    """Store an ask that is carried out already in this transaction, so that no router is told of it; give both."""
    number = insert(tx, forge, delivery, event, (ask,), Verdict.ACCEPTED, said, routed_at=tx.now)
    assert number is not None, "its name is new"
    asks.keep(tx, number, (ask,))
    (kept,) = asks.of_deliveries(tx, (number,))[number]
    return number, kept


def is_known(store: Store, forge: str, delivery: str) -> bool:
    """Say whether a delivery has come, by the forge's id."""
    with store.reading() as tx:
        return tx.row(sa.select(deliveries.c.id).filter_by(forge=forge, delivery=delivery)) is not None


def reject(store: Store, forge: str, source: str, reason: str, *, times: int = 1, known: bool = True) -> int:
    """Record that something was refused, from where and why; only the newest of these records are kept.

    `times` counts those without a record too; `known` says that there is a forge of this name.
    """
    with store.writing() as tx:
        if tx.postgres:
            tx.rows(_ONE_AT_A_TIME)
        number = tx.scalar(_INSERT_REJECTION, forge=forge[:100], source=source[:200], reason=reason[:500], now=tx.now)
        tx.change(_FORGET_REJECTIONS, kept=REJECTIONS_KEPT)
        tallies.was_rejected(tx, forge if known else "", times)
        return int(number)


def find(store: Store, number: int) -> DeliveryRow | None:
    """Look up one delivery."""
    with store.reading() as tx:
        return next(iter(read_deliveries(tx, tx.rows(sa.select(deliveries).where(deliveries.c.id == number)))), None)


def listed(
    store: Store,
    *,
    limit: int = 50,
    before: int | None = None,
    repository: str = "",
    spellings: Collection[str] = (),
    sha: str = "",
    forge: str = "",
    verdict: str = "",
) -> list[DeliveryRow]:
    """List deliveries, newest first; `spellings` are other ways to write `repository`, `before` is the last seen."""
    query = sa.select(deliveries).order_by(deliveries.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(deliveries.c.id < before)
    if repository:
        query = query.where(deliveries.c.repository.in_({repository, *spellings}))
    if sha:
        query = query.where(*begins_with(deliveries.c.sha, sha))
    if forge:
        query = query.where(deliveries.c.forge == forge)
    if verdict:
        query = query.where(deliveries.c.verdict == verdict)
    with store.reading() as tx:
        return read_deliveries(tx, tx.rows(query))


def accepted_since(store: Store, row: DeliveryRow, limit: int = 200) -> list[DeliveryRow]:
    """List what was accepted of the same repository after a delivery, oldest first."""
    query = sa.select(deliveries).where(
        deliveries.c.repository == row.repository, deliveries.c.id > row.id, deliveries.c.verdict == Verdict.ACCEPTED
    )
    with store.reading() as tx:
        return read_deliveries(tx, tx.rows(query.order_by(deliveries.c.id).limit(limit)))


def accept_ask(store: Store, ask: Ask) -> int:
    """Store an ask that no forge has brought as a delivery of its own, and give its number."""
    forge, _, path = ask.repository.partition("/")
    title = f"{ask.word} {ask.environment}"
    event = Event(kind=EventKind.ASK, action=ask.word, repository=path, author=ask.who, title=title)
    return accept(store, forge, f"ask-{uuid.uuid4()}", event, asked=(ask,)).id


def replay(store: Store, number: int, who: Ask | None = None) -> int:
    """Accept a delivery's event once more, under a name of its own; `who` asks for that is written down.

    Raises:
        CommandRefused: it cannot be done again.
    """
    old = find(store, number)
    if old is None:
        raise CommandRefused(f"there is no delivery {number}")
    if old.verdict is Verdict.REJECTED:
        raise CommandRefused(f"delivery {number} was rejected, nothing of it was stored; let the forge send it again")
    if old.forgotten:
        raise CommandRefused(f"delivery {number} cannot be done again. {FORGOTTEN}")
    if old.event.kind in (EventKind.COMMENT, EventKind.ASK) and not old.asks:
        raise CommandRefused(f"what delivery {number} asked for was not kept; ask for it again where it was asked")
    if any(ask.word in DANGEROUS_WORDS for ask in old.asks):
        raise CommandRefused(f"what delivery {number} asked for is not done again by a replay: ask for it anew")
    name = old.delivery.split(REPLAY)[0]
    with store.writing() as tx:
        tx.change(_WAKE_REPOSITORY, name=old.repository)  # whoever has this row decides which number is free
        taken = sa.select(sa.func.count()).where(
            deliveries.c.forge == old.forge, deliveries.c.delivery.startswith(name + REPLAY, autoescape=True)
        )
        new = accept_in(tx, old.forge, f"{name}{REPLAY}{tx.scalar(taken) + 1}", old.event, asked=old.asks).id
        asks.again(tx, number, new)
        if who:
            said = f"delivery {number} goes again as {new}"
            audit.append(tx, who, 0, Answer(verdict=AskVerdict.DONE, reason=said), None)
    return new
