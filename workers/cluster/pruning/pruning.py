"""Delete what left the repository, in its order; what is still there after it is named, and no rank hides it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pushboat.model.changeset import Action, Change
from workers.cluster.client.connection import Cluster
from workers.cluster.inventory import Recorded, covers, narrow, read
from workers.cluster.planning.words import Plan, Stale
from workers.cluster.pruning.deleting import Deletion, Fate
from workers.cluster.pruning.departing import Manner, deleted, depart
from workers.cluster.pruning.vanishing import VANISHES_WITHIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What was deleted, and what stays with the reason (`kept`)."""

    deleted: tuple[Change, ...] = ()
    survivors: tuple[Stale, ...] = ()

    @property
    def stayed(self) -> tuple[Change, ...]:
        """Say what stays as changes that were not made."""
        return tuple(
            Change(
                ref=each.ref,
                action=Action.UNCHANGED,
                notes=(f"is no longer in the repository and stays: {each.kept}",),
            )
            for each in self.survivors
        )


def prune(
    cluster: Cluster,
    plan: Plan,
    *,
    fence: int,
    may_write: Callable[[], None],
    say: Callable[[str], None],
    recorded: Recorded | None = None,
    within: float = VANISHES_WITHIN,
) -> Pruned:
    """Delete the plan's stale members, and let the inventory cover what is left; `recorded` is what it says then.

    Each rank's finalizers have `within` seconds.
    """
    outcomes = [Deletion(stale=each, fate=Fate.STAYS, why=each.kept) for each in plan.stale if each.kept]
    outcomes += depart(
        cluster,
        plan.to_prune,
        plan.inventory.parent.id,
        fence=fence,
        may_write=may_write,
        say=say,
        manner=Manner(within=within),
    )
    survivors = tuple(replace(each.stale, kept=each.why) for each in outcomes if each.fate is Fate.STAYS)
    pruned = Pruned(deleted=tuple(deleted(each) for each in outcomes if each.fate is Fate.DELETED), survivors=survivors)
    for change in pruned.stayed:
        say(f"{change.ref} {change.notes[0]}")
    members = [*plan.members, *(each.ref for each in survivors)]
    inventory = plan.inventory if covers(plan.inventory, plan.covered) else read(cluster, plan.inventory)
    narrow(cluster, inventory, members, fence, may_write, recorded)
    return pruned
