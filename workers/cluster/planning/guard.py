"""The guard against mass deletion: what has a successor in the same revision is replaced, not lost.

A prefix, a new hash, another namespace rename every object of a folder at once, which is daily work; an empty folder
takes every object away, which is a mistake.
"""

from collections.abc import Iterable, Sequence

from pushboat.errors import PruneFailed
from pushboat.model.manifest import Ref
from workers.cluster.inventory import Owner
from workers.cluster.objects import is_going
from workers.cluster.planning.successors import replaced
from workers.cluster.planning.words import Plan

SMALLEST_GUARDED = 4
"""An inventory below this may lose everything without a question: renaming two of three objects is daily work."""


def guard(plan: Plan, members: Iterable[Ref], release: int = 0) -> None:
    """Refuse a plan that loses more than half of a larger inventory; `release` is the one that a rollback brings back.

    Raises:
        PruneFailed: says how many, and how somebody who may can say that it is meant.
    """
    before = set(members)
    arriving = {step.manifest.ref: step.body for step in plan.steps if step.manifest.ref not in before}
    going = {each.ref: each.live for each in plan.to_prune if not is_going(each.live)}
    lost = sorted(set(going) - set(replaced(going, arriving)))
    if len(before) >= SMALLEST_GUARDED and len(lost) * 2 > len(before):
        refusal = _refusal_of_rollback if release else _refusal
        raise refusal(lost, len(before), plan.inventory.owner, release)


def _refusal_of_rollback(lost: Sequence[Ref], members: int, owner: Owner, release: int) -> PruneFailed:
    names = "\n".join(f"- {ref}" for ref in lost)
    say = f"/deploy rollback {owner.environment} {release} --prune"
    return PruneFailed(
        f"say `{say}` if it is meant, else choose another release — refusing to delete {len(lost)} of {members} "
        "objects at once",
        f"Release {release} has none of these objects, and nothing takes their place:\n\n{names}\n\n"
        f"Whoever may deploy to {owner.environment} can allow it for one rollback: comment `{say}`, or run "
        f"`pushboat rollback {owner.repository} {owner.environment} {release} --prune`.",
    )


def _refusal(lost: Sequence[Ref], members: int, owner: Owner, _release: int) -> PruneFailed:
    names = "\n".join(f"- {ref}" for ref in lost)
    say = f"/deploy {owner.environment} --prune"
    return PruneFailed(
        f"say `{say}` if it is meant, else restore the files — refusing to delete {len(lost)} of {members} objects "
        "at once",
        f"These objects are no longer in the repository, and nothing takes their place:\n\n{names}\n\n"
        f"Whoever may deploy to {owner.environment} can allow it for one deployment: comment `{say}` on an open pull "
        f"request, or on the merged one, or run `pushboat deploy {owner.repository} {owner.environment} --prune`. "
        "Removing them in smaller steps does it as well.",
    )
