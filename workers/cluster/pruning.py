"""Delete what left the repository, and only then narrow the inventory; a member that refuses to go stays in it."""

from collections.abc import Callable

from pushboat.errors import ApplyRejected, ClusterRefused, LeaseLost
from pushboat.model.changeset import Action, Change
from workers.cluster.client.connection import Cluster
from workers.cluster.client.refusals import CONFLICT, NOT_FOUND, Answered, ApiAway
from workers.cluster.client.together import together
from workers.cluster.inventory import covers, narrow, read
from workers.cluster.objects import PART_OF, Object, fence_of, labels
from workers.cluster.planning.order import stage_of
from workers.cluster.planning.words import Plan, Stale

ATTEMPTS = 5


def prune(
    cluster: Cluster, plan: Plan, *, fence: int, may_write: Callable[[], None], say: Callable[[str], None]
) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Delete the plan's stale members, the last stage first; give what was deleted, and what stays and why."""

    def delete(stale: Stale) -> str:
        return _deleted(cluster, stale, plan.inventory.parent.id, fence, may_write)

    outcomes: list[tuple[Stale, str]] = [(each, each.kept) for each in plan.stale if each.kept]
    going = plan.to_prune
    if going:
        say(f"deleting {', '.join(str(each.ref) for each in going[:3])}{' …' if len(going) > 3 else ''}")
    for number in sorted({stage_of(each.ref) for each in going}, reverse=True):
        stage = [each for each in going if stage_of(each.ref) == number]
        outcomes += together(cluster.pool, stage, lambda stale: (stale, delete(stale)))
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


def _deleted(cluster: Cluster, stale: Stale, part_of: str, fence: int, may_write: Callable[[], None]) -> str:
    """Delete one object as it was planned; say why where it stays.

    A worker that woke up late must not delete what a newer commit needs again, so this is a compare-and-set too.
    """
    kind = cluster.kinds.preferred(stale.ref.group, stale.ref.kind)
    if kind is None:  # its definition is gone, and took it along
        return ""
    path, live = kind.path(stale.ref.namespace, stale.ref.name), stale.live
    for _ in range(ATTEMPTS):
        may_write()
        try:
            cluster.request("DELETE", path, body=_exactly(live))
        except (ApplyRejected, ClusterRefused, ApiAway) as refused:
            if not isinstance(refused, Answered) or refused.code not in (NOT_FOUND, CONFLICT):
                if isinstance(refused, ApiAway):
                    raise
                return refused.summary
            now = cluster.find(path) if refused.code == CONFLICT else None
            if now is None:
                return ""
            if why := _kept_by_others(live, now, part_of):
                return why
            if fence_of(now) > max(fence, fence_of(live)):
                raise LeaseLost(f"another worker has taken over {stale.ref}") from refused
            live = now
        else:
            return ""
    return "somebody else keeps changing it"


def _kept_by_others(planned: Object, now: Object, part_of: str) -> str:
    if now["metadata"]["uid"] != planned["metadata"]["uid"]:
        return "it was created anew by somebody else"
    return "" if labels(now).get(PART_OF) == part_of else "it belongs to somebody else now"


def _exactly(live: Object) -> Object:
    wanted = {name: live["metadata"][name] for name in ("uid", "resourceVersion")}
    return {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background", "preconditions": wanted}
