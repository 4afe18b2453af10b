"""Asks: stored in the transaction that accepts their delivery, bound there to the head that was known then."""

import json
from collections.abc import Collection, Iterable
from dataclasses import replace

import sqlalchemy as sa

from pushboat import later_words
from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.model.command_words import ON_COMMITS
from pushboat.routing.buttons import CHECK, WORDS, of_plans
from pushboat.store import pushers
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import asks, pull_requests
from pushboat.store.database.texts import LONGEST_REASON, bounded
from pushboat.store.database.transaction import Row, Transaction

MOVES_THE_HEAD = ("opened", "updated", "reopened")
"""What brings news of a pull request's head; everything else only names a head that may be an older one by now."""

CLOSES = ("closed", "merged")

_CLOSE = sa.text(
    "UPDATE pull_request SET closed = :closed, merged = :merged, merged_into = :merged_into, "
    "merge_sha = CASE WHEN :merged AND :merge_sha = '' THEN merge_sha ELSE :merge_sha END "
    "WHERE repository = :repository AND number = :number"
)
_LEARN = sa.text(
    "INSERT INTO pull_request (repository, number, head, before, fork) "
    "VALUES (:repository, :number, :head, :before, :fork) ON CONFLICT (repository, number) DO NOTHING"
)
_FROM = sa.text(
    "UPDATE pull_request SET fork = :fork WHERE repository = :repository AND number = :number AND fork <> :fork"
)
_MOVE = sa.text(
    "UPDATE pull_request SET head = :head, before = :before WHERE repository = :repository AND number = :number "
    "AND head <> :head AND (before <> :head OR head = :before)"
)

_CORRECT = sa.text(
    "UPDATE pull_request SET head = :found_head, before = CASE WHEN head = :found_head THEN before ELSE '' END, "
    "closed = :found_closed, merged = (merged AND :found_closed), "
    "merge_sha = CASE WHEN :found_closed THEN merge_sha ELSE '' END, "
    "merged_into = CASE WHEN :found_closed THEN merged_into ELSE '' END "
    "WHERE repository = :repository AND number = :number AND head = :head AND closed = :closed"
)
_OF_DELIVERIES = (
    sa.select(asks).where(asks.c.delivery_id.in_(sa.bindparam("numbers", expanding=True))).order_by(asks.c.id)
)


def take(tx: Transaction, delivery: int, repository: str, event: Event, asked: Iterable[Ask]) -> None:
    """Store what a delivery asks for, bound to the head of that moment, and the head that it tells of."""
    keep(tx, delivery, [bound(tx, ask) for ask in asked])
    learn_head(tx, repository, event)
    pushers.learn(tx, repository, event)


def keep(tx: Transaction, delivery: int, wanted: Iterable[Ask]) -> None:
    """Store what a delivery asks for."""
    for ask in wanted:
        tx.change(
            sa.insert(asks),
            delivery_id=delivery,
            word=ask.word,
            environment=bounded(ask.environment, LONGEST_REASON),
            arguments=json.dumps(dict(ask.arguments)),
            who=ask.who,
            source=ask.source.value,
            repository=ask.repository,
            number=ask.number,
            sha=ask.sha,
            refusal=bounded(ask.refusal, LONGEST_REASON),
            puzzled=ask.puzzled,
            at=tx.now,
        )


def bound(tx: Transaction, ask: Ask) -> Ask:
    """Bind an ask on a pull request to the head that its writer saw: the forge's word, or the newest we know of.

    A button below a plan stands on the pull request of its commit, also where the forge names none, as for forks.
    """
    if ask.word in WORDS and not ask.number and of_plans(ask.arguments.get(CHECK, "")):
        return replace(ask, number=_number_of_head(tx, ask.repository, ask.sha))
    one = sa.and_(pull_requests.c.repository == ask.repository, pull_requests.c.number == ask.number)
    if ask.word in ON_COMMITS and ask.number:  # once it is merged, its merge is what waits and what is seen
        return replace(ask, sha=tx.scalar(sa.select(pull_requests.c.merge_sha).where(one)) or ask.sha or _head(tx, one))
    return ask if ask.sha or not ask.number else replace(ask, sha=_head(tx, one))


def _head(tx: Transaction, one: sa.ColumnElement[bool]) -> str:
    return tx.scalar(sa.select(pull_requests.c.head).where(one)) or ""


def learn_head(tx: Transaction, repository: str, event: Event) -> None:
    """Remember the head that a pull request's event tells of, unless we know already what came after it."""
    if event.kind is not EventKind.PULL_REQUEST or event.number is None or not event.sha:
        return
    known = {"repository": repository, "number": event.number, "head": event.sha, "before": event.before}
    fork = event.fork is not False
    learned = tx.change(_LEARN, **known, fork=fork)
    if not learned:
        tx.change(_FROM, repository=repository, number=event.number, fork=fork)
    if not learned and event.action in MOVES_THE_HEAD:
        tx.change(_MOVE, **known)
    closed = event.action in CLOSES
    if closed or event.action == "reopened":
        merged = event.action == "merged"
        made, into = (event.merged_sha, event.base_ref) if merged else ("", "")
        now = {"closed": closed, "merged": merged, "merged_into": into, "merge_sha": made}
        tx.change(_CLOSE, repository=repository, number=event.number, **now)


def standing_of(store: Store, repository: str, number: int) -> tuple[str, bool]:
    """Give the newest head that we know of a pull request, and whether it is closed."""
    query = sa.select(pull_requests.c.head, pull_requests.c.closed).where(
        pull_requests.c.repository == repository, pull_requests.c.number == number
    )
    with store.reading() as tx:
        row = tx.row(query)
    return (row["head"], bool(row["closed"])) if row else ("", False)


def merge_of(store: Store, repository: str, number: int) -> str:
    """Give the commit that a pull request's merge made, as far as we were told."""
    one = sa.and_(pull_requests.c.repository == repository, pull_requests.c.number == number)
    with store.reading() as tx:
        return tx.scalar(sa.select(pull_requests.c.merge_sha).where(one)) or ""


def head_of_merge(store: Store, repository: str, sha: str) -> str:
    """Give the head that a merge brought, as far as we were told; empty where the commit is none."""
    one = sa.and_(pull_requests.c.repository == repository, pull_requests.c.merge_sha == sha)
    with store.reading() as tx:
        return tx.scalar(sa.select(pull_requests.c.head).where(one, pull_requests.c.merge_sha != "").limit(1)) or ""


def is_closed(tx: Transaction, repository: str, number: int) -> bool:
    """Say whether we were told that a pull request is closed or merged."""
    one = sa.and_(pull_requests.c.repository == repository, pull_requests.c.number == number)
    return bool(tx.scalar(sa.select(pull_requests.c.closed).where(one)))


def merged_into(store: Store, wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Say of pull requests, by repository and number, into which branch they are merged, where we were told so.

    Empty where nobody said into which.
    """
    if not wanted:
        return {}
    one = pull_requests.c
    query = sa.select(one.repository, one.number, one.merged_into).where(
        one.merged.is_(True), one.number.in_({number for _, number in wanted})
    )
    with store.reading() as tx:
        found = {(row["repository"], row["number"]): str(row["merged_into"]) for row in tx.rows(query)}
    return {each: found[each] for each in wanted if each in found}


def numbers_of_head(store: Store, repository: str, head: str) -> list[int]:
    """List the open pull requests whose head this is, as far as we were told, the newest first."""
    of_head = (pull_requests.c.repository == repository, pull_requests.c.head == head)
    query = sa.select(pull_requests.c.number).where(*of_head, pull_requests.c.closed.is_(False))
    with store.reading() as tx:
        return [row["number"] for row in tx.rows(query.order_by(pull_requests.c.number.desc()))]


def _number_of_head(tx: Transaction, repository: str, head: str) -> int:
    query = sa.select(sa.func.max(pull_requests.c.number)).where(
        pull_requests.c.repository == repository, pull_requests.c.head == head, pull_requests.c.closed.is_(False)
    )
    return int(tx.scalar(query) or 0)


def correct(store: Store, repository: str, number: int, known: tuple[str, bool], found: tuple[str, bool]) -> None:
    """Take the forge's word for a pull request's head, and for whether it is closed, unless news came meanwhile."""
    (head, closed), (found_head, found_closed) = known, found
    values = {"head": head, "closed": closed, "found_head": found_head, "found_closed": found_closed}
    if known != found:
        with store.writing() as tx:
            tx.change(_CORRECT, repository=repository, number=number, **values)


def remember_head(store: Store, repository: str, number: int, head: str, *, fork: bool) -> None:
    """Remember the head of a pull request that no delivery told us of."""
    with store.writing() as tx:
        tx.change(_LEARN, repository=repository, number=number, head=head, before="", fork=fork)


def is_fork(store: Store, repository: str, number: int) -> bool:
    """Say whether a pull request comes from a fork, as far as we were told."""
    query = sa.select(pull_requests.c.fork).where(
        pull_requests.c.repository == repository, pull_requests.c.number == number
    )
    with store.reading() as tx:
        return bool(tx.scalar(query))


def of_deliveries(tx: Transaction, numbers: Collection[int]) -> dict[int, tuple[Ask, ...]]:
    """Give the asks of these deliveries, by delivery."""
    if not numbers:
        return {}
    found: dict[int, tuple[Ask, ...]] = {}
    for row in tx.rows(_OF_DELIVERIES, numbers=list(numbers)):
        found[row["delivery_id"]] = (*found.get(row["delivery_id"], ()), _read(row))
    return found


def again(tx: Transaction, old: int, new: int) -> None:
    """Ask for the same once more, about the same commit."""
    keep(tx, new, (replace(ask, id=0) for ask in of_deliveries(tx, (old,)).get(old, ())))


def _read(row: Row) -> Ask:
    return Ask(
        id=row["id"],
        word=row["word"],
        environment=row["environment"],
        arguments=json.loads(row["arguments"] or "{}"),
        who=row["who"],
        source=later_words.read(Source, row["source"]),
        repository=row["repository"],
        number=row["number"],
        sha=row["sha"],
        refusal=row["refusal"],
        puzzled=bool(row["puzzled"]),
        at=row["at"],
    )
