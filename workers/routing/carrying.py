"""A merge with the very files that its pull request's head had: what was approved there holds for it too.

Whoever approved saw these files. Where the base had something that the head lacked, the merge is another thing, and
asks for approvals of its own. A merge queue's group is such a merge before it is one.
"""

from dataclasses import replace

from pushboat.errors import CheckoutFailed
from pushboat.model.deployment import Lane
from pushboat.routing import Carry, Decision, Deploy
from pushboat.routing.merge_queue import pull_request_of
from pushboat.store import approving, asks
from workers.source.environments import tree_at
from workers.tools import Tools


def carried(tools: Tools, name: str, decision: Decision) -> Decision:
    """Let approvals of heads count for the merges that a decision deploys, where nothing else came with them.

    Raises:
        ForgeUnavailable, ForgeRefused: the forge does not give a commit.
    """
    begun = (act for act in decision.acts if isinstance(act, Deploy) and act.holds and not act.release)
    acts = [carry for act in begun if (carry := _to_its_merge(tools, name, act))]
    return replace(decision, acts=(*acts, *decision.acts)) if acts else decision


def _to_its_merge(tools: Tools, name: str, act: Deploy) -> Carry | None:
    """Carry what the head of a merge, or of a merge group, was given so far."""
    hold = next((hold for hold in act.holds if hold.kind == approving.KIND), None)
    if hold is None:
        return None
    number, lane = pull_request_of(act.pull_request), Lane(repository=name, environment=act.environment)
    head = asks.standing_of(tools.store, name, number)[0] if number else asks.head_of_merge(tools.store, name, act.sha)
    if head in ("", act.sha) or not approving.are_there(tools.store, lane, head):
        return None
    same = _same(tools, name, act.sha, head)
    return Carry(environment=act.environment, head=head, sha=act.sha, whom=hold.by) if same else None


def _same(tools: Tools, name: str, merge: str, head: str) -> bool:
    try:
        mine, theirs = (tree_at(tools, name, sha) for sha in (merge, head))
    except CheckoutFailed:  # the head is gone with its branch
        return False
    return mine == theirs
