"""Writes what the forge shall show into the outbox, inside the transaction that makes it true."""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

import sqlalchemy as sa

from pushboat.model import status
from pushboat.model.ask import Source
from pushboat.model.deployment import Claim, Deployment
from pushboat.model.letter import Letter, ReplyLetter, StatusLetter
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.status import Status
from pushboat.routing import outcomes
from pushboat.store import approvals, asks, audit, forge_deployments, proposals
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deliveries
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import find_in, of_delivery_in
from pushboat.store.putting import is_newest, put, put_all
from pushboat.store.sticky_marks import mark, mark_concerned

_SO_FAR = "; waited "
_RUNS = sa.text("SELECT id FROM deployment WHERE id = :id AND fence = :fence AND state = 'running'")
_RUNS_LOCKED = sa.text(f"{_RUNS.text} FOR UPDATE")


def announce(tx: Transaction, deployment: Deployment, shown: Status | None = None) -> None:
    """Show a deployment's state beside its commit, or another status that comes of it.

    One that puts drift back speaks for no commit of its own: what the deployed one shows is said in concluding.py.
    """
    if deployment.heals:
        return
    mark_concerned(tx, deployment)
    repository, said = deployment.lane.repository, shown or status.of(deployment)
    if deployment.kind is Kind.PLAN:
        _announce_plan(tx, deployment, said)
    else:
        announce_status(tx, repository, deployment.sha, said)
        if deployment.state is not State.SUPERSEDED:  # that is told once, where it steps back
            forge_deployments.tell(tx, deployment, said)
    tell_asker(tx, deployment, said)
    _tell_approvers(tx, deployment, said)


def announce_begun(tx: Transaction, repository: str, begun: Iterable[Deployment]) -> None:
    """Show deployments of a repository that were queued just now, all of them at once."""
    marked: set[tuple[int | None, str]] = set()
    letters: list[Letter] = []
    for each in begun:
        if each.kind is Kind.PLAN:
            announce(tx, each)
            continue
        if (each.delivery, each.sha) not in marked:  # whom it concerns is the same for all of a commit's
            marked.add((each.delivery, each.sha))
            mark_concerned(tx, each)
        said = status.of(each)
        letters.append(StatusLetter(sha=each.sha, status=said))
        if told := forge_deployments.told(each, said):
            letters.append(told)
    put_all(tx, repository, letters)


def _announce_plan(tx: Transaction, plan: Deployment, said: Status) -> None:
    """Tell a proposal how its plan stands; one that is made again says nothing before its end, and then only news."""
    quiet = plan.trigger is Trigger.MOVED
    if not quiet or said.state.ended:
        answer(tx, plan.lane.repository, plan.lane.number, plan.sha, said, plan=plan.id, quiet=quiet)


def answer(
    tx: Transaction, repository: str, number: int, sha: str, said: Status, plan: int = 0, *, quiet: bool = False
) -> None:
    """Tell a proposal something, and show on its commit the worst of what all that ask about it were told."""
    mark(tx, repository, number)
    show(tx, repository, ((sha, proposals.answered(tx, repository, number, sha, said, plan, quiet=quiet)),))


def show(tx: Transaction, repository: str, found: Iterable[tuple[str, Status | None]]) -> None:
    """Show what commits are to show; nothing where that stays as it is."""
    for sha, shown in found:
        if shown is not None:
            announce_status(tx, repository, sha, shown)


def announce_status(tx: Transaction, repository: str, sha: str, shown: Status) -> None:
    """Show a status beside a commit; statuses of one commit and context reach the forge in this order."""
    put(tx, repository, StatusLetter(sha=sha, status=shown))


def announce_work(tx: Transaction, deployment: Deployment) -> None:
    """Show that a deployment is worked on; where its commit shows that already, only comments may have news of it."""
    letter = StatusLetter(sha=deployment.sha, status=status.of(deployment))
    if not is_newest(tx, deployment.lane.repository, letter):
        announce(tx, deployment)
    elif deployment.kind is Kind.PLAN:
        mark(tx, deployment.lane.repository, deployment.lane.number)
    else:
        mark_concerned(tx, deployment)


def remind(store: Store, claim: Claim, waits: str) -> None:
    """Show beside its commit what a running deployment waits for; for how long already, nobody reads there."""
    with store.writing() as tx:
        # Whoever ends it waits for this word, or has said the last one: only who runs it still speaks for it.
        mine = tx.rows(_RUNS_LOCKED if tx.postgres else _RUNS, id=claim.deployment.id, fence=claim.fence)
        found = find_in(tx, claim.deployment.id) if mine else None
        if found is not None:
            announce(tx, replace(found, waits=waits.partition(_SO_FAR)[0]))


def reply(
    tx: Transaction,
    repository: str,
    number: int,
    body: str,
    delivery: int,
    path: str = "",
    *,
    once: str = "",
    sha: str = "",
) -> None:
    """Answer a delivery in a pull request's conversation, or below the commit `sha`.

    A later answer to the same one takes the place of this in a conversation.
    What has a name in `once` is said there only the first time, whichever delivery it answers.
    """
    marker = f"pushboat-{once}" if once else _marker(tx, delivery)
    put(tx, repository, ReplyLetter(number=number, body=body, marker=marker, path=path, sha=sha))


def tell_asker(tx: Transaction, deployment: Deployment, told: Status) -> None:
    """Tell where it was asked for how it ended, and beside it what else the same words led to."""
    number = deployment.delivery
    if told.state in (State.QUEUED, State.RUNNING) or not number or deployment.trigger is Trigger.MOVED:
        return
    for ask in asks.of_deliveries(tx, (number,)).get(number, ()):
        if ask.source in (Source.COMMENT, Source.BUTTON) and ask.number:
            made = of_delivery_in(tx, number) or [deployment]
            saying = [(each, told if each.id == deployment.id else status.of(each)) for each in made]
            page = deployment.path if len(saying) == 1 else f"/deliveries/{number}"
            first = [entry.reason for entry in audit.of_deliveries(tx, (number,)).get(number, ())]
            reply(tx, deployment.lane.repository, ask.number, outcomes.answer(saying, first), number, page)


def _tell_approvers(tx: Transaction, deployment: Deployment, told: Status) -> None:
    """Tell where a commit was approved how its deployment ended."""
    if deployment.kind is not Kind.DEPLOY or told.state in (State.QUEUED, State.RUNNING):
        return
    lane = deployment.lane
    for each in approvals.of(tx, lane.repository, lane.environment, deployment.sha):
        if each.number and each.delivery and not each.ended:
            first = [entry.reason for entry in audit.of_deliveries(tx, (each.delivery,)).get(each.delivery, ())]
            said = outcomes.answer([(deployment, told)], first)
            reply(tx, lane.repository, each.number, said, each.delivery, deployment.path)


def _marker(tx: Transaction, delivery: int) -> str:
    """Name the answer to a delivery: always the same, and another one where a new store counts from one again."""
    known = tx.scalar(sa.select(deliveries.c.delivery).where(deliveries.c.id == delivery))
    return f"pushboat-{delivery}-{sha256(f'{delivery} {known}'.encode()).hexdigest()[:16]}"


def sum_up_plans(tx: Transaction, ended: Deployment) -> None:
    """Show all plans of a pull request's head as one status, once all have begun and the last of them has ended.

    The caller has locked the repository: of two plans that end at the same time one must see the other.
    """
    if ended.kind is not Kind.PLAN or tx.row(_STILL_ROUTED, id=ended.delivery):
        return
    summary = proposals.summed_up(tx, ended)
    if summary:
        quiet = ended.trigger is Trigger.MOVED
        answer(tx, ended.lane.repository, ended.lane.number, ended.sha, summary, quiet=quiet)


def lock_repository(tx: Transaction, repository: str) -> None:
    """Let nobody else decide about this repository until the transaction ends; comes before any lane's lock."""
    if tx.postgres:
        tx.rows(_LOCK_REPOSITORY, name=repository)


_LOCK_REPOSITORY = sa.text("SELECT name FROM repository WHERE name = :name FOR UPDATE")
_STILL_ROUTED = sa.text("SELECT id FROM delivery WHERE id = :id AND routed_at IS NULL")
