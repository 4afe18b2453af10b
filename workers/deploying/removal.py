"""The story of a removal: what runs before, the members in their order, what runs after, and at last what held them.

It is a deployment like all others to its lane: claimed, fenced, cancelled and gone on with after a crash in the same
way. What is deleted is found by its label; what stays is named, and the inventory covers it until another time.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pushboat.errors import Cancelled, ClusterRefused
from pushboat.model.changeset import Action, Change
from pushboat.model.state import State
from workers.cluster import inventory
from workers.cluster.client.connection import Cluster
from workers.cluster.inventory import Inventory
from workers.cluster.objects import is_secret
from workers.cluster.planning.removal import Removal, make_removal
from workers.cluster.planning.rules import rules_of
from workers.cluster.planning.words import Stale
from workers.cluster.reading.live import read_live
from workers.cluster.removing import namespaces
from workers.cluster.removing.ending import end_namespaces
from workers.cluster.removing.members import Left, delete_members
from workers.cluster.removing.unserved import refuse_unreachable
from workers.cluster.waiting.following import followed
from workers.cluster.waiting.watches import Watches
from workers.cluster.writing.shutting_out import take_over
from workers.deploying import former, hooks, neighbours, removal_hooks, shared, summaries
from workers.deploying.announcing import announcing, cause_of
from workers.deploying.claimed import Claimed
from workers.deploying.last_release import LastRelease, last_release
from workers.deploying.waves import Parts
from workers.manifests.directives.words import Phase
from workers.tools import Tools

PATIENCE = 60.0
"""Seconds for the finalizers of each rank, where the environment does not say how long it waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a removal works with: the environment, what is to go, and the namespaces that may."""

    last: LastRelease
    removal: Removal
    spaces: tuple[Stale, ...]

    @property
    def within(self) -> float:
        """Say for how long each rank's finalizers have."""
        return self.last.environment.wait or PATIENCE


def remove(tools: Tools, work: Claimed) -> None:
    """Delete everything of an environment that is nobody else's, and say what stays and why."""
    deployment = work.deployment
    last = last_release(tools.operator, tools.store, tools.key, deployment.lane, skip_hooks=deployment.skip_hooks)
    repository = deployment.lane.repository
    named = former.with_former_names(tools.operator, tools.store, repository, last.environment)
    last = replace(last, environment=named)
    if last.unknown:
        work.say("plan", f"{last.unknown}: no hook of the removal is known")
    cluster = tools.clusters.of(last.environment).beside(work.slot.step_aside)
    cluster = cluster.guarded_by(work.lease.may_write)
    with work.step("plan"):
        scene = look(tools, cluster, work, last)
        parts = removal_hooks.parts(cluster, work, last, scene.removal)
    parent = scene.removal.inventory.parent
    work.announcements.tell = announcing(cluster, lambda: parent, deployment, cause_of(tools, deployment))
    hooks.note(work, parts)
    say_what_stays(work, scene)
    with _cancelled_in_our_words(), _following(cluster, work, scene, parts) as watches:
        removal_hooks.run(watches, work, parts, Phase.BEFORE, scene.last.environment)
        left = delete(cluster, work, scene)
        removal_hooks.run(watches, work, parts, Phase.AFTER, scene.last.environment)
        finish(cluster, work, scene, left)


def look(tools: Tools, cluster: Cluster, work: Claimed, last: LastRelease) -> Scene:
    """Find what there is; first shut out the worker that held this lane before us, where there was one."""
    deployment, environment = work.deployment, last.environment
    known = inventory.locate(cluster, deployment.lane.repository, environment, tools.operator.canonical)
    former.let_the_former_end(tools, deployment, known)
    if work.claim.took_over:
        take_over(cluster, known, work.claim.fence, work.lease.may_write)
        known = inventory.read(cluster, known)
    return scene_of(tools, cluster, work, last, known)


def scene_of(tools: Tools, cluster: Cluster, work: Claimed, last: LastRelease, known: Inventory) -> Scene:
    """Read the members and decide about each."""
    deployment, environment = work.deployment, last.environment
    for text in refuse_unreachable(cluster, known):
        work.say("plan", f"{text} is not served any more, so nothing of it is there")
    elsewhere = shared.namespaces(tools.operator, tools.store, deployment.lane.repository, environment)
    live = read_live(cluster, known, last.objects, environment, elsewhere)
    removal = make_removal(live, neighbours.sharing(tools, deployment, environment, (), live))
    work.say("plan", f"{summaries.objects(len(removal.to_delete))} to delete, {len(removal.kept)} to stay")
    spaces = namespaces.candidates(
        cluster, removal_hooks.spaces_of(tools.operator, tools.store, deployment.lane, environment, removal)
    )
    return Scene(last=last, removal=removal, spaces=tuple(spaces))


def say_what_stays(work: Claimed, scene: Scene) -> None:
    """Name what is known to stay before anything is deleted."""
    for each in (*scene.removal.kept, *scene.removal.others):
        work.say("plan", f"{each.ref} stays: {each.kept}")
    for each in scene.spaces:
        if not each.kept:
            work.say("plan", f"{each.ref}, made for it, goes last, unless something else is in it by then")


def delete(cluster: Cluster, work: Claimed, scene: Scene) -> Left:
    """Delete the members.

    Raises:
        ClusterRefused: some are still there, although their deletion was asked for; each is named with what holds it.
    """
    going = [Change(ref=each.ref, action=Action.DELETED) for each in scene.spaces if not each.kept]
    meant = scene.removal.changeset
    work.set_out(replace(meant, changes=(*meant.changes, *going)))
    with work.step("prune"):
        work.slot.leave()
        left = delete_members(
            cluster,
            scene.removal,
            fence=work.claim.fence,
            may_write=work.go_on,
            say=lambda text: work.say("prune", text),
            gone=work.tally.made.append,
            within=scene.within,
        )
    work.tally.made += [_stays(each) for each in left.all]
    if left.stuck:
        raise _not_gone(work, left.stuck)
    return left


def finish(cluster: Cluster, work: Claimed, scene: Scene, left: Left) -> None:
    """Delete what hooks left, then the namespaces, and the inventory once it covers nothing; then end.

    Raises:
        ClusterRefused: something of it is still there, although its deletion was asked for.
    """
    with work.step("prune"):
        stuck = removal_hooks.clear(cluster, work, scene.last, scene.removal.inventory, scene.within)
        ended = end_namespaces(
            cluster,
            scene.spaces,
            scene.removal,
            left.kept,
            may_write=work.go_on,
            fence=work.claim.fence,
            within=scene.within,
        )
    work.tally.made += [Change(ref=each.ref, action=Action.DELETED) for each in ended.gone]
    work.tally.made += [_stays(each) for each in ended.kept]
    for each in ended.gone:
        work.say("prune", f"{each.ref} is gone")
    for each in ended.kept:
        work.say("prune", f"{each.ref} stays: {each.kept}")
    if stuck or ended.stuck:
        raise _not_gone(work, (*stuck, *ended.stuck))
    stay = (*left.kept, *ended.kept, *scene.removal.others)
    reason = summaries.removed(work.tally.changes, stay)
    work.end(
        State.SUCCEEDED, reason, work.tally.changes, summaries.listed([f"{each.ref}: {each.kept}" for each in stay])
    )


def _stays(stale: Stale) -> Change:
    return Change(ref=stale.ref, action=Action.UNCHANGED, notes=(f"stays: {stale.kept}",))


def _not_gone(work: Claimed, stuck: Sequence[Stale]) -> ClusterRefused:
    lane, first = work.deployment.lane, stuck[0]
    more = f" (and {len(stuck) - 1} more)" if len(stuck) > 1 else ""
    lines = summaries.listed([f"{each.ref}: {each.kept}" for each in stuck])
    return ClusterRefused(
        f"{first.ref} is not gone: {first.kept}{more}",
        f"Everything else that may go is deleted. Once these can go, `pushboat destroy {lane.repository} "
        f"{lane.environment}` goes on:\n\n{lines}",
    )


@contextmanager
def _cancelled_in_our_words() -> Iterator[None]:
    """Say of a removal that was cancelled what it leaves."""
    try:
        yield
    except Cancelled as stop:
        by = stop.summary.partition(";")[0]
        raise Cancelled(f"{by}; what was deleted before is gone, and destroying it again goes on") from stop


@contextmanager
def _following(cluster: Cluster, work: Claimed, scene: Scene, parts: Parts) -> Iterator[Watches]:
    """Watch for the hooks, and leave nothing behind of those that are not to run any more."""
    environment, part_of = scene.last.environment, scene.removal.inventory.parent.id
    secrets = [each.body for each in scene.last.hooks if is_secret(each.body)]
    with (
        followed(cluster, (), part_of, secrets) as watches,
        hooks.ending(watches, work, parts, rules_of(environment), environment.wait),
    ):
        yield watches
