"""From a deployment to manifests: rendered from its commit, or, for a rollback, as they are stored with a release.

A rollback asks neither the forge nor a renderer: it works with the repository gone. The environment is what it was at
that release, inside of what the operator allows today.
"""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pushboat.config.environment import Environment, as_released, place_of
from pushboat.config.repository import FILE_NAME
from pushboat.errors import DeploymentFailed, NotConfigured
from pushboat.model.deployment import Deployment
from pushboat.model.footprint import Footprint
from pushboat.model.manifest import Manifest, Ref
from pushboat.model.release import Render
from pushboat.model.wording import printable
from pushboat.store import plans, releases
from workers.cluster.client.lines import Aside, nothing_to_leave
from workers.deploying import rendered, screening
from workers.deploying.bringing import from_outside, ours
from workers.deploying.capabilities import capabilities_of
from workers.deploying.keyed import opening_of
from workers.deploying.packing import named, pack, unpack
from workers.deploying.screening import Screen, unscreened
from workers.manifests.directives.checking import Directed
from workers.render import choosing
from workers.render.choosing import Rendered
from workers.render.referring import referring
from workers.render.settings import settings_of
from workers.source import checkout
from workers.source.environments import environments_at, fetched, merge_of, remote
from workers.source.git.heads import heads_of
from workers.source.git.merging import at_merge
from workers.tools import Tools


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a deployment is to bring: the manifests, where they come from, and the environment that they are for.

    `directed` are they as they will be applied, with what other tools' annotations say of each; `notes` are sentences
    about the render. `locked` are Secrets of a stored render that another key sealed; `stored` is that render.
    `footprint` is what decided all that, where it was rendered, and `made` that render.
    """

    environment: Environment
    manifests: tuple[Manifest, ...]
    origin: str
    directed: tuple[Directed, ...] = ()
    locked: tuple[Ref, ...] = ()
    stored: Render | None = None
    footprint: Footprint | None = None
    made: Rendered | None = None
    notes: tuple[str, ...] = ()

    @property
    def objects(self) -> tuple[Manifest, ...]:
        """List what stays where it is brought or expected: no hooks."""
        return tuple(each.manifest for each in self.directed if not each.directives.is_hook)

    @property
    def hooks(self) -> frozenset[Ref]:
        """Name the others, which are no leftovers either."""
        return frozenset(each.manifest.ref for each in self.directed if each.directives.is_hook)


class NothingThere(Exception):
    """The merge has no such environment: its base has left it out of its file, or the pull request does."""


def wanted(
    tools: Tools,
    deployment: Deployment,
    folder: Path,
    know: Callable[[Environment], None],
    aside: Aside = nothing_to_leave,
) -> Wanted:
    """Give what a deployment is to bring; what has to be checked out for it goes below `folder`.

    `know` is told the environment before anything is rendered for it, which may fail. A chart's cluster is asked what
    it serves; `aside` is called before a wait for its credentials.

    Raises:
        NothingThere: a plan's merge would not have the environment.
    """
    if deployment.again:
        return _released(tools, deployment)
    if deployment.base:
        return at_merge(
            lambda: _merged(tools, deployment), lambda sha: _at(tools, deployment, sha, folder, know, aside)
        )
    return _at(tools, deployment, deployment.sha, folder, know, aside)


def _at(
    tools: Tools, deployment: Deployment, sha: str, folder: Path, know: Callable[[Environment], None], aside: Aside
) -> Wanted:
    name, environment = deployment.lane.repository, deployment.lane.environment
    found = environment_at(tools, name, sha, environment)
    if found is None and deployment.base:
        raise NothingThere(f"merging leaves {printable(deployment.base, 80)} without environment {environment}")
    if found is None:
        raise DeploymentFailed(f"{FILE_NAME} has no environment {environment} at this commit")
    know(found)
    policy = screening.policy_of(tools.operator, deployment.lane)
    commits = screening.commits_of(tools, name, sha)
    screen = partial(screening.screen_files, tools.store, deployment.lane, policy, commits)
    made, decided = rendered_at(tools, name, sha, found, Path(tempfile.mkdtemp(dir=folder)), aside, screen)
    return Wanted(
        environment=found,
        manifests=made.manifests,
        origin=f"{found.path} ({made.engine})",
        notes=(*screening.screen_secrets(policy, made), *made.notes),
        footprint=decided if made.settled else None,
        made=made,
    )


def remember(tools: Tools, brought: Wanted) -> None:
    """Keep a render that got through: only of one that did not is it asked where each field was written.

    What was made for a cluster is made again: that one may serve something else by then. So is what holds decrypted
    values, whose key may be gone, and what has credentials in its files, which may pass today and not tomorrow.
    """
    made = brought.made
    if made and brought.footprint and not (made.served or made.opened or made.exposed):
        rendered.keep(tools.renders, tools.key, brought.footprint, brought.environment, made)


def to_keep(tools: Tools, brought: Wanted) -> Render:
    """Pack what was brought for its release; a stored one's is stored already."""
    kept = brought.stored or pack(
        [each.manifest for each in brought.directed], brought.environment, tools.key, brought.hooks
    )
    return replace(kept, place=json.dumps(place_of(brought.environment)))


def environment_at(tools: Tools, repository: str, sha: str, name: str) -> Environment | None:
    """Read an environment as a commit defines it; None where the commit does not have it."""
    return environments_at(tools, repository, sha)[0].get(name)


def rendered_at(
    tools: Tools,
    repository: str,
    sha: str,
    environment: Environment,
    folder: Path,
    aside: Aside = nothing_to_leave,
    screen: Screen = unscreened,
) -> tuple[Rendered, Footprint]:
    """Render an environment from any commit, checked out below `folder`, or take what was rendered of the same.

    Beside it stands what decided it. `screen` looks at the files of the commit first, and says what is to be noted.
    """
    caches, source = tools.git_caches, remote(tools, repository)
    beside = environment.helm.files_beside(environment.path)
    found = checkout.gathered(caches, source, repository, sha, environment.path, referring(environment), beside)
    footprint = Footprint(roots=found.roots, settings=settings_of(tools.operator, repository, environment))
    judge = screen(found)
    if known := rendered.find(tools.renders, tools.key, footprint):
        said = judge(None)
        return replace(known, notes=(*said.notes, *known.notes), exposed=not said.clean), footprint
    out = checkout.write(caches, source, sha, found, folder)
    said = judge(out)
    made = choosing.render(
        out,
        environment,
        repository,
        lambda: capabilities_of(tools.clusters.of(environment).beside(aside)),
        *from_outside(tools.operator, out.root, partial(ours, tools.operator, tools.clients)),
        opening_of(tools.operator, tools.key, repository, environment.name),
    )
    made = replace(made, notes=(*said.notes, *made.notes), exposed=not said.clean)
    return made, replace(footprint, served=made.served)


def _merged(tools: Tools, deployment: Deployment) -> str:
    """Give the commit that merging this one into its base would make now."""
    repository, base = deployment.lane.repository, f"refs/heads/{deployment.base}"
    tip = fetched(tools, repository, lambda source: heads_of(tools.scratch, source, [base])).get(base)
    if not tip:
        raise DeploymentFailed(f"branch {printable(deployment.base, 80)} is not there any more: choose another base")
    if deployment.base_sha != tip[0]:
        plans.note_base(tools.store, deployment.id, tip[0])
    return merge_of(tools, repository, tip[0], deployment.sha, deployment.base)


def _released(tools: Tools, deployment: Deployment) -> Wanted:
    lane, number = deployment.lane, deployment.again
    limits = tools.project(lane.repository).environments.get(lane.environment)
    if limits is None:
        raise NotConfigured(
            f"{lane.repository} has no environment {lane.environment} in the operator's file any more: put it back"
        )
    contents, packed = releases.contents(tools.store, lane, number), releases.packed(tools.store, lane, number)
    if contents is None or packed is None:
        raise DeploymentFailed(f"what release {number} was made of is not kept any more: deploy this commit instead")
    found = unpack(packed, tools.key)
    return Wanted(
        environment=as_released(limits, found.said),
        manifests=found.manifests,
        origin=f"release {number}, as it is stored",
        locked=found.locked,
        stored=Render(contents=contents, packed=packed, said=named(found.said)),
    )
