"""Objects go rank after rank, the last that came first to go.

What objects say of their order (waves, groups, who waits for whom) counts before the order of their kinds.

An operator must outlive its custom resources: it is what takes their finalizers off. So where one of those is still
being deleted, the ranks behind it wait for another time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pushboat.model.changeset import Action, Change
from pushboat.model.manifest import Manifest
from workers.cluster.client.connection import Cluster
from workers.cluster.client.together import together
from workers.cluster.planning.order import is_custom, leaves_as
from workers.cluster.planning.words import Stale
from workers.cluster.pruning.deleting import Deletion, Fate, delete
from workers.cluster.pruning.vanishing import VANISHES_WITHIN, vanished
from workers.manifests.directives.checking import Directed
from workers.manifests.directives.departures import departures
from workers.manifests.directives.reading import directives_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How objects are let go: `within` seconds for the finalizers of each rank; `anew` also for what was being deleted
    before. `objection` says why an object stays after all, asked right before its turn. `obstacle` is asked before each
    rank, and names what this one and all behind it have to wait for. `gone` is told of each object that is.
    """

    within: float = VANISHES_WITHIN
    anew: bool = False
    objection: Callable[[Stale], str] = lambda _: ""
    obstacle: Callable[[Sequence[Stale]], str] = lambda _: ""
    gone: Callable[[Change], object] = lambda _: None


USUAL = Manner()


def depart(
    cluster: Cluster,
    going: Sequence[Stale],
    part_of: str,
    *,
    fence: int,
    may_write: Callable[[], None],
    say: Callable[[str], None],
    manner: Manner = USUAL,
) -> list[Deletion]:
    """Delete objects in their order, and give each one's end."""
    if going:
        say(f"deleting {', '.join(str(each.ref) for each in going[:3])}{' …' if len(going) > 3 else ''}")
    outcomes: list[Deletion] = []
    held_up = ""
    for stage, said in _stages(going):
        held_up = held_up or manner.obstacle(stage)
        if held_up:
            outcomes += [_stays(each, held_up) for each in stage]
            continue
        objections = [(each, manner.objection(each)) for each in stage]
        free = [each for each, why in objections if not why]
        asked = together(cluster.pool, free, lambda stale: delete(cluster, stale, part_of, fence, may_write))
        if manner.anew:
            asked = [replace(each, began=False) for each in asked]
        ended = vanished(cluster, asked, may_write, say, manner.within)
        held_up = next((_waits_for(each, said=said) for each in ended if _holds_up(each, said=said)), "")
        for each in ended:
            if each.fate is Fate.DELETED:
                manner.gone(deleted(each))
        outcomes += [*ended, *(_stays(each, why) for each, why in objections if why)]
    return outcomes


def deleted(deletion: Deletion) -> Change:
    """Say as a change that an object is gone."""
    return Change(ref=deletion.stale.ref, action=Action.DELETED)


def _stays(stale: Stale, why: str) -> Deletion:
    return Deletion(stale=stale, fate=Fate.STAYS, why=why)


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
