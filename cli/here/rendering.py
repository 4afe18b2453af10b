"""What an environment would be by the files of a work tree: rendered as a deployment renders it, kept nowhere."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

import click

from cli.checking.looking import file_of
from cli.checking.snapshot import Snapshot
from cli.output import one_line
from pushboat.config import environment as environments
from pushboat.config.environment import Environment
from pushboat.config.operator import Limits, Operator
from pushboat.config.repository import FILE_NAME
from pushboat.errors import DeploymentFailed, InvalidRepositoryFile
from pushboat.model.deployment import Lane
from pushboat.model.wording import near_miss
from pushboat.sealing import Key
from pushboat.store.database.engine import Store
from workers.cluster.client.connection import Cluster
from workers.deploying import abiding, schemas
from workers.deploying.capabilities import capabilities_of
from workers.deploying.directing import directed_in
from workers.deploying.keyed import opening_of
from workers.deploying.shared import Wishes
from workers.deploying.sources import Wanted, from_outside, ours
from workers.manifests.directives.expecting import refuse_elsewhere
from workers.naming import client_by_names_of_today
from workers.render import choosing
from workers.render.choosing import Rendered
from workers.render.referring import referring
from workers.review import limits
from workers.source import checkout
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
        made = self._rendered(environment)
        further = abiding.as_well(partial(schemas.surely_wrong, self.cluster), environment)
        checked = limits.check(made.manifests, environment, self.cluster.kinds, further)
        objects = directed_in(checked, environment)
        refuse_elsewhere(objects, environment.namespaces)
        notes = (*made.notes, *abiding.judged(environment, checked))
        origin = f"{environment.path} ({made.engine})"
        return Wanted(environment=environment, manifests=made.manifests, origin=origin, directed=objects, notes=notes)

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
        return Clients(self.operator, partial(client_by_names_of_today, self.operator, self.store))

    def _rendered(self, environment: Environment) -> Rendered:
        made, repository = self.made, self.lane.repository
        beside = environment.helm.files_beside(environment.path)
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            out = checkout.check_out(
                made.caches,
                made.remote,
                str(made.top),
                made.sha,
                environment.path,
                Path(folder),
                referring(environment),
                beside,
            )
            supply = from_outside(self.operator, out.root, partial(ours, self.operator, self._clients.of))
            opening = opening_of(self.operator, Key(self.key), repository, environment.name)
            return choosing.render(
                out, environment, repository, partial(capabilities_of, self.cluster), *supply, opening
            )
