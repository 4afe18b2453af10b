"""What the repository's other environments say of objects that change hands: what they left, and what they want.

They are rendered only where something of theirs or ours is at stake in one cluster, which is rare.
"""

import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from pushboat.config.environment import Environment
from pushboat.errors import CheckoutFailed, DeploymentFailed, ForgeRefused, InvalidRepositoryFile, NotConfigured
from pushboat.model.deployment import Deployment
from pushboat.model.manifest import Manifest, Ref
from pushboat.model.state import Kind
from pushboat.store import deployments
from workers.cluster.inventory import formerly
from workers.cluster.planning.sharing import Sharing
from workers.cluster.planning.words import Alone
from workers.cluster.reading.live import Live
from workers.deploying import shared, sources
from workers.review import limits
from workers.source.environments import environments_at
from workers.tools import Tools


def sharing(
    tools: Tools, deployment: Deployment, environment: Environment, manifests: Collection[Manifest], live: Live
) -> Sharing:
    """Find out which foreign objects their environments have left, and which of ours another environment wants."""
    declared = {manifest.ref for manifest in manifests}
    theirs = shared.theirs(live, declared)
    left = _by_earlier_names(deployment, environment, theirs)
    stale = live.members.keys() - declared
    wanted: dict[Ref, str] = {}
    repository = deployment.lane.repository
    also = _named_by(tools, deployment)
    for name in shared.neighbours(tools.operator, tools.store, repository, environment, also):
        at_stake = {ref for ref, owner in theirs.items() if owner == f"{repository}:{name}"}
        if at_stake:
            wishes = _wishes(tools, deployment, name, _sha_of(tools, deployment, name))
            left |= {ref: name for ref in at_stake if wishes is not None and ref not in wishes}
        if stale:
            wanted |= dict(_taken(tools, deployment, name, stale))
    return Sharing(left=left, wanted=wanted, configured=partial(shared.is_configured, tools.operator))


def _named_by(tools: Tools, deployment: Deployment) -> Collection[str]:
    """Name the environments of a commit, which a plan may be the first to see; where that is known, none more."""
    if deployment.kind is not Kind.PLAN or not tools.project(deployment.lane.repository).environments.patterns:
        return ()
    try:
        return environments_at(tools, deployment.lane.repository, deployment.sha)[0]
    except (InvalidRepositoryFile, CheckoutFailed):
        return ()


def has_gone(
    tools: Tools, deployment: Deployment, environment: Environment, live: Live, wanted: sources.Wanted
) -> Iterator[Alone]:
    """List what a deployment that puts drift back leaves to another environment, which has it by now."""
    if deployment.heals:
        declared = {manifest.ref for manifest in wanted.objects}
        yield from shared.gone(tools.operator, tools.store, deployment.lane, environment, live, declared)


def stays(tools: Tools, deployment: Deployment, wanted: sources.Wanted) -> Mapping[Ref, str]:
    """Give what a deployment that puts drift back lets stay, as the deployment of its release did."""
    if not deployment.heals:
        return {}
    made = shared.deployment_of(tools.store, deployment.lane, deployment.again)
    return shared.stays(tools.store, made, {manifest.ref for manifest in wanted.manifests})


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


def _wishes(tools: Tools, deployment: Deployment, name: str, sha: str) -> shared.Wishes:
    lane = replace(deployment.lane, environment=name)
    if deployment.again:
        return shared.released(tools.store, lane)
    if deployment.kind is Kind.REMOVAL and deployments.is_removed(tools.store, lane):
        return frozenset()  # who was destroyed wants nothing any more, until git brings it back
    try:
        found = sources.environment_at(tools, deployment.lane.repository, sha, name)
        if found is None:
            return frozenset()
        with tempfile.TemporaryDirectory(dir=tools.scratch) as folder:
            rendered, _ = sources.rendered_at(tools, deployment.lane.repository, sha, found, Path(folder))
            kinds = tools.clusters.of(found).kinds
            return {manifest.ref for manifest in limits.check(rendered.manifests, found, kinds)}
    except (InvalidRepositoryFile, CheckoutFailed):
        return frozenset()  # nothing can be deployed from there, so nothing is wanted
    except (DeploymentFailed, NotConfigured):
        return None
    except ForgeRefused:
        if deployment.kind is not Kind.REMOVAL:
            raise
        # A repository that is gone keeps nobody's environment: what was handed over carries its new owner's label.
        return shared.released(tools.store, lane) or frozenset()
