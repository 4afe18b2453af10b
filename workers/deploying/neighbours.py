"""What the repository's other environments say of objects that change hands: what they left, and what they want.

They are rendered only where something of theirs or ours is at stake in one cluster, which is rare.
"""

import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pushboat.config.environment import Environment
from pushboat.errors import CheckoutFailed, DeploymentFailed, ForgeRefused, InvalidRepositoryFile
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.manifest import Manifest, Ref
from pushboat.model.release import lasting
from pushboat.model.state import Kind
from pushboat.store import deployments, releases
from workers.cluster.inventory import formerly
from workers.cluster.objects import PART_OF, labels
from workers.cluster.planning.sharing import Sharing
from workers.cluster.reading.live import Live
from workers.deploying import sources
from workers.review import limits
from workers.tools import Tools

Wishes = Collection[Ref] | None
"""The objects in an environment's folder; None where it cannot be rendered."""


def sharing(
    tools: Tools, deployment: Deployment, environment: Environment, manifests: Collection[Manifest], live: Live
) -> Sharing:
    """Find out which foreign objects their environments have left, and which of ours another environment wants."""
    configured = frozenset(
        f"{project.repository}:{name}" for project in tools.operator.projects.values() for name in project.environments
    )
    declared = {manifest.ref for manifest in manifests}
    theirs = _theirs(live, declared)
    left = _by_earlier_names(deployment, environment, theirs)
    stale = live.members.keys() - declared
    wanted: dict[Ref, str] = {}
    for name in neighbours(tools, deployment, environment):
        at_stake = {ref for ref, owner in theirs.items() if owner == f"{deployment.lane.repository}:{name}"}
        if at_stake:
            wishes = _wishes(tools, deployment, name, _sha_of(tools, deployment, name))
            left |= {ref: name for ref in at_stake if wishes is not None and ref not in wishes}
        if stale:
            wanted |= dict(_taken(tools, deployment, name, stale))
    return Sharing(left=left, wanted=wanted, configured=configured)


def namespaces(tools: Tools, deployment: Deployment, environment: Environment) -> set[str]:
    """List the namespaces in which the neighbours may keep their inventories."""
    known = tools.project(deployment.lane.repository).environments
    return {each for name in neighbours(tools, deployment, environment) for each in known[name].namespaces}


def neighbours(tools: Tools, deployment: Deployment, environment: Environment) -> list[str]:
    """Name the repository's other environments in the same cluster that may write where this one does."""
    found = tools.project(deployment.lane.repository).environments
    return sorted(
        name
        for name, each in found.items()
        if name != environment.name
        and each.cluster == environment.cluster
        and (set(each.namespaces) & set(environment.namespaces) or (each.cluster_scoped and environment.cluster_scoped))
    )


def _theirs(live: Live, wanted: Collection[Ref]) -> Mapping[Ref, str]:
    """Say to whom objects belong that have the name of one of ours and another label."""
    others = {ref: live.others.get(labels(each).get(PART_OF, "")) for ref, each in live.strangers.items()}
    return {ref: str(other.owner) for ref, other in others.items() if other is not None and ref in wanted}


def _by_earlier_names(deployment: Deployment, environment: Environment, theirs: Mapping[Ref, str]) -> dict[Ref, str]:
    """Take what an earlier name of this environment still has beside us, where both made an inventory."""
    earlier = {str(owner): owner.environment for owner in formerly(deployment.lane.repository, environment)}
    return {ref: earlier[owner] for ref, owner in theirs.items() if owner in earlier}


def _taken(tools: Tools, deployment: Deployment, name: str, stale: Collection[Ref]) -> Iterator[tuple[Ref, str]]:
    for sha in dict.fromkeys((deployment.sha, _sha_of(tools, deployment, name))):
        wishes = _wishes(tools, deployment, name, sha)
        if wishes is None:
            why = f"environment {name} may have it, and cannot be rendered at {sha[:7]}"
            yield from ((ref, why) for ref in stale)
        else:
            yield from ((ref, f"environment {name} has it and takes it over") for ref in stale if ref in wishes)


def _sha_of(tools: Tools, deployment: Deployment, name: str) -> str:
    """Say which commit speaks for another environment: its newest one; for a plan the one that merging brings."""
    if deployment.kind is Kind.PLAN:
        return deployment.sha
    newest = deployments.latest_by_lane(tools.store, deployment.lane.repository)
    there = [each for each in newest if each.lane.environment == name and each.kind is not Kind.REMOVAL]
    return there[0].sha if there else deployment.sha


def _wishes(tools: Tools, deployment: Deployment, name: str, sha: str) -> Wishes:
    lane = replace(deployment.lane, environment=name)
    by_release = deployment.again or deployment.kind is Kind.REMOVAL
    if by_release and deployments.is_removed(tools.store, lane):
        return frozenset()  # who was destroyed wants nothing any more, until git brings it back
    if deployment.again:
        return _released(tools, lane)
    try:
        found = sources.environment_at(tools, deployment.lane.repository, sha, name)
        if found is None:
            return frozenset()
        with tempfile.TemporaryDirectory(dir=tools.scratch) as folder:
            rendered = sources.rendered_at(tools, deployment.lane.repository, sha, found, Path(folder))
            kinds = tools.clusters.of(found).kinds
            return {manifest.ref for manifest in limits.check(rendered.manifests, found, kinds)}
    except (InvalidRepositoryFile, CheckoutFailed):
        return frozenset()  # nothing can be deployed from there, so nothing is wanted
    except DeploymentFailed:
        return None
    except ForgeRefused:
        if deployment.kind is not Kind.REMOVAL:
            raise
        # A repository that is gone keeps nobody's environment: what was handed over carries its new owner's label.
        return _released(tools, lane) or frozenset()


def _released(tools: Tools, lane: Lane) -> Wishes:
    """Give what an environment has by its newest release: a rollback does not ask what is in git."""
    newest = releases.listed(tools.store, lane, limit=1)
    if newest:
        contents = releases.contents(tools.store, lane, newest[0].number)
        return None if contents is None else lasting(contents)
    tried = deployments.listed(tools.store, repository=lane.repository, environment=lane.environment, limit=1)
    return None if tried else frozenset()
