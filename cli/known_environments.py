"""The environments that there are, for commands that ask clusters and forges and need no store for anything else."""

from collections.abc import Mapping

from cli.configuration import NotSetUp
from cli.opening import opened_store
from pushboat.config.operator import Limits, Operator
from pushboat.errors import PushboatError
from pushboat.reading import known


def everywhere(operator: Operator) -> Mapping[str, Mapping[str, Limits]]:
    """Give those of every repository; where nothing has run yet, those that the file lists.

    Raises:
        StoreDamaged, StoreUnavailable: a pattern's are not known without it.
    """
    listed = {name: project.environments.listed for name, project in operator.projects.items()}
    if not any(project.environments.patterns for project in operator.projects.values()):
        return listed
    try:
        with opened_store(operator) as store:
            return known.everywhere(store, operator)
    except NotSetUp:
        return listed


def as_far_as_known(operator: Operator) -> Mapping[str, Mapping[str, Limits]]:
    """Give those that the file lists where the store does not answer: the doctor says of it what is wrong with it."""
    try:
        return everywhere(operator)
    except PushboatError:
        return {name: project.environments.listed for name, project in operator.projects.items()}
