"""What the operator's file says to a look that asks for it. Nobody else reads it: that takes as long as all schemas."""

import click

from cli import configuration
from cli.checking.fence import Fence
from cli.output import one_line
from pushboat.config.operator import Operator
from pushboat.config.project import Project
from pushboat.model.wording import near_miss


def fence_of(ctx: click.Context, repository: str) -> Fence:
    """Give what the file has, and what a repository may where one is named.

    Raises:
        ConfigurationError: with every mistake but secrets that are not there.
        UsageError: there is no repository of that name.
    """
    operator = configuration.load_for_reading(ctx)
    return Fence(
        project=_project(operator, repository) if repository else None,
        sources=operator.sources,
        clusters=operator.clusters,
    )


def _project(operator: Operator, repository: str) -> Project:
    spelled = operator.spelled(repository)
    if not spelled:
        hint = near_miss(repository, operator.projects)
        raise click.UsageError(f"pushboat.yaml has no repository {one_line(repository)}; {hint or 'none yet'}")
    return operator.projects[spelled]
