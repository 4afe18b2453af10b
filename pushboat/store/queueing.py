"""How a merge queue's decisions change what is deployed, inside the transaction that writes them down.

A merged group's deployment becomes its base branch's: the commit is the very same, so its push begins nothing. A
dropped one is stopped where it has not ended. And whatever ends in an environment where a group waits lets the queue
move on: a delivery of our own, which is lost as little as any other.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from pushboat.errors import Outrun
from pushboat.events import Event, EventKind
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.state import WRITING, Kind, Trigger
from pushboat.routing import Act, Deploy
from pushboat.routing.group_acts import Drop, Enter
from pushboat.routing.merge_queue import TURN
from pushboat.store import cancelling, merge_groups
from pushboat.store.database.schema import deployments
from pushboat.store.database.transaction import Transaction
from pushboat.store.deliveries import accept_in
from pushboat.store.deployments import find_in

BY = "the merge queue, which has dropped it"


def enact_group(tx: Transaction, act: Act) -> None:
    """Carry out what a decision says about groups.

    Raises:
        Outrun: the group's deployment has moved on since it was looked at.
    """
    if isinstance(act, Enter):
        merge_groups.enter(tx, act.group)
    elif isinstance(act, Drop) and merge_groups.forget(tx, act.group) and act.deployment:
        _let_go(tx, act)


def begin_group(tx: Transaction, lane: Lane, wanted: Deploy, number: int) -> None:
    """Note which deployment is a group's, so that the environment is known to be that group's."""
    if wanted.kind is Kind.DEPLOY and wanted.trigger is Trigger.MERGE_QUEUE and not wanted.release:
        merge_groups.begin(tx, lane, wanted.sha, wanted.ref, number)


def _let_go(tx: Transaction, act: Drop) -> None:
    number, base = act.deployment, act.group.base
    deployment = find_in(tx, number)
    if deployment is None or deployment.state is not act.state:
        raise Outrun(f"deployment {number} of the merge queue has moved on meanwhile")
    if act.merged:
        own = {"ref": f"refs/heads/{base}", "pull_request": 0}
        tx.change(sa.update(deployments).where(deployments.c.id == number).values(**own))
    elif not deployment.state.ended:
        cancelling.stop(tx, deployment, BY)
        ask_after(tx, (number,))


def ask_for_the_next(tx: Transaction, ended: Deployment) -> None:
    """Let the queue of an environment move on when something there has ended."""
    if ended.kind not in WRITING or not merge_groups.waits(tx, ended.lane):
        return
    forge, _, path = ended.lane.repository.partition("/")
    event = Event(kind=EventKind.MERGE_GROUP, action=TURN, repository=path)
    accept_in(tx, forge, f"turn-{forge}-{ended.id}-{ended.attempts}", event)


def ask_after(tx: Transaction, stopped: Iterable[int]) -> None:
    """Let the queue move on where what was told to stop has ended at once; what runs asks when it ends."""
    for number in stopped:
        found = find_in(tx, number)
        if found and found.state.ended:
            ask_for_the_next(tx, found)
