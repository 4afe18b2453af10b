"""The plan's nouns: what shall be done. Frozen data, shared by apply, prune and the dry run."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pushboat.model.changeset import Action, Change, ChangeSet, Left
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.inventory import Inventory
from workers.cluster.objects import Object
from workers.cluster.planning.books import Books
from workers.cluster.planning.fitting import Wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One object of the revision: what to send (`body`, with our marks) and what stands there (`live`).

    `books` are what its managedFields must be first, where somebody's entries are taken in; `wishes` is what fits it
    anew where somebody writes the object meanwhile.
    `intent` is a digest of what would be written, by which two plans are compared (`intending.py`).
    `going` is what still has its name and is being deleted: it must be gone before this one is created.
    """

    manifest: Manifest
    action: Action
    body: Object = field(repr=False)
    wishes: Wishes = field(repr=False)
    live: Object | None = field(default=None, repr=False)
    books: Books | None = None
    going: Object | None = field(default=None, repr=False)
    notes: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    intent: str = ""

    @property
    def is_over(self) -> bool:
        """Say whether it is work that was done and has removed itself: there is nothing to write and to wait for."""
        return self.action is Action.UNCHANGED and self.live is None

    @property
    def change(self) -> Change:
        """Say it as a change."""
        return Change(ref=self.manifest.ref, action=self.action, notes=self.notes, left=self.left, intent=self.intent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A member that the revision has no more, as it stood; `kept` says why it stays all the same."""

    ref: Ref
    live: Object = field(repr=False)
    kept: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """An object of the revision that is not written, and why; `left` names what is not as git has it.

    `ours` is a member all the same, which the inventory keeps covering; `awaited` ones are waited for like others.
    """

    ref: Ref
    why: str
    ours: bool = False
    awaited: bool = False
    left: tuple[Left, ...] = ()

    @property
    def change(self) -> Change:
        """Say it as a change."""
        return Change(ref=self.ref, action=Action.UNCHANGED, notes=(f"left alone: {self.why}",), left=self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do, in order; every object of the revision has its step, the unchanged ones too, or is left alone."""

    inventory: Inventory
    stages: tuple[tuple[Step, ...], ...] = ()
    stale: tuple[Stale, ...] = ()
    alone: tuple[Alone, ...] = ()
    missing_namespaces: frozenset[str] = frozenset()
    ending_namespaces: frozenset[str] = frozenset()

    @property
    def steps(self) -> tuple[Step, ...]:
        """List all steps in order."""
        return tuple(step for stage in self.stages for step in stage)

    @property
    def over(self) -> frozenset[Ref]:
        """Name the objects that have done their work and removed themselves."""
        return frozenset(step.manifest.ref for step in self.steps if step.is_over)

    @property
    def to_prune(self) -> tuple[Stale, ...]:
        """List the stale members that shall be deleted."""
        return tuple(each for each in self.stale if not each.kept)

    @property
    def covered(self) -> tuple[Ref, ...]:
        """List what the inventory must cover while the plan is carried out: what comes, what stays, what goes."""
        return (*self.members, *(each.ref for each in self.stale))

    @property
    def members(self) -> tuple[Ref, ...]:
        """List the objects of the revision that are of this environment."""
        return (*(step.manifest.ref for step in self.steps), *(each.ref for each in self.alone if each.ours))

    @property
    def changeset(self) -> ChangeSet:
        """Say what the plan would change."""
        deleted = (Change(ref=each.ref, action=Action.DELETED) for each in self.to_prune)
        alone = (each.change for each in self.alone)
        return ChangeSet((*(step.change for step in self.steps), *alone, *deleted))

    def refused(self, why: Mapping[Ref, str]) -> ChangeSet:
        """Say what the plan would change beside the objects that are refused, each of those with its reason."""
        known = [
            replace(each, action=Action.REFUSED, why=why[each.ref]) if each.ref in why else each
            for each in self.changeset.changes
        ]
        others = why.keys() - {each.ref for each in known}
        return ChangeSet((*known, *(Change(ref=ref, action=Action.REFUSED, why=why[ref]) for ref in sorted(others))))
