"""Delete an inventory's members: an operator only after what it has to let go, a definition only where nobody else has
objects of it.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pushboat.model.changeset import Change
from workers.cluster.client.connection import Cluster
from workers.cluster.inventory import Recorded, narrow, read
from workers.cluster.objects import Object
from workers.cluster.planning.order import is_custom
from workers.cluster.planning.removal import Removal
from workers.cluster.planning.words import Stale
from workers.cluster.pruning.deleting import Deletion, Fate
from workers.cluster.pruning.departing import Manner, depart
from workers.cluster.removing.remains import LOOKS_EVERY, lingering, of_definition, why_not

DEFINITION = ("apiextensions.k8s.io", "CustomResourceDefinition")
WITH_IT = "objects of its kind would go with it: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is still there: `kept` by a word, a neighbour or what is not ours; `stuck` although its deletion was asked
    for, or behind something that is."""

    kept: tuple[Stale, ...] = ()
    stuck: tuple[Stale, ...] = ()

    @property
    def all(self) -> tuple[Stale, ...]:
        """List both."""
        return (*self.kept, *self.stuck)


@dataclass(slots=True)
class _Going:
    """What was asked before and while objects go."""

    cluster: Cluster
    within: float
    may_write: Callable[[], None]
    definitions: Sequence[Object]
    customs: Sequence[Stale]
    objections: dict[object, str] = field(default_factory=dict)
    seen: set[object] = field(default_factory=set)
    waited: bool = False

    def objection(self, stale: Stale) -> str:
        """Let a definition stay that somebody else has objects of: they would be deleted with it."""
        if not is_definition(stale):
            return ""
        why = why_not(lambda: of_definition(self.cluster, stale.live, lambda _: False), self.within, self.may_write)
        if why:
            self.objections[stale.ref] = f"{WITH_IT}{why}"
        return self.objections.get(stale.ref, "")

    def obstacle(self, stage: Sequence[Stale]) -> str:
        """Wait, once our custom resources are gone, for what their operator made of the same kinds and must let go."""
        customs = {each.ref for each in self.customs}
        here = {each.ref for each in stage if each.ref in customs}
        ready = bool(customs) and customs <= self.seen and not here
        self.seen |= here
        if self.waited or not ready:
            return ""
        self.waited = True
        owners = {each.live["metadata"]["uid"] for each in self.customs}
        deadline = time.monotonic() + self.within
        while left := lingering(self.cluster, self.definitions, owners):
            if time.monotonic() > deadline:
                return f"it may be what {left} needs to go, which is still being deleted"
            self.may_write()
            time.sleep(LOOKS_EVERY)
        return ""


def is_definition(stale: Stale) -> bool:
    """Say whether an object defines a kind: its end is the end of all objects of that kind."""
    return (stale.ref.group, stale.ref.kind) == DEFINITION


def delete_members(
    cluster: Cluster,
    removal: Removal,
    *,
    fence: int,
    may_write: Callable[[], None],
    say: Callable[[str], None],
    gone: Callable[[Change], object],
    within: float,
) -> Left:
    """Delete all members that may go, and let the inventory cover what does not; `within` seconds for each rank."""
    going = removal.to_delete
    asked = _Going(
        cluster=cluster,
        within=within,
        may_write=may_write,
        definitions=[each.live for each in going if is_definition(each)],
        customs=[each for each in going if is_custom(each.ref)],
    )
    manner = Manner(within=within, anew=True, objection=asked.objection, obstacle=asked.obstacle, gone=gone)
    part_of = removal.inventory.parent.id
    outcomes = depart(cluster, going, part_of, fence=fence, may_write=may_write, say=say, manner=manner)
    stays = [each for each in outcomes if each.fate is Fate.STAYS]
    left = Left(
        kept=(*removal.kept, *(_why(each) for each in stays if each.stale.ref in asked.objections)),
        stuck=tuple(_why(each) for each in stays if each.stale.ref not in asked.objections),
    )
    refs = [each.ref for each in (*left.all, *removal.namespaces)]
    if removal.inventory.exists:
        narrow(cluster, read(cluster, removal.inventory), refs, fence, may_write, Recorded())
    return left


def _why(deletion: Deletion) -> Stale:
    return replace(deletion.stale, kept=deletion.why)
