"""What a decision does to holds, and to the approvals that lift them, before any lane is locked."""

from pushboat.errors import Outrun
from pushboat.model.hold import Scope
from pushboat.routing import Approve, Carry, Decision, Deploy, LiftHold, PutHold, Unapprove
from pushboat.routing.holds import LOCK, lined_up, locks
from pushboat.store import approving, asks, holds
from pushboat.store.database.transaction import Transaction
from pushboat.store.queueing import enact_group
from pushboat.store.waiting import holds_in


def put_and_lift(tx: Transaction, repository: str, decision: Decision, delivery: int) -> None:
    """Put and lift holds, and count approvals, inside a transaction that has locked no lane yet.

    Raises:
        Outrun: what is to be lifted, or to be held for, is gone.
    """
    for act in decision.acts:
        if isinstance(act, Deploy):  # of which there may be thousands
            continue
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
    put = (act.hold.scope for act in decision.acts if isinstance(act, PutHold) and act.hold.kind == LOCK)
    for scope in dict.fromkeys(put):
        _refuse_a_broken_line(tx, scope)


def _refuse_a_broken_line(tx: Transaction, scope: Scope) -> None:
    """Let nobody wait behind a lock that has ended since it was looked at, nor hold beside one that came since."""
    line = locks(holds_in(tx), scope, tx.now)
    if [each.begins for each in lined_up(line, tx.now)] != [each.begins for each in line]:
        raise Outrun(f"the line for the lock of {scope.environment} has moved meanwhile")
