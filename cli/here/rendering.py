"""What an environment would be by the files of a work tree: rendered as a deployment renders it, kept nowhere."""

import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

import click

from cli.checking.looking import file_of
from cli.checking.snapshot import Snapshot, has_commit
from cli.output import one_line
from pushboat.config import environment as environments
from pushboat.config.environment import Environment
from pushboat.config.operator import Limits, Operator
from pushboat.config.repository import FILE_NAME
from pushboat.errors import CheckoutFailed, DeploymentFailed, InvalidRepositoryFile
from pushboat.forges.protocol import Client
from pushboat.model.deployment import Lane
from pushboat.model.wording import near_miss
from pushboat.sealing import Key
from pushboat.store.database.engine import Store
from workers.cluster.client.connection import Cluster
from workers.deploying import screening
from workers.deploying.capabilities import capabilities_of
from workers.deploying.held import held, with_the_rest
from workers.deploying.keyed import opening_of
from workers.deploying.screening import Screen, unscreened
from workers.deploying.shared import Wishes
from workers.deploying.sources import Wanted, from_outside, ours
from workers.manifests.words import Unread
from workers.naming import client_that_keeps_nothing
from workers.render import choosing
from workers.render.choosing import Rendered
from workers.render.referring import referring
from workers.review import limits
from workers.source import checkout
from workers.source.closure import Closure
from workers.source.outside.words import Bring
from workers.source.planted import Plant
from workers.source.unrendered import Unrendered, unrendered
from workers.tools import Clients


@dataclass(frozen=True, kw_only=True)
class Files:
    """The files of a work tree, and for whom they are: one environment of a repository, with its open cluster."""

    operator: Operator
    store: Store
    lane: Lane
    limits: Limits
    made: Snapshot
    cluster: Cluster
    scratch: Path
    key: str = field(repr=False)

    @cached_property
    def environments(self) -> Mapping[str, Environment]:
        """Give the environments that the files name, inside of what the operator allows.

        Raises:
            InvalidRepositoryFile: with every mistake.
        """
        return environments.effective(self.operator.projects[self.lane.repository], file_of(self.made))

    def environment(self) -> Environment:
        """Give the one that is asked for.

        Raises:
            UsageError: the files have none of its name.
        """
        found = self.environments.get(self.lane.environment)
        if found is None:
            hint = near_miss(self.lane.environment, self.environments)
            raise click.UsageError(
                f"{FILE_NAME} of {self.made.top} has no environment {one_line(self.lane.environment)}; "
                f"{hint or 'none yet'}"
            )
        return found

    def wanted(self) -> Wanted:
        """Render it, and hold what comes of it against the operator's limits.

        Raises:
            DeploymentFailed: a push of these files would be refused for it.
        """
        environment = self.environment()
        policy = screening.policy_of(self.operator, self.lane)
        commits = screening.Commits(self._objects_at, self._unrendered)
        screen = partial(screening.screen_files, self.store, self.lane, policy, commits)
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

    @cached_property
    def _clients(self) -> Clients:
        return Clients(self.operator, partial(client_that_keeps_nothing, self.operator, self.store))

    def _objects_at(self, sha: str, places: Collection[str]) -> Mapping[str, str]:
        """Ask for a commit that the work tree's repository may have; where it does not, nobody else is asked."""
        if not has_commit(self.made, sha):
            raise CheckoutFailed(f"{self.made.top} does not have {sha[:7]}")
        return checkout.objects_at(self.made.caches, self.made.remote, sha, places)

    def _unrendered(self, before: str, found: Closure) -> Unrendered:
        """Compare with a commit that the work tree's repository may have; else the folder alone is looked through."""
        known = before if before and has_commit(self.made, before) else ""
        return unrendered(self.made.caches, self.made.remote, self.made.sha, known, found)

    def _rendered(self, environment: Environment, screen: Screen = unscreened) -> Rendered:
        made, repository = self.made, self.lane.repository
        beside = environment.helm.files_beside(environment.path)
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            found = checkout.gathered(
                made.caches,
                made.remote,
                str(made.top),
                made.sha,
                environment.path,
                referring(environment),
                beside,
            )
            judge = screen(found)
            out = checkout.write(made.caches, made.remote, made.sha, found, Path(folder))
            said = judge(out)
            supply = supplied(self.operator, self._clients.of, self.scratch, out.root)
            opening = opening_of(self.operator, Key(self.key), repository, environment.name)
            knows = partial(capabilities_of, self.cluster)
            rendered = choosing.render(out, environment, repository, knows, *supply, opening)
            return replace(rendered, notes=(*said.notes, *rendered.notes))


def supplied(operator: Operator, clients: Callable[[str], Client], scratch: Path, root: Path) -> tuple[Bring, Plant]:
    """Bring what a checkout's lock file pins into a folder of this look: the server's own are not ours to fill."""
    apart = replace(operator, state=scratch)
    return from_outside(apart, root, partial(ours, apart, clients))
