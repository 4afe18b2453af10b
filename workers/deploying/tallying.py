"""What a deployment has written, over all its attempts: neither a refusal in the middle nor a dead worker loses any.

Before its first write an attempt notes in the store what it is about to write. The next one finds the cluster as the
first one left it, where what was written looks unchanged; the note says that it is this deployment's work.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pushboat.model.changeset import Action, Change, ChangeSet
from pushboat.model.manifest import Ref
from pushboat.store.attempts import Meant

WRITES = (Action.CREATED, Action.CONFIGURED, Action.RECREATED)
EARLIER = "written by an earlier attempt of this deployment"


@dataclass(slots=True)
class Tally:
    """What earlier attempts did (`done`) and set out to do (`meant`), and this one's plan and what it made of it.

    `tried` is what came of a dry run, for a deployment that is a plan.
    """

    done: Sequence[Change] = ()
    meant: Meant = field(default_factory=dict)
    planned: ChangeSet | None = None
    made: list[Change] = field(default_factory=list)
    tried: ChangeSet | None = None

    def plan(self, changes: ChangeSet) -> Meant:
        """Take this attempt's plan, and give what all attempts together set out to do."""
        self.planned = changes
        self.meant = {**self.meant, **{each.ref: each.action for each in self.done if each.action is Action.RECREATED}}
        touched = [each for each in _over_all(changes.changes, self.meant) if each.action is not Action.UNCHANGED]
        return {**self.meant, **{each.ref: each.action for each in touched}}

    def try_out(self, changes: ChangeSet) -> None:
        """Take what a dry run showed, refused objects included."""
        self.tried = changes

    @property
    def changes(self) -> ChangeSet:
        """Say what is done, over all attempts."""
        if self.tried is not None:  # a plan: nothing of it is done
            return self.tried
        if self.planned is None:  # nobody has looked at the cluster again
            return ChangeSet(tuple(self.done))
        made = {each.ref: each for each in self.made}
        planned = {each.ref: each for each in self.planned.changes}
        there = {**{ref: each for ref, each in planned.items() if each.action is Action.UNCHANGED}, **made}
        in_order = [there[ref] for ref in dict.fromkeys((*planned, *made)) if ref in there]
        known = {*planned, *made}
        gone = [ref for ref, action in self.meant.items() if action is Action.DELETED and ref not in known]
        deleted = (Change(ref=ref, action=Action.DELETED, notes=(EARLIER,)) for ref in gone)
        diffs = {each.ref: each.diff for each in self.done}
        return ChangeSet(
            tuple(
                replace(each, diff=each.diff or diffs.get(each.ref, ""))
                for each in (*_over_all(in_order, self.meant), *deleted)
            )
        )

    @property
    def is_unsure(self) -> bool:
        """Say whether earlier attempts may have done more than is known: nobody has looked at the cluster again."""
        return self.planned is None and self.tried is None and bool(self.meant)

    @property
    def written(self) -> set[Ref]:
        """Name the objects that were created or changed, over all attempts."""
        return {each.ref for each in self.changes.changes if each.action in WRITES}

    @property
    def halfway(self) -> str:
        """Say how far it came ("2 of 5 written"), where something is written and something is not."""
        planned = self.planned.changes if self.planned else ()
        wanted = {ref for ref, action in self.meant.items() if action in WRITES}
        wanted |= {each.ref for each in planned if each.action in WRITES}
        written = self.written
        return f"{len(written)} of {len(wanted)} written" if 0 < len(written) < len(wanted) else ""


def _over_all(changes: Sequence[Change], meant: Meant) -> list[Change]:
    """See this attempt's changes from before the first one: what it created stays created."""
    return [_since_the_first(each, meant.get(each.ref)) for each in changes]


def _since_the_first(change: Change, earlier: Action | None) -> Change:
    if change.action is Action.UNCHANGED and earlier in WRITES:
        return replace(change, action=earlier, notes=(EARLIER, *change.notes))
    if change.action in (Action.CONFIGURED, Action.RECREATED) and earlier is Action.CREATED:
        return replace(change, action=Action.CREATED)
    if change.action is Action.CREATED and earlier is Action.CONFIGURED:  # it was there, and had to be deleted
        return replace(change, action=Action.RECREATED)
    if change.action in WRITES and earlier is Action.RECREATED:  # its deletion may be all that came of it then
        return replace(change, action=Action.RECREATED)
    return change
