"""What a decision does to holds, and to the approvals that lift them, before any lane is locked."""

from pushboat.errors import Outrun
from pushboat.routing import Approve, Carry, Decision, LiftHold, PutHold, Unapprove
from pushboat.store import approving, asks, holds
from pushboat.store.database.transaction import Transaction
from pushboat.store.queueing import enact_group


def put_and_lift(tx: Transaction, repository: str, decision: Decision, delivery: int) -> None:
    """Put and lift holds, and count approvals, inside a transaction that has locked no lane yet.

    Raises:
        Outrun: what is to be lifted, or to be held for, is gone.
    """
    for act in decision.acts:
        enact_group(tx, act)
        if isinstance(act, PutHold):
            number = act.hold.pull_request
            if number and asks.is_closed(tx, act.hold.scope.repository, number):
                raise Outrun(f"#{number} has been closed meanwhile")
            holds.put_in(tx, act.hold)
        elif isinstance(act, LiftHold) and not holds.lift_in(tx, act.kind, act.scope, act.subject).hold:
            raise Outrun(f"the {act.kind} of {act.scope.environment or act.scope.repository} has been lifted meanwhile")
        elif isinstance(act, Approve):
            approving.give(tx, repository, act, delivery)
        elif isinstance(act, Unapprove):
            approving.take_back(tx, repository, act)
        elif isinstance(act, Carry):
            approving.carry(tx, repository, act)
