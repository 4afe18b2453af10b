"""What stands in the way of an apply, and what becomes of it.

409 has two meanings: somebody wrote the object since we read it (read again, fit again and repeat, unless a later
worker did), or fields belong to another manager (take them, leave them, or refuse: `planning.conflicts`).
"""

import re
import time
from dataclasses import dataclass, replace
from typing import Any

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable, LeaseLost, PushboatError
from pushboat.model.changeset import Left
from pushboat.model.manifest import Manifest, Path
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kinds import Kind
from workers.cluster.client.refusals import CONFLICT, Answered, ApiRefused, Cause, fixed_fields, shortened
from workers.cluster.fieldsets import Steps, entries_of
from workers.cluster.masking import scrub
from workers.cluster.objects import PART_OF, Object, fence_of, held_by, is_going, labels
from workers.cluster.paths import locate, named, without
from workers.cluster.planning.adopting import Refusal, refuse
from workers.cluster.planning.books import Books
from workers.cluster.planning.conflicts import Before, Decision, before, decide
from workers.cluster.planning.fitting import Wishes, fit
from workers.cluster.planning.managers import Holder, Sort
from workers.cluster.planning.order import NEVER_RECREATED
from workers.cluster.planning.owners import Owner, owners_of
from workers.cluster.planning.telling import refusal, told

ATTEMPTS = 10
_LONGEST_PAUSE = 1.0
"""Seconds. Nobody waits after a first race, which mostly is the only one."""
_HOLDER = re.compile(r'conflict with "(?P<manager>[^"]+)"(?: with subresource "(?P<subresource>[^"]+)")?')
_STEPS = re.compile(r"([^.\[\]]+)|\[([^\]]*)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """One object's apply in progress; `before` is the object as it was read, `live` as it is to be written over.

    `nulls` are old defaults that the manifest has as nulls: a null never removes a mapping, so it is sent when the
    mapping is gone. `recreated` says why the old object was deleted.
    """

    wishes: Wishes
    body: Object
    before: Object | None
    live: Object | None
    books: Books | None = None
    nulls: tuple[Steps, ...] = ()
    force: bool = False
    notes: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    recreated: str = ""

    @property
    def manifest(self) -> Manifest:
        """Give the manifest that is applied."""
        return self.wishes.manifest


def settled(cluster: Cluster, kind: Kind, patch: Patch, refused: Answered, fence: int, attempt: int) -> Patch:
    """Make the next attempt of one that was answered with 409, or came a moment too early.

    Raises:
        ApplyRejected: what is in the way is somebody else's.
        LeaseLost: another worker has the lane.
    """
    conflicts = [cause for cause in refused.causes if cause.reason == "FieldManagerConflict"]
    if conflicts:
        return _decided(patch, conflicts, refused)
    ref = patch.manifest.ref
    if refused.code != CONFLICT:  # a CRD or a namespace's account that is a moment old
        time.sleep(_pause(attempt))
        return patch
    time.sleep(_pause(attempt - 1))
    live = cluster.find(kind.path(ref.namespace, ref.name))
    if live is not None and is_going(live):  # since a moment ago: it does not count as there
        if attempt >= ATTEMPTS - 1:
            raise ClusterUnavailable(f"{ref} is {held_by(live)}") from refused
        live = None
    if live is None:
        return replace(patch, body=patch.wishes.new, before=None, live=None, books=None, force=False)
    if fence_of(live) > max(fence, fence_of(patch.live) if patch.live else 0):
        raise LeaseLost(f"another worker has taken over {ref}") from refused
    owner, ours = labels(live).get(PART_OF), labels(patch.body)[PART_OF]
    planned = labels(patch.live).get(PART_OF) if patch.live else None  # another environment's, handed over
    if owner not in (None, ours, planned):
        words = f"belongs to another inventory ({owner}) since a moment ago: give one of the two another name"
        raise placed(patch, ApiRefused(words, code=CONFLICT)) from refused
    return replace(_fitted(patch, live, ours=owner is not None), recreated=patch.recreated)


def _pause(times: int) -> float:
    return min(0.05 * 2**times, _LONGEST_PAUSE) if times else 0.0


def still_to_take(patch: Patch, after: Object) -> Patch | None:
    """Make another attempt where the apply brought out what it could not take over.

    An object without any books gets an entry of all that was there before; entries of other versions come into reach.
    """
    if patch.before is None or (labels(patch.before).get(PART_OF) and entries_of(patch.before)):
        return None
    again = refitted(patch, after)
    return again if again.books and again.books.moves else None


def refitted(patch: Patch, after: Object) -> Patch:
    """Make another attempt over the object as the last one left it."""
    return replace(_fitted(patch, after, ours=True), before=patch.before, recreated=patch.recreated)


def placed(patch: Patch, answered: Answered) -> PushboatError:
    """Say what to do, which object of which file it is about, and why; without a secret's value."""
    ref, words = patch.manifest.ref, shortened(scrub(answered.whole, patch.body))
    fields = (*fixed_fields(answered), *(cause.field for cause in answered.causes))
    field = next((field for field in fields if field), "")  # what cannot change comes first: the advice is about that
    where = f"{patch.manifest.place_of(_path(field)) if field else patch.manifest.place}: {ref}: {words}"
    if isinstance(answered, ClusterUnavailable):
        return ClusterUnavailable(f"{words} ({patch.manifest.place}: {ref})", retry_after=answered.retry_after)
    if isinstance(answered, ClusterRefused):
        return ClusterRefused(where)
    advice = answered.advice.format(kind=ref.kind, field=field or "field", cluster="", recreate=_recreate(patch))
    return ApplyRejected(f"{advice} — {where}" if advice else where)


def _path(field: str) -> Path:
    """Read what validation calls a field: `spec.ports[0].port`, `metadata.annotations[example.com/x]`."""
    return tuple(int(inner) if inner.isdecimal() else inner or step for step, inner in _STEPS.findall(field))


def _recreate(patch: Patch) -> str:
    """Say what lets an object be recreated; nothing of the kind where all that it defines would go with it."""
    kind, rules = patch.manifest.ref.kind, patch.wishes.rules
    if kind in NEVER_RECREATED:
        return "have it deleted by hand"
    line = f"`recreate: [{', '.join(dict.fromkeys((*rules.recreate, kind)))}]`"
    where = f"to {rules.environment} in pushboat.yaml" if rules.environment else "to the environment in pushboat.yaml"
    return f"add {line} {where}"


def _fitted(patch: Patch, live: Object, *, ours: bool) -> Patch:
    wishes = patch.wishes
    fitted = fit(wishes, live, ours=ours)
    _refuse(wishes, fitted.refused)
    notes = tuple(dict.fromkeys((*patch.notes, *fitted.notes)))
    return Patch(
        wishes=wishes,
        body=wishes.sent(fitted.body),
        before=live,
        live=live,
        books=fitted.books,
        notes=notes,
        left=fitted.left,
    )


def _decided(patch: Patch, conflicts: list[Cause], refused: Answered) -> Patch:
    assert patch.live is not None  # a conflict is about an object that is there
    rules, body, notes, left, foreign = patch.wishes.rules, patch.body, list(patch.notes), list(patch.left), []
    found = owners_of(patch.live, patch.wishes.declared, rules, ours=True)
    for cause in conflicts:
        path = locate(body, cause.field) or ()
        known = before(patch.live, body, path) if path else Before.UNKNOWN
        by = _holder(cause, found)
        verdict = decide(path, [by] if by else [], known, rules)
        if verdict.decision is Decision.REFUSE and path:
            foreign.append(refusal(verdict, body, patch.live))
        elif verdict.decision is Decision.LEAVE:
            notes.append(told(verdict, body))
            left.append(Left(named(body, path), str(verdict.by.holder) if verdict.by else ""))
            body = without(body, path)
        elif by and by.sort is Sort.CONTROLLER:
            notes.append(told(verdict, body))
    _refuse(patch.wishes, tuple(foreign), refused)
    return replace(patch, body=body, force=True, notes=tuple(dict.fromkeys(notes)), left=tuple(dict.fromkeys(left)))


def _refuse(wishes: Wishes, refused: tuple[Refusal, ...], cause: Any = None) -> None:
    try:
        refuse(wishes.rules.environment, wishes.rules.adopt, ((wishes.manifest, each) for each in refused))
    except ApplyRejected as rejected:
        raise rejected from cause


def _holder(cause: Cause, found: tuple[Owner, ...]) -> Owner | None:
    named = _HOLDER.search(cause.message)
    holder = Holder(named["manager"], named["subresource"] or "") if named else Holder(cause.message)
    return next((each for each in found if each.holder == holder), None)
