"""Writes what the forge shall show into the outbox, inside the transaction that makes it true."""

import json
from dataclasses import replace
from hashlib import sha256

import sqlalchemy as sa

from pushboat.model import status
from pushboat.model.ask import Source
from pushboat.model.deployment import Claim, Deployment
from pushboat.model.letter import Letter, ReplyLetter, StatusLetter, kind_of
from pushboat.model.plan_summary import summarise
from pushboat.model.state import Kind, State
from pushboat.model.status import Status
from pushboat.routing import outcomes
from pushboat.store import asks
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deliveries, deployments, lanes, outbox
from pushboat.store.database.texts import cleaned
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, find_in, read_deployment

_SO_FAR = "; waited "


def announce(tx: Transaction, deployment: Deployment, shown: Status | None = None) -> None:
    """Show a deployment's state beside its commit, or another status that comes of it.

    One that puts drift back speaks for no commit of its own: what the deployed one shows is said in concluding.py.
    """
    if not deployment.heals:
        told = shown or status.of(deployment)
        announce_status(tx, deployment.lane.repository, deployment.sha, told)
        _answer(tx, deployment, told)


def announce_status(tx: Transaction, repository: str, sha: str, shown: Status) -> None:
    """Show a status beside a commit; statuses of one commit and context reach the forge in this order."""
    put(tx, repository, StatusLetter(sha=sha, status=shown))


def remind(store: Store, claim: Claim, waits: str) -> None:
    """Show beside its commit what a running deployment waits for; for how long already, nobody reads there."""
    with store.writing() as tx:
        found = find_in(tx, claim.deployment.id)
        if found is not None and found.state is State.RUNNING:
            announce(tx, replace(found, waits=waits.partition(_SO_FAR)[0]))


def reply(tx: Transaction, repository: str, number: int, body: str, delivery: int, path: str = "") -> None:
    """Answer a delivery in a pull request's conversation; a later answer to the same one takes the place of this."""
    put(tx, repository, ReplyLetter(number=number, body=body, marker=_marker(tx, delivery), path=path))


def _answer(tx: Transaction, deployment: Deployment, told: Status) -> None:
    """Tell where it was asked for how it ended; what goes on is beside the commit."""
    if told.state in (State.QUEUED, State.RUNNING) or not deployment.delivery:
        return
    for ask in asks.of_deliveries(tx, (deployment.delivery,)).get(deployment.delivery, ()):
        if ask.source is Source.COMMENT and ask.number:
            body = outcomes.text(deployment, told)
            reply(tx, deployment.lane.repository, ask.number, body, deployment.delivery, deployment.path)


def _marker(tx: Transaction, delivery: int) -> str:
    """Name the answer to a delivery: always the same, and another one where a new store counts from one again."""
    known = tx.scalar(sa.select(deliveries.c.delivery).where(deliveries.c.id == delivery))
    return f"pushboat-{delivery}-{sha256(f'{delivery} {known}'.encode()).hexdigest()[:16]}"


def put(tx: Transaction, repository: str, letter: Letter) -> None:
    """Put a letter of any kind into the outbox, behind those of its stream."""
    kind = kind_of(letter)
    forge, _, path = repository.partition("/")
    tx.change(
        sa.insert(outbox),
        stream=kind.stream(repository, letter),
        forge=forge,
        repository=path,
        kind=kind.name,
        # Cleaned before it becomes JSON, which would write down as \u0000 and \ud800 what no forge can be sent.
        payload=json.dumps(cleaned(kind.write(letter)), ensure_ascii=False),
        created_at=tx.now,
    )


def sum_up_plans(tx: Transaction, ended: Deployment) -> None:
    """Show all plans of a pull request's head as one status, once the last of them has ended.

    The caller has locked the repository: of two plans that end at the same time one must see the other.
    """
    if ended.kind is not Kind.PLAN:
        return
    plans = tx.rows(
        SELECTED.where(
            lanes.c.repository == ended.lane.repository,
            lanes.c.number == ended.lane.number,
            deployments.c.kind == Kind.PLAN,
            deployments.c.sha == ended.sha,
        )
    )
    summary = summarise([read_deployment(row) for row in plans])
    if summary:
        announce_status(tx, ended.lane.repository, ended.sha, summary)


def lock_repository(tx: Transaction, repository: str) -> None:
    """Let nobody else decide about this repository until the transaction ends; comes before any lane's lock."""
    if tx.postgres:
        tx.rows(_LOCK_REPOSITORY, name=repository)


_LOCK_REPOSITORY = sa.text("SELECT name FROM repository WHERE name = :name FOR UPDATE")
