"""The merge groups that nobody decided about yet, as they stand: whose turn it is, and what became of each so far.

Whose turn it is the forge says: a group is next when it is built on what its base branch holds now.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from pushboat.config.project import DEPLOY
from pushboat.events import Event, EventKind
from pushboat.forges.protocol import Client
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.hold import Hold
from pushboat.model.merge_group import MERGE_GROUP, MergeGroup, Queued
from pushboat.model.state import Kind, State
from pushboat.routing import Facts
from pushboat.routing.following import of_branch
from pushboat.routing.holds import PINS, UNMERGED
from pushboat.routing.merge_queue import DESTROYED, MERGED, REQUESTED, number_of
from pushboat.store import deployments, holds, mending, merge_groups, releases, routing_jobs, since_release
from workers.tools import Tools, split

MOST_RELEASES = 50
"""That are looked through for the one of before a group."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the forge said while one delivery is routed: each question is put once."""

    client: Client
    path: str
    heads: dict[str, str] = field(default_factory=dict)

    def head(self, ref: str) -> str:
        if ref not in self.heads:
            self.heads[ref] = self.client.head(self.path, ref)
        return self.heads[ref]

    def is_there(self, group: MergeGroup) -> bool:
        return self.head(group.ref) == group.sha

    def is_next(self, group: MergeGroup) -> bool:
        return self.head(f"refs/heads/{group.base}") == group.base_sha and self.is_there(group)

    def is_merged(self, group: MergeGroup) -> bool:
        tip = self.head(f"refs/heads/{group.base}")
        return bool(tip) and self.client.contains(self.path, group.sha, tip)


def with_groups(tools: Tools, name: str, event: Event, facts: Facts) -> Facts:
    """Add the groups of a repository, and those that a delivery tells of.

    Raises:
        ForgeUnavailable, ForgeRefused: the forge did not say.
    """
    if event.kind in (EventKind.MERGE_GROUP, EventKind.PULL_REQUEST) and not facts.limits:
        facts = replace(facts, limits=tools.environments(name, facts.environments))
    known = merge_groups.listed(tools.store, name)
    new = [each for each in _told(name, event, facts) if each not in known]
    if not known and not new:
        return facts
    forge, path = split(name)
    asked = _Asked(tools.client(forge), path)
    decided = (event.sha, event.merged_sha)  # that one's environment may be the next one's
    taken = {each.environment for each in known if each.begun and each.sha not in decided}
    found = [_as_it_stands(tools, each) for each in known]
    found = [_front(asked, each) if each.group.environment not in taken else each for each in found]
    found += [_arrived(tools, asked, each, free=each.environment not in taken) for each in new]
    return replace(facts, groups=tuple(_decided(asked, event, each) for each in found))


def _told(name: str, event: Event, facts: Facts) -> Iterable[MergeGroup]:
    """Make the groups that a delivery asks to be checked, one for each environment that deploys it."""
    if event.kind is not EventKind.MERGE_GROUP or event.action != REQUESTED:
        return
    for environment in of_branch(facts.environments, event.base_ref):
        limits = facts.limits.get(environment.name)
        if limits is not None and limits.merge_queue == DEPLOY:
            yield MergeGroup(
                repository=name,
                environment=environment.name,
                number=number_of(event),
                sha=event.sha,
                ref=event.ref,
                base=event.base_ref,
                base_sha=event.before,
                author=event.author,
            )


def _arrived(tools: Tools, asked: _Asked, group: MergeGroup, *, free: bool) -> Queued:
    """Say of a group that is told of now whether it is there still: news of its end may have come before."""
    new = replace(_as_it_stands(tools, group), new=True)
    return _front(asked, new) if free and asked.is_there(group) else replace(new, gone=not asked.is_there(group))


def _front(asked: _Asked, each: Queued) -> Queued:
    return replace(each, first=not each.group.begun and asked.is_next(each.group))


def _decided(asked: _Asked, event: Event, each: Queued) -> Queued:
    """Say whether a group that was destroyed was merged: the forge's reason, or else its base branch, says it."""
    if event.action != DESTROYED or (event.ref, event.sha) != (each.group.ref, each.group.sha):
        return each
    return replace(each, merged=event.title == MERGED or asked.is_merged(each.group))


def _as_it_stands(tools: Tools, group: MergeGroup) -> Queued:
    store, lane = tools.store, Lane(repository=group.repository, environment=group.environment)
    standing = [hold for hold in holds.listed(store, lane.repository, lane.environment) if _is_of(hold, lane)]
    own = tuple(hold for hold in standing if _is_its_own(hold, group))
    if not group.begun:
        pins = tuple(hold for hold in standing if hold.kind in PINS and hold not in own)
        return Queued(group=group, waits=_on_its_way(tools, lane), pins=pins, holds=own)
    made_of_it = deployments.listed(store, repository=lane.repository, environment=lane.environment, sha=group.sha)
    deployment = next((each for each in made_of_it if each.pull_request == group.number and not each.again), None)
    made = releases.listed(store, lane, MOST_RELEASES)
    runs = deployments.running_in(store, lane)
    answer = mending.answered_by(store, deployment.id) if deployment else None
    return Queued(
        group=group,
        deployment=deployment,
        runs=runs is not None and deployment is not None and runs.id == deployment.id,
        answered=answer is not None,
        halfway=since_release.left_halfway(store, lane) is not None,
        behind=_behind(tools, lane, own),
        back=next((each for each in made if each.deployment < group.begun), None),
        holds=own,
    )


def _on_its_way(tools: Tools, lane: Lane) -> str:
    """Say what has begun there, or waits for its own turn: a group that began now would take its place."""
    unfinished = routing_jobs.unfinished(tools.store, lane)
    return f"{unfinished[0].kind_word} {unfinished[0].id} is on its way there" if unfinished else ""


def _behind(tools: Tools, lane: Lane, own: Sequence[Hold]) -> Deployment | None:
    """Find what waits for a group, and for nothing else: it is deployed once the group has let the environment go."""
    others = [hold for hold in holds.listed(tools.store, lane.repository, lane.environment) if hold not in own]
    now = tools.store.now()
    waiting = [each for each in routing_jobs.unfinished(tools.store, lane) if each.state is State.QUEUED]
    free = [each for each in waiting if each.pull_request >= 0 and not each.again and each.kind is Kind.DEPLOY]
    return next((each for each in free if not any(hold.binds(each, now) for hold in others)), None)


def _is_of(hold: Hold, lane: Lane) -> bool:
    return hold.scope.covers(lane.repository, lane.environment)


def _is_its_own(hold: Hold, group: MergeGroup) -> bool:
    """Pick the group's own hold, and the one of its pull request, which the group takes over from."""
    if hold.kind == MERGE_GROUP:
        return (hold.pull_request, hold.sha) == (group.number, group.sha)
    return hold.kind == UNMERGED and hold.pull_request == -group.number
