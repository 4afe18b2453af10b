"""Whose an object is by what is stored, where a repository's environments meet: asks neither git nor renderers.

What is brought once more, and what is only looked at, goes by releases: what another environment has taken over since
is left to it, and what was left for another one to take stays until it does.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from pushboat.config.environment import Environment
from pushboat.config.operator import Limits, Operator, Project
from pushboat.model.changeset import Action
from pushboat.model.deployment import Lane
from pushboat.model.manifest import Ref
from pushboat.model.release import Render, lasting
from pushboat.reading import known
from pushboat.store import change_sets, deployments, inspections, releases, since_release
from pushboat.store.database.engine import Store
from workers.cluster.inventory import Owner
from workers.cluster.objects import PART_OF, labels
from workers.cluster.planning.sharing import Sharing
from workers.cluster.planning.words import Alone
from workers.cluster.reading.live import Live

Wishes = Collection[Ref] | None
"""The objects that an environment wants; None where nobody can say."""
LEFT = "the deployment of this release left it"


def neighbours(
    operator: Operator, store: Store, repository: str, environment: Environment, also: Iterable[str] = ()
) -> list[str]:
    """Name the repository's other environments in the same cluster that may write where this one does.

    Those that there are, and of the names that a commit has (`also`) those that are allowed.
    """
    return sorted(_beside(operator, store, repository, environment, also))


def _beside(
    operator: Operator, store: Store, repository: str, environment: Environment, also: Iterable[str] = ()
) -> dict[str, Limits]:
    project = operator.projects.get(repository)
    found = _candidates(store, project, environment, also) if project else {}
    return {name: each for name, each in found.items() if name != environment.name and _meet(each, environment)}


def _candidates(store: Store, project: Project, environment: Environment, also: Iterable[str]) -> dict[str, Limits]:
    """Give those that may meet an environment; the store is asked, which may know thousands, where a whole pattern may.

    By a namespace that is made of names a pattern has one environment there, whose name follows.
    """
    allowed = project.environments
    if any(_meet(limits, environment) for limits in allowed.patterns.values()):
        return known.environments(store, project, also)
    there = (each.environment for space in environment.namespaces for each in allowed.having(space))
    return allowed.known((*there, *also))


def _meet(limits: Limits, environment: Environment) -> bool:
    beside = bool(limits.cluster_scoped and environment.cluster_scoped)
    return limits.cluster == environment.cluster and (
        beside or not set(limits.namespaces).isdisjoint(environment.namespaces)
    )


def namespaces(operator: Operator, store: Store, repository: str, environment: Environment) -> set[str]:
    """List the namespaces in which the neighbours may keep their inventories."""
    beside = _beside(operator, store, repository, environment)
    return {each for limits in beside.values() for each in limits.namespaces}


def is_configured(operator: Operator, owner: Owner) -> bool:
    """Say whether the operator's file has, or allows, the environment whose an inventory is."""
    return operator.limits(owner.repository, owner.environment) is not None


def theirs(live: Live, wanted: Collection[Ref]) -> Mapping[Ref, str]:
    """Say to whom objects belong that have the name of one of ours and another label."""
    others = {ref: live.others.get(labels(each).get(PART_OF, "")) for ref, each in live.strangers.items()}
    return {ref: str(other.owner) for ref, other in others.items() if other is not None and ref in wanted}


def by_release(
    operator: Operator, store: Store, lane: Lane, environment: Environment, live: Live, declared: Collection[Ref]
) -> Sharing:
    """Find out what others have left, and what they want of ours, by their newest releases."""
    return by_wishes(
        operator,
        store,
        lane,
        environment,
        live,
        declared,
        lambda name: released(store, replace(lane, environment=name)),
    )


def by_wishes(
    operator: Operator,
    store: Store,
    lane: Lane,
    environment: Environment,
    live: Live,
    declared: Collection[Ref],
    wishes_of: Callable[[str], Wishes],
) -> Sharing:
    """Find out what others have left, and what they want of ours, where somebody knows what each of them wants."""
    others, stale = theirs(live, declared), live.members.keys() - declared
    left: dict[Ref, str] = {}
    wanted: dict[Ref, str] = {}
    for name in neighbours(operator, store, lane.repository, environment):
        at_stake = [ref for ref, owner in others.items() if owner == f"{lane.repository}:{name}"]
        wishes = wishes_of(name) if at_stake or stale else frozenset()
        left |= {ref: name for ref in at_stake if wishes is not None and ref not in wishes}
        if wishes is None:
            wanted |= dict.fromkeys(stale, f"environment {name} may have it, and what it wants is not known")
        else:
            wanted |= {ref: f"environment {name} has it and takes it over" for ref in stale if ref in wishes}
    return Sharing(left=left, wanted=wanted, configured=partial(is_configured, operator))


def gone(
    operator: Operator, store: Store, lane: Lane, environment: Environment, live: Live, declared: Collection[Ref]
) -> Iterator[Alone]:
    """List what of a release another environment has now: by its own release, or it is about to or was left halfway."""
    others = theirs(live, declared)
    for name in neighbours(operator, store, lane.repository, environment):
        at_stake = [ref for ref, owner in others.items() if owner == f"{lane.repository}:{name}"]
        if not at_stake:
            continue
        other = replace(lane, environment=name)
        moves = since_release.left_halfway(store, other) or inspections.looked_at(store, other).running
        wishes = released(store, other)
        for ref in at_stake:
            if moves or wishes is None or ref in wishes:
                yield Alone(ref=ref, why=f"environment {name} has it now")


def is_claimed(operator: Operator, store: Store, lane: Lane, environment: Environment, render: Render) -> bool:
    """Say whether another environment has, or may have, something of a render: by its own release, or left halfway."""
    for name in neighbours(operator, store, lane.repository, environment):
        other = replace(lane, environment=name)
        wishes = released(store, other)
        if wishes is None or since_release.left_halfway(store, other):
            return True
        if any(ref in wishes for ref in lasting(render.contents)):
            return True
    return False


def stays(store: Store, deployment: int, declared: Collection[Ref]) -> Mapping[Ref, str]:
    """Give the members that the deployment of a release left, although the release has them no more; each with why."""
    kept = [each for each in change_sets.listed(store, deployment) if each.action is Action.UNCHANGED]
    return {each.ref: each.notes[0] if each.notes else LEFT for each in kept if each.ref not in declared}


def deployment_of(store: Store, lane: Lane, release: int) -> int:
    """Say which deployment made a release; 0 where it is not known any more."""
    return next((each.deployment for each in releases.listed(store, lane) if each.number == release), 0)


def released(store: Store, lane: Lane) -> Wishes:
    """Give what an environment has by its newest release; who was destroyed wants nothing any more."""
    if deployments.is_removed(store, lane):
        return frozenset()
    newest = releases.listed(store, lane, limit=1)
    if newest:
        contents = releases.contents(store, lane, newest[0].number)
        return None if contents is None else lasting(contents)
    tried = deployments.listed(store, repository=lane.repository, environment=lane.environment, limit=1)
    return None if tried else frozenset()
