"""Writes notices into the outbox, inside the transaction that makes true what they tell, and hands them out.

Nothing is written where the operator's file has no receivers. A notice is handed out once: its letters, one for each
receiver, are written in the transaction that settles it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

import sqlalchemy as sa

from pushboat import later_words
from pushboat.model import status
from pushboat.model.deployment import Deployment
from pushboat.model.drift import sentence
from pushboat.model.inspection import Inspection
from pushboat.model.letter import kind_of
from pushboat.model.notice import AddressedLetter, News, Notice, NoticeLetter, stream_of
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing.forge_rules import REVIEWERS
from pushboat.routing.noticing import BACK, is_new_drift, news_of
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments, holds, lanes, outbox
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.deployments import find_in
from pushboat.store.outbox import DEAD, SENT, Envelope, Settled, settle_in
from pushboat.store.putting import put_notices

NOBODY = "nobody listens"
HANDED_OUT = "handed out"
OVER = "it waits no more"
_PEOPLE = ("approval", REVIEWERS)
"""The kinds of hold that wait for somebody's approval."""
_GOT_SOMEWHERE = (State.SUCCEEDED, State.FAILED, State.ERRORED)
_TOLD = sa.text("SELECT id FROM outbox WHERE stream = :stream LIMIT 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """How a receiver takes its letters: how many wait and since when, why; how many were given up lately, and why."""

    waiting: int = 0
    since: float | None = None
    trouble: str = ""
    given_up: int = 0
    refusal: str = ""
    last: float | None = None


def tell_end(tx: Transaction, deployment: Deployment) -> None:
    """Tell how a deployment ended, where that is news."""
    if not tx.notices or deployment.kind is Kind.PLAN:
        return
    former = tx.row(_before(deployment).where(deployments.c.state.in_(_GOT_SOMEWHERE)).limit(1))
    news = news_of(deployment, later_words.read(State, former["state"]) if former else None)
    if news is not None:
        there = tx.row(_before(deployment).where(deployments.c.state == State.SUCCEEDED).limit(1))
        first = there is None or there["kind"] == Kind.REMOVAL
        said = status.of(deployment).description
        put_notices(tx, (NoticeLetter(notice=_notice(tx, deployment, news, said, first=first)),))


def _before(deployment: Deployment) -> sa.Select[tuple[str, str]]:
    """Choose what ended in a deployment's lane, the newest first; what repeats, or puts drift back, decided nothing."""
    lane = deployment.lane
    chosen = sa.select(deployments.c.state, deployments.c.kind).join(lanes, lanes.c.id == deployments.c.lane_id)
    return chosen.where(
        lanes.c.repository == lane.repository,
        lanes.c.environment == lane.environment,
        lanes.c.number == lane.number,
        deployments.c.id != deployment.id,
        deployments.c.cause != Trigger.SELF_HEAL,
        deployments.c.same_as == 0,
    ).order_by(deployments.c.finished_at.desc(), deployments.c.id.desc())


def tell_drift(tx: Transaction, known: Inspection, found: Inspection, runs: Deployment | None) -> None:
    """Tell that an environment is not as it was deployed, where that is another drift than was known."""
    if not tx.notices or runs is None or not is_new_drift(known, found):
        return
    said = sentence(found.found, found.count)
    put_notices(tx, (NoticeLetter(notice=_notice(tx, runs, News.DRIFTED, said)),))


def tell_waiting(tx: Transaction, number: int) -> None:
    """Tell that a deployment waits for somebody's approval, once for each commit and environment."""
    if not tx.notices:
        return
    row = tx.row(sa.select(holds.c.reason).where(holds.c.deployment == number, holds.c.kind.in_(_PEOPLE)))
    found = find_in(tx, number) if row else None
    if row is None or found is None or found.kind is Kind.PLAN:
        return
    notice = _notice(tx, found, News.WAITING, status.of(found).description or row["reason"])
    letter = NoticeLetter(notice=notice, order=found.sha)
    if tx.row(_TOLD, stream=kind_of(letter).stream(notice.repository, letter)) is None:
        put_notices(tx, (letter,))


def hand_out(store: Store, envelope: Envelope, notice: Notice, receivers: Sequence[str]) -> None:
    """Write a notice's letters, one for each receiver, and settle it: once, whoever else tries.

    Nobody is called for what was approved meanwhile, or gave way to a newer commit in the moment that it came.
    """
    with store.writing() as tx:
        state = sa.select(deployments.c.state).where(deployments.c.id == notice.deployment)
        over = notice.news is News.WAITING and tx.scalar(state) != State.QUEUED
        outcome = OVER if over else HANDED_OUT if receivers else NOBODY
        if settle_in(tx, Settled(envelope, outcome)) and not over:
            put_notices(tx, [AddressedLetter(receiver=name, notice=notice) for name in receivers])


def heard(store: Store, receiver: str, lately: float) -> Heard:
    """Say how a receiver takes its letters; what was given up counts for so many seconds."""
    mine = outbox.c.stream == stream_of(receiver)
    waiting, posted = outbox.c.sent_at.is_(None), outbox.c.sent_at.is_not(None)
    with store.reading() as tx:
        over = sa.and_(mine, posted, outbox.c.outcome == DEAD, outbox.c.sent_at > tx.now - lately)
        oldest = tx.row(_newest_or_oldest(sa.and_(mine, waiting)).order_by(outbox.c.id).limit(1))
        refused = tx.row(_newest_or_oldest(over).order_by(outbox.c.id.desc()).limit(1))
        return Heard(
            waiting=tx.scalar(sa.select(sa.func.count()).select_from(outbox).where(mine, waiting)),
            since=oldest["created_at"] if oldest else None,
            trouble=_error(oldest),
            given_up=tx.scalar(sa.select(sa.func.count()).select_from(outbox).where(over)),
            refusal=_error(refused),
            last=tx.scalar(sa.select(sa.func.max(outbox.c.sent_at)).where(mine, posted, outbox.c.outcome == SENT)),
        )


def _newest_or_oldest(which: sa.ColumnElement[bool]) -> sa.Select[tuple[float, str]]:
    return sa.select(outbox.c.created_at, outbox.c.error).where(which)


def _error(row: Row | None) -> str:
    return str(row["error"]) if row else ""


def _notice(tx: Transaction, about: Deployment, news: News, said: str, *, first: bool = False) -> Notice:
    return Notice(
        id=uuid4().hex,
        news=news,
        at=tx.now,
        repository=about.lane.repository,
        environment=about.lane.environment,
        sha=about.sha,
        ref=about.ref,
        sentence=said,
        subject=about.caption.subject,
        author=about.caption.author or about.author,
        path=about.path,
        deployment=about.id,
        rolled_back=about.trigger in BACK,
        first=first,
        errored=about.state is State.ERRORED,
    )
