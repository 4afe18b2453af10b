"""A merge with the very files that its pull request's head had: what was approved there holds for it too.

Whoever approved saw these files. Where the base had something that the head lacked, the merge is another thing, and
asks for approvals of its own.
"""

from dataclasses import replace

from pushboat.errors import CheckoutFailed
from pushboat.model.deployment import Lane
from pushboat.routing import Carry, Decision, Deploy
from pushboat.store import approving, asks
from workers.source.environments import tree_at
from workers.tools import Tools


def carried(tools: Tools, name: str, decision: Decision) -> Decision:
    """Let approvals of heads count for the merges that a decision deploys, where nothing else came with them."""
    waiting = [
        (act, hold)
        for act in decision.acts
        if isinstance(act, Deploy) and not act.release
        for hold in act.holds
        if hold.kind == approving.KIND
    ]
    acts = []
    for act, hold in waiting:
        head = asks.head_of_merge(tools.store, name, act.sha)
        lane = Lane(repository=name, environment=act.environment)
        if head not in ("", act.sha) and approving.are_there(tools.store, lane, head) and _same(tools, name, act, head):
            acts.append(Carry(environment=act.environment, head=head, sha=act.sha, whom=hold.by))
    return replace(decision, acts=(*acts, *decision.acts)) if acts else decision


def _same(tools: Tools, name: str, act: Deploy, head: str) -> bool:
    try:
        mine, theirs = (tree_at(tools, name, sha) for sha in (act.sha, head))
    except CheckoutFailed:  # the head is gone with its branch
        return False
    return mine == theirs
