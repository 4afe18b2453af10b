"""What held an environment under an earlier name holds it under its new one, from the first start with that.

What is pinned, paused or locked is a person's word about what runs there; the operator's `formerly`, or the forge's own
id of a renamed repository, says that it is the same.
"""

import logging
from collections.abc import Iterator

from pushboat.config.operator import Operator
from pushboat.model.hold import Scope
from pushboat.store import holds, repositories
from pushboat.store.database.engine import Store

logger = logging.getLogger(__name__)


def inherit_holds(operator: Operator, store: Store) -> None:
    """Let holds of earlier names go on under today's."""
    for project in operator.projects.values():
        former = tuple(_former_repositories(operator, store, project.repository))
        held = {hold.scope.environment for each in former for hold in holds.listed(store, each)}
        for name, limits in project.environments.known(held - {""}).items():
            now = Scope(repository=project.repository, environment=name)
            for was in (
                *_said(project.repository, limits.formerly),
                *(Scope(repository=r, environment=name) for r in former),
            ):
                for hold in holds.inherit(store, was, now):
                    logger.info("%s holds %s now, which was %s", hold.kind, now, was)


def _said(repository: str, formerly: tuple[str, ...]) -> Iterator[Scope]:
    for text in formerly:
        other, _, environment = text.rpartition(":")
        yield Scope(repository=other or repository, environment=environment)


def _former_repositories(operator: Operator, store: Store, repository: str) -> Iterator[str]:
    """Name what the forge called this very repository before, unless somebody else has that name now."""
    holder = repositories.holder(store, operator.canonical(repository))
    known = repositories.names_of(store, holder.forge, holder.id) if holder and holder.id else []
    yield from (each.name for each in known if not operator.spelled(each.name))
