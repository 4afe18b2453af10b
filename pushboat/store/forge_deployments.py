"""The forge's own list of deployments: what it is told of ours, and by which number it knows each."""

from dataclasses import replace
from hashlib import sha256

import sqlalchemy as sa

from pushboat.model.deployment import Deployment
from pushboat.model.forge_answer import Answered, Reviewed
from pushboat.model.forge_letters import DeploymentLetter, ReviewLetter
from pushboat.model.state import Kind, State
from pushboat.model.status import Status, clip
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments, outbox
from pushboat.store.database.transaction import Transaction
from pushboat.store.outbox import FORBIDDEN
from pushboat.store.putting import put

_REMEMBER = sa.text("UPDATE deployment SET forge_number = :forge_number WHERE id = :id")
_NOTE_URL = sa.text("UPDATE deployment SET url = :url WHERE id = :id AND url <> :url")
_MOST_OTHERS = 100


def tell(tx: Transaction, deployment: Deployment, said: Status) -> None:
    """Say to the forge's own list how a deployment stands; plans and healed drift are none of its business."""
    if letter := told(deployment, said):
        put(tx, deployment.lane.repository, letter)


def told(deployment: Deployment, said: Status) -> DeploymentLetter | None:
    """Give what the forge's own list is told of a deployment, if anything.

    What a running one waits for is said beside its commit: here nobody reads a log of it.
    """
    if deployment.kind is Kind.PLAN or deployment.heals or (said.state is State.RUNNING and deployment.waits):
        return None
    ends = deployment.kind is Kind.REMOVAL
    if ends and deployment.state is not State.SUCCEEDED:
        return None  # as long as it is not gone, what ran there last runs there
    return DeploymentLetter(
        deployment=deployment.id,
        mark=mark_of(deployment),
        environment=deployment.lane.environment,
        sha=deployment.sha,
        ref=deployment.ref,
        state=deployment.state if deployment.state is State.SUPERSEDED else said.state,  # its commit follows another
        description=said.description,
        path=said.path,
        ends=ends,
    )


def answer(tx: Transaction, repository: str, said: Answered | Reviewed, page: str) -> None:
    """Answer a workflow, or say at somebody's own deployment at the forge why nothing follows from it."""
    if isinstance(said, Reviewed):
        review = ReviewLetter(run=said.run, environment=said.environment, approved=said.approved, comment=said.comment)
        put(tx, repository, review)
        return
    letter = DeploymentLetter(
        deployment=0,
        mark="",
        environment=said.environment,
        sha=said.sha,
        ref="",
        state=State.FAILED,
        description=clip(said.description),
        path=page,
        number=said.number,
    )
    put(tx, repository, letter)


def known_as(tx: Transaction, lane: int, number: int) -> int:
    """Find our deployment that the forge knows by a number; 0: there is none."""
    found = sa.select(deployments.c.id).where(deployments.c.lane_id == lane, deployments.c.forge_number == number)
    return int(tx.scalar(found.order_by(deployments.c.id).limit(1)) or 0)


def are_one(tx: Transaction, older: int, newer: int) -> bool:
    """Say whether the forge knows both by one number: then the newer one only goes on with what the older one was."""
    known = sa.select(deployments.c.forge_number).where(deployments.c.id.in_((older, newer)))
    numbers = [row["forge_number"] for row in tx.rows(known)]
    return len(numbers) == 2 and numbers[0] == numbers[1] != 0


def mark_of(deployment: Deployment) -> str:
    """Name a deployment as no other store does, that counts from one as well."""
    lane = deployment.lane
    whole = f"{lane.repository} {lane.environment} {deployment.id} {deployment.created_at}"
    return f"pushboat-{deployment.id}-{sha256(whole.encode()).hexdigest()[:16]}"


def remember(store: Store, number: int, forge_number: int) -> None:
    """Keep the forge's own number of a deployment."""
    with store.writing() as tx:
        tx.change(_REMEMBER, id=number, forge_number=forge_number)


def note_url(store: Store, number: int, url: str) -> None:
    """Keep where people see what a deployment brings; nothing is written where it is known, or where there is none."""
    with store.reading() as tx:
        if tx.scalar(sa.select(deployments.c.url).where(deployments.c.id == number)) == url:
            return
    with store.writing() as tx:
        tx.change(_NOTE_URL, id=number, url=url)


def completed(store: Store, letter: DeploymentLetter) -> DeploymentLetter:
    """Add to a letter by which numbers the forge knows its deployment and those that it must tell it from.

    One that brings the same files as what runs there is not looked into: people see it where they saw the one before.
    """
    rows = deployments.c
    with store.reading() as tx:
        own = tx.row(sa.select(rows.lane_id, rows.forge_number, rows.url).where(rows.id == letter.deployment))
        if own is None:
            return letter
        before = sa.select(rows.forge_number, rows.url).where(
            rows.lane_id == own["lane_id"], rows.id != letter.deployment, rows.forge_number != 0
        )
        ran = before.where(rows.state == State.SUCCEEDED, rows.id < letter.deployment)
        former = tx.row(ran.order_by(rows.id.desc()).limit(1))
        same = tx.rows(before.where(rows.sha == letter.sha).order_by(rows.id.desc()).limit(_MOST_OTHERS))
    return replace(
        letter,
        number=int(own["forge_number"]),
        former=(int(former["forge_number"]),) if former else (),
        others=frozenset(int(row["forge_number"]) for row in same),
        url=own["url"] or (former["url"] if former else ""),
    )


def forbidden(store: Store, forge: str, path: str) -> str:
    """Say why the forge's list lacks the newest deployment of a repository; empty where it was told of it."""
    posted = sa.select(outbox.c.outcome, outbox.c.error).where(
        outbox.c.forge == forge,
        outbox.c.repository == path,
        outbox.c.kind == "deployment",
        outbox.c.sent_at.is_not(None),
    )
    with store.reading() as tx:
        row = tx.row(posted.order_by(outbox.c.id.desc()).limit(1))
    return str(row["error"]) if row and row["outcome"] == FORBIDDEN else ""
