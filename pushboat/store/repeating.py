"""What is not begun once more: a merge arrives twice, and a plan that answers need not be made again.

And what is only said once more, below a check whose button was pressed.
"""

from collections.abc import Iterable, Mapping

from pushboat.model import status
from pushboat.model.deployment import Deployment
from pushboat.model.letter import StatusLetter
from pushboat.model.state import Kind, State
from pushboat.routing import Deploy
from pushboat.store import proposals
from pushboat.store.database.schema import deployments, lanes
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, read_all
from pushboat.store.lane_rows import Last, last_of
from pushboat.store.putting import put, repeat

MOST_LOOKED_AT = 100
"""Deployments and plans of one commit, the newest ones."""
NOT_THERE = (State.FAILED, State.ERRORED, State.CANCELLED)
"""The commit was brought to an end, and does not run."""


def there_already(
    tx: Transaction, repository: str, wanted: Mapping[int, Deploy], last: Mapping[int, Last]
) -> dict[int, int]:
    """Give, by lane, the deployments and plans that are what is wanted once; `last` are the newest of the lanes."""
    plans = {lane: act for lane, act in wanted.items() if act.once and act.kind is Kind.PLAN}
    others = {lane: act for lane, act in wanted.items() if act.once and act.kind is not Kind.PLAN and lane in last}
    found = {lane: last[lane].id for lane, act in others.items() if _brings(last[lane], act)}
    # Also of what was pushed to its own ref: somebody may have deployed something else meanwhile, or rolled back, which
    # an old push must not undo.
    for ref, kind in {(act.ref, act.kind) for act in others.values()}:
        asked = [lane for lane, act in others.items() if lane not in found and (act.ref, act.kind) == (ref, kind)]
        pushed = last_of(tx, asked, ref, kind)
        found |= {lane: each.id for lane, each in pushed.items() if _brings(each, others[lane])}
    answers: dict[tuple[int, str], Mapping[str, int]] = {}
    for lane, act in plans.items():
        about = (act.number, act.sha)
        if about not in answers:
            answers[about] = proposals.answering(tx, repository, *about)
        found |= {lane: there} if (there := answers[about].get(act.environment, 0)) else {}
    return found


def _brings(last: Last, wanted: Deploy) -> bool:
    """Say whether it is what is wanted; merged fast forward, it is nobody's trial any more."""
    return (last.sha, last.kind, last.pull_request) == (wanted.sha, wanted.kind, wanted.pull_request)


def tried_before(delivery_id: int, found: Iterable[Deployment]) -> str:
    """Say where nothing new begins because the commit was tried already and did not get there."""
    others = [each for each in found if each.delivery != delivery_id and each.kind is not Kind.PLAN]
    ended = [each for each in others if each.state in NOT_THERE]
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
