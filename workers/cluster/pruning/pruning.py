"""Rank after rank, the last that came first to go; what is still there after it is named, and no rank hides it.

What objects say of their order (waves, groups, who waits for whom) counts before the order of their kinds.

An operator must outlive its custom resources: it is what takes their finalizers off. So where one of those is still
being deleted, the ranks behind it wait for the next deployment.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pushboat.model.changeset import Action, Change
from pushboat.model.manifest import Manifest
from workers.cluster.client.connection import Cluster
from workers.cluster.client.together import together
from workers.cluster.inventory import Recorded, covers, narrow, read
from workers.cluster.planning.order import is_custom, leaves_as
from workers.cluster.planning.words import Plan, Stale
from workers.cluster.pruning.deleting import Deletion, Fate, delete
from workers.cluster.pruning.vanishing import VANISHES_WITHIN, vanished
from workers.manifests.directives.checking import Directed
from workers.manifests.directives.departures import departures
from workers.manifests.directives.reading import directives_in


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
    outcomes += _deleted(cluster, plan, fence, may_write, say, within)
    survivors = tuple(replace(each.stale, kept=each.why) for each in outcomes if each.fate is Fate.STAYS)
    deleted = tuple(Change(ref=each.stale.ref, action=Action.DELETED) for each in outcomes if each.fate is Fate.DELETED)
    pruned = Pruned(deleted=deleted, survivors=survivors)
    for change in pruned.stayed:
        say(f"{change.ref} {change.notes[0]}")
    members = [*plan.members, *(each.ref for each in survivors)]
    inventory = plan.inventory if covers(plan.inventory, plan.covered) else read(cluster, plan.inventory)
    narrow(cluster, inventory, members, fence, may_write, recorded)
    return pruned


def _deleted(
    cluster: Cluster,
    plan: Plan,
    fence: int,
    may_write: Callable[[], None],
    say: Callable[[str], None],
    within: float,
) -> list[Deletion]:
    going = plan.to_prune
    if going:
        say(f"deleting {', '.join(str(each.ref) for each in going[:3])}{' …' if len(going) > 3 else ''}")
    outcomes: list[Deletion] = []
    held_up = ""
    for stage, said in _stages(going):
        if held_up:
            outcomes += [Deletion(stale=each, fate=Fate.STAYS, why=held_up) for each in stage]
            continue
        asked = together(
            cluster.pool, stage, lambda stale: delete(cluster, stale, plan.inventory.parent.id, fence, may_write)
        )
        ended = vanished(cluster, asked, may_write, say, within)
        held_up = next((_waits_for(each, said=said) for each in ended if _holds_up(each, said=said)), "")
        outcomes += ended
    return outcomes


def _stages(going: Sequence[Stale]) -> Iterator[tuple[list[Stale], bool]]:
    """Put what goes in its order: by what it says of itself, then by kind; and whether that was said."""
    stale = {each.ref: each for each in going}
    batches = departures([_directed(each) for each in going])
    for place, batch in enumerate(batches, 1):
        refs = {each.manifest.ref for each in batch}
        ranks = sorted({leaves_as(ref) for ref in refs})
        for rank in ranks:
            yield (
                [each for each in stale.values() if each.ref in refs and leaves_as(each.ref) == rank],
                rank == ranks[-1] and place < len(batches),
            )


def _directed(stale: Stale) -> Directed:
    version = str(stale.live.get("apiVersion")).rpartition("/")[2]
    manifest = Manifest(ref=stale.ref, version=version, body=stale.live, file="", line=0)
    return Directed(manifest=manifest, directives=directives_in(stale.live))


def _holds_up(deletion: Deletion, *, said: bool) -> bool:
    return deletion.fate is Fate.STAYS and deletion.began and (said or is_custom(deletion.stale.ref))


def _waits_for(deletion: Deletion, *, said: bool) -> str:
    why = "leaves after" if said else "may be what"
    needs = "" if said else " needs to go"
    return f"it {why} {deletion.stale.ref}{needs}, which is still being deleted"
