"""What goes when an environment is removed, and what stays: every member is in one of the two; pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pushboat.model.changeset import ChangeSet
from pushboat.model.manifest import Ref
from workers.cluster.inventory import Inventory
from workers.cluster.objects import APPLIED, PART_OF, Object, annotations, is_going, labels
from workers.cluster.planning.leaving import protected
from workers.cluster.planning.sharing import NOBODY, Sharing
from workers.cluster.planning.words import Plan, Stale
from workers.cluster.reading.live import Live

NAMESPACE = ("", "Namespace")
NOT_LABELLED = "somebody took our label off it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """All members of an inventory, `stale` in the plan's sense: each one that stays says why.

    `others` were applied for this environment once and are not its own any more; they are named, and never touched.
    """

    inventory: Inventory
    stale: tuple[Stale, ...] = ()
    others: tuple[Stale, ...] = field(default=())

    @property
    def to_delete(self) -> tuple[Stale, ...]:
        """List the members that go, but for namespaces, which are the last to go."""
        return tuple(each for each in self.stale if not each.kept and not _is_namespace(each.ref))

    @property
    def namespaces(self) -> tuple[Stale, ...]:
        """List the namespaces among the members that may go."""
        return tuple(each for each in self.stale if not each.kept and _is_namespace(each.ref))

    @property
    def kept(self) -> tuple[Stale, ...]:
        """List what stays for a reason that is known before anything is deleted."""
        return tuple(each for each in self.stale if each.kept)

    @property
    def changeset(self) -> ChangeSet:
        """Say what would be deleted."""
        return Plan(inventory=self.inventory, stale=self.stale).changeset


def make_removal(live: Live, sharing: Sharing = NOBODY) -> Removal:
    """Plan to delete all members but those that somebody's word keeps, or another environment has."""
    return Removal(
        inventory=live.inventory,
        stale=tuple(
            Stale(ref=ref, live=there, kept=sharing.wanted.get(ref, "") or protected(there, consent=True))
            for ref, there in sorted(live.members.items())
        ),
        others=tuple(_others(live)),
    )


def _others(live: Live) -> Iterator[Stale]:
    for ref, there in sorted(live.strangers.items()):
        if not is_going(there) and (why := _whose(there, live)):
            yield Stale(ref=ref, live=there, kept=why)


def _whose(there: Object, live: Live) -> str:
    """Say whose an object is that our label is not on; nothing where it never was ours."""
    part_of = labels(there).get(PART_OF)
    if part_of is None:
        return NOT_LABELLED if APPLIED in annotations(there) else ""
    other = live.others.get(part_of)
    return f"it belongs to {other.owner if other else part_of} now"


def _is_namespace(ref: Ref) -> bool:
    return (ref.group, ref.kind) == NAMESPACE
