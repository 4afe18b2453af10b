"""What an environment would be by the files of a tree: rendered as a deployment renders it, kept nowhere."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from pushboat.config import environment as environments
from pushboat.config.environment import Environment
from pushboat.config.operator import Operator
from pushboat.config.repository import FILE_NAME
from pushboat.errors import DeploymentFailed, InvalidRepositoryFile
from pushboat.forges.protocol import Client
from pushboat.model.deployment import Lane
from pushboat.model.wording import near_miss, printable
from workers.cluster.client.connection import Cluster
from workers.deploying import screening
from workers.deploying.bringing import from_outside, ours
from workers.deploying.capabilities import capabilities_of
from workers.deploying.held import held, with_the_rest
from workers.deploying.keyed import opening_of
from workers.deploying.screening import Screen, unscreened
from workers.deploying.shared import Wishes
from workers.deploying.sources import Wanted
from workers.manifests.words import Unread
from workers.questions.trees import Tree
from workers.questions.words import Unclear
from workers.render import choosing
from workers.render.choosing import Rendered
from workers.render.referring import referring
from workers.review import limits
from workers.source import checkout
from workers.source.outside.words import Bring
from workers.source.own_file import file_at
from workers.source.planted import Plant
from workers.tools import Tools


@dataclass(frozen=True, kw_only=True)
class Files:
    """The files of a tree, and for whom they are: one environment of a repository, with its open cluster."""

    tools: Tools
    lane: Lane
    tree: Tree
    cluster: Cluster
    scratch: Path

    @cached_property
    def environments(self) -> Mapping[str, Environment]:
        """Give the environments that the files name, inside of what the operator allows.

        Raises:
            InvalidRepositoryFile: with every mistake.
        """
        tree = self.tree
        file = file_at(tree.caches, tree.remote, tree.sha, tree.name)
        return environments.effective(self.tools.project(self.lane.repository), file)

    def environment(self) -> Environment:
        """Give the one that is asked for.

        Raises:
            Unclear: the files have none of its name.
        """
        found = self.environments.get(self.lane.environment)
        if found is None:
            hint = near_miss(self.lane.environment, self.environments)
            raise Unclear(
                f"{FILE_NAME} of {self.tree.name} has no environment {printable(self.lane.environment)}; "
                f"{hint or 'none yet'}"
            )
        return found

    def wanted(self) -> Wanted:
        """Render it, and hold what comes of it against the operator's limits.

        Raises:
            DeploymentFailed: a push of these files would be refused for it.
        """
        environment = self.environment()
        policy = screening.policy_of(self.tools.operator, self.lane)
        screen = partial(screening.screen_files, self.tools.store, self.lane, policy, self.tree.commits)
        try:
            made = self._rendered(environment, screen)
        except Unread as partly:
            raise with_the_rest(lambda: self.cluster, environment, partly) from partly
        objects, said = held(self.cluster, environment, made.manifests)
        return Wanted(
            environment=environment,
            manifests=made.manifests,
            origin=f"{environment.path} ({made.engine})",
            directed=objects,
            notes=(*screening.screen_secrets(policy, made), *made.notes, *said),
        )

    def wishes_of(self, name: str) -> Wishes:
        """Say what another environment would have by these files, which move objects perhaps."""
        try:
            other = self.environments.get(name)
            if other is None:
                return frozenset()
            found = limits.check(self._rendered(other).manifests, other, self.cluster.kinds)
        except InvalidRepositoryFile:
            return frozenset()
        except DeploymentFailed:
            return None
        return {each.ref for each in found}

    def _rendered(self, environment: Environment, screen: Screen = unscreened) -> Rendered:
        tree, tools, repository = self.tree, self.tools, self.lane.repository
        cached = (tree.caches, tree.remote)
        beside = environment.helm.files_beside(environment.path)
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            found = checkout.gathered(*cached, tree.name, tree.sha, environment.path, referring(environment), beside)
            judge = screen(found)
            out = checkout.write(*cached, tree.sha, found, Path(folder))
            said = judge(out)
            supply = supplied(tools.operator, tools.clients, tree.state, out.root)
            opening = opening_of(tools.operator, tools.key, repository, environment.name)
            knows = partial(capabilities_of, self.cluster)
            rendered = choosing.render(out, environment, repository, knows, *supply, opening)
            return replace(rendered, notes=(*said.notes, *rendered.notes))


def supplied(operator: Operator, clients: Callable[[str], Client], state: Path, root: Path) -> tuple[Bring, Plant]:
    """Bring what a checkout's lock file pins into a folder that is ours to fill."""
    apart = replace(operator, state=state)
    return from_outside(apart, root, partial(ours, apart, clients))
