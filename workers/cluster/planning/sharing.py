"""Whose an object is, where several environments meet in one namespace: what may be taken over, and what must not.

An object has one inventory. It changes hands only inside of a repository, when the environment that had it no longer
has it in git; then it is relabelled where it stands, and nothing is deleted and made again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pushboat.errors import ApplyRejected
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.inventory import ID, Inventory, Owner
from workers.cluster.objects import PART_OF, Object, labels
from workers.cluster.reading.live import Live


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """What the repository's other environments say of objects, by environment.

    `left`: theirs so far, and no longer in their folder, so ours to take. `wanted`: ours so far, and in their folder
    now, so theirs to take; the sentence says so. `configured` says whether the operator's file has an
    environment, or allows it.
    """

    left: Mapping[Ref, str] = field(default_factory=dict)
    wanted: Mapping[Ref, str] = field(default_factory=dict)
    configured: Callable[[Owner], bool] = lambda _: False


NOBODY = Sharing()


def handed_over(manifest: Manifest, there: Object, live: Live, sharing: Sharing = NOBODY) -> str:
    """Say from whom an object comes that was another environment's so far; empty where it was ours or nobody's.

    Raises:
        ApplyRejected: it is somebody else's, or an inventory itself; says how it could become ours.
    """
    ours = live.inventory
    part_of = labels(there).get(PART_OF, ours.parent.id)
    if part_of != ours.parent.id:
        if manifest.ref in sharing.left:
            return f"handed over by environment {sharing.left[manifest.ref]}"
        raise ApplyRejected(_refusal(manifest, part_of, live.others.get(part_of), ours.owner, sharing))
    if ID in labels(there):
        raise ApplyRejected(f"{manifest.place}: {manifest.ref} is an inventory itself: give this object another name")
    return ""


def _refusal(manifest: Manifest, part_of: str, other: Inventory | None, ours: Owner, sharing: Sharing) -> str:
    """Say first what to do, then whose it is."""
    where, owner = f"{manifest.place}: {manifest.ref}", other.owner if other else None
    if other and owner == ours:
        kept = other.parent.namespace
        return f"put {kept} back among the namespaces of {ours.environment}, last: its inventory is there ({where})"
    if owner is None or (sharing.configured(owner) and owner.repository != ours.repository):
        return f"{where} belongs to another inventory ({owner or part_of}): rename it here, or remove it there first"
    if sharing.configured(owner):
        both = f"environments {owner.environment} and {ours.environment}"
        return f"remove it from one of the two: {both} both have {manifest.ref} in their folders ({manifest.place})"
    former = owner.environment if owner.repository == ours.repository else str(owner)
    return (
        f"add `formerly: [{former}]` to environment {ours.environment} in pushboat.yaml if that is its earlier name, "
        f"else rename the object — {where} belongs to another inventory, {owner}"
    )
