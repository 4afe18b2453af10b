"""What is not begun once more: a merge arrives twice, and a plan that answers need not be made again.

And what is only said once more, below a check whose button was pressed.
"""

from collections.abc import Collection

from pushboat.model import status
from pushboat.model.deployment import Lane
from pushboat.model.letter import StatusLetter
from pushboat.model.state import Kind, State
from pushboat.routing import Deploy
from pushboat.store import proposals
from pushboat.store.database.schema import deployments, lanes
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, find_in, read_all
from pushboat.store.putting import put, repeat
from pushboat.store.superseding import newest_in

MOST_LOOKED_AT = 100
"""Deployments and plans of one commit, the newest ones."""
NOT_THERE = (State.FAILED, State.ERRORED, State.CANCELLED)
"""The commit was brought to an end, and does not run."""


def there_already(tx: Transaction, lane: Lane, wanted: Deploy) -> int:
    """Give the deployment or the plan that is what is wanted; 0: there is none."""
    if wanted.kind is Kind.PLAN:
        return proposals.answering(tx, lane, wanted.sha)
    # Also of what was pushed to its own ref: somebody may have deployed something else meanwhile, or rolled back, which
    # an old push must not undo.
    pushed = newest_in(lane).where(
        deployments.c.ref == wanted.ref, deployments.c.kind == wanted.kind, deployments.c.again == 0
    )
    for newest in (newest_in(lane), pushed):
        last = tx.row(newest)
        same = (wanted.sha, wanted.kind, wanted.pull_request)  # merged fast forward, it is nobody's trial any more
        if last and (last["sha"], last["kind"], last["pull_request"]) == same:
            return int(last["id"])
    return 0


def tried_before(tx: Transaction, delivery_id: int, numbers: Collection[int]) -> str:
    """Say where nothing new begins because the commit was tried already and did not get there."""
    found = [each for number in numbers if (each := find_in(tx, number)) and each.kind is not Kind.PLAN]
    ended = [each for each in found if each.delivery != delivery_id and each.state in NOT_THERE]
    if not ended:
        return ""
    tried = ", ".join(f"{each.id} {each.state}" for each in ended)
    return f"; tried already (deployment {tried}), and not again by itself: pushboat deliveries replay {delivery_id}"


def say_again(tx: Transaction, repository: str, sha: str, check: str) -> None:
    """Say a check of a commit once more, or all of them; one of long ago as its newest deployment or plan has it."""
    if repeat(tx, repository, sha, check):
        return
    of_it = (lanes.c.repository == repository, deployments.c.sha == sha, deployments.c.kind != Kind.REMOVAL)
    found = read_all(tx, tx.rows(SELECTED.where(*of_it).order_by(deployments.c.id.desc()).limit(MOST_LOOKED_AT)))
    newest = {each.context: each for each in map(status.of, reversed([one for one in found if not one.heals]))}
    for name, shown in newest.items():
        if check in ("", name):
            put(tx, repository, StatusLetter(sha=sha, status=shown))
