"""What becomes of an environment when the merge queue has decided about a group that had it.

Dropped, it is undone by the release that ran before it, where it may have brought anything. Merged, its deployment
becomes the branch's: the commit is the very same.
"""

from collections.abc import Iterable

from pushboat.model.deployment import short
from pushboat.model.hold import Hold
from pushboat.model.merge_group import MERGE_GROUP, Queued
from pushboat.model.proposal import named
from pushboat.model.release import named as release_named
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.status import clip
from pushboat.routing.decision import Act, Deploy, LiftHold, Post
from pushboat.routing.group_acts import Drop


def merged(each: Queued) -> tuple[tuple[Act, ...], str]:
    """Let a merged group go, and hand on what it has brought; its push begins nothing where that runs."""
    group = each.group
    there = each.runs and each.deployment is not None and each.deployment.state is State.SUCCEEDED
    said = f"{group.environment} runs {short(group.sha)} already, deployed before it merged" if there else ""
    return (*lifted(each.holds, MERGE_GROUP), _drop(each, merged=there)), said


def dropped(each: Queued) -> tuple[tuple[Act, ...], str]:
    """Undo what a group has brought, or stop it before it brings anything."""
    group, deployment = each.group, each.deployment
    acts: tuple[Act, ...] = (*lifted(each.holds, MERGE_GROUP), _drop(each))
    what = f"{named(group.number)} ({short(group.sha)}) has left the queue"
    if deployment is None:
        return (*acts, post(group.sha, group.ref, group.environment, State.CANCELLED, "has left the merge queue")), ""
    if not _has_touched(each):
        return acts, f"{what}, and {group.environment} is as it was before"
    if each.behind is not None:
        return acts, f"{what}: {short(each.behind.sha)} waits, and is deployed instead of what ran before"
    if each.back is None:
        sentence = f"{what}, and nothing ran in {group.environment} before it: what it brought there stays"
        stays = f"{sentence}; destroy it or push: pushboat destroy {group.repository} {group.environment}"
        told = post(group.sha, group.ref, group.environment, State.FAILED, "left the queue; nothing to go back to")
        return (*acts, told), stays
    if not each.back.kept:
        gone = f"what {release_named(each.back)} was made of is not kept any more"
        told = post(group.sha, group.ref, group.environment, State.FAILED, f"left the queue, not undone: {gone}")
        return (*acts, told), f"{what}; not undone in {group.environment}: {gone}, so deploy what is to run there"
    undo = Deploy(
        kind=Kind.DEPLOY,
        environment=group.environment,
        ref=each.back.ref,
        sha=each.back.sha,
        author=group.author,
        trigger=Trigger.MERGE_QUEUE,
        release=each.back.number,
        pull_request=each.back.pull_request,
    )
    return (*acts, undo), f"{what}: {group.environment} goes back to {release_named(each.back)}"


def _drop(each: Queued, *, merged: bool = False) -> Drop:
    made = each.deployment
    return Drop(group=each.group, merged=merged, deployment=made.id if made else 0, state=made.state if made else None)


def _has_touched(each: Queued) -> bool:
    """Say whether something of a group may be in the cluster that nobody is taking back."""
    deployment = each.deployment
    assert deployment
    if deployment.state is State.SUCCEEDED:
        return each.runs
    if deployment.state is State.QUEUED:
        return deployment.begun
    return deployment.state is State.RUNNING or (each.halfway and not each.answered)


def lifted(holds: Iterable[Hold], kind: str) -> tuple[LiftHold, ...]:
    """Lift the holds of a kind among those of a group."""
    return tuple(LiftHold(kind=kind, scope=each.scope, subject=each.subject) for each in holds if each.kind == kind)


def post(sha: str, ref: str, environment: str, state: State, description: str) -> Post:
    """Say how a group stands under an environment."""
    return Post(sha=sha, context=f"pushboat/{environment}", state=state, description=clip(description), ref=ref)
