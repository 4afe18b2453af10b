"""Delete what left the repository, and only then narrow the inventory; a member that refuses to go stays in it."""

from collections.abc import Callable

from pushboat.errors import ApplyRejected
from pushboat.model.changeset import Action, Change
from workers.cluster.client import Cluster
from workers.cluster.collecting import together
from workers.cluster.inventory import covers, narrow, read
from workers.cluster.order import stage_of
from workers.cluster.plan.words import Plan, Stale
from workers.cluster.refusals import CONFLICT, NOT_FOUND, ApiRefused


def prune(
    cluster: Cluster, plan: Plan, *, fence: int, may_write: Callable[[], None], say: Callable[[str], None]
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Delete the plan's stale members, the last stage first; give what was deleted, and what stays and why."""
    outcomes: list[tuple[Stale, str]] = [(each, each.kept) for each in plan.stale if each.kept]
    going = plan.to_prune
    if going:
        say(f"deleting {', '.join(str(each.ref) for each in going[:3])}{' …' if len(going) > 3 else ''}")
    for number in sorted({stage_of(each.ref) for each in going}, reverse=True):
        stage = [each for each in going if stage_of(each.ref) == number]
        outcomes += together(cluster.pool, stage, lambda stale: (stale, _deleted(cluster, stale, may_write)))
    survivors = tuple(_stays(stale, why) for stale, why in outcomes if why)
    for each in survivors:
        say(f"{each.ref} {each.notes[0]}")
    deleted = tuple(Change(ref=stale.ref, action=Action.DELETED) for stale, why in outcomes if not why)
    members = [*(step.manifest.ref for step in plan.steps), *(change.ref for change in survivors)]
    inventory = plan.inventory if covers(plan.inventory, plan.covered) else read(cluster, plan.inventory.parent)
    narrow(cluster, inventory, members, fence, may_write)
    return deleted, survivors


def _stays(stale: Stale, why: str) -> Change:
    return Change(ref=stale.ref, action=Action.UNCHANGED, notes=(f"is no longer in the repository and stays: {why}",))


def _deleted(cluster: Cluster, stale: Stale, may_write: Callable[[], None]) -> str:
    """Delete one object; say why where it stays."""
    kind = cluster.kinds.preferred(stale.ref.group, stale.ref.kind)
    if kind is None:  # its definition is gone, and took it along
        return ""
    may_write()
    body = {
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "propagationPolicy": "Background",
        "preconditions": {"uid": stale.uid},
    }
    try:
        cluster.request("DELETE", kind.path(stale.ref.namespace, stale.ref.name), body=body)
    except ApiRefused as refused:
        if refused.code == NOT_FOUND:
            return ""
        if refused.code == CONFLICT:
            return "it was created anew by somebody else"
        return refused.summary
    except ApplyRejected as refused:
        return refused.summary
    return ""
