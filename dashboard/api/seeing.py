"""What somebody may see, by how far their token reaches. What they may not is for them as if it were not there."""

from dataclasses import replace

from pushboat.config.operator import Operator
from pushboat.events import EventKind
from pushboat.model.api_token import Reach
from pushboat.model.delivery import DeliveryRow
from pushboat.reading.lists import Query

WHOLE_REPOSITORY = (
    "this token is for one environment, and a delivery is a whole repository's; "
    "`pushboat token create` without --environment makes one that reads deliveries"
)


def covers(operator: Operator, reach: Reach, repository: str, environment: str) -> bool:
    """Say whether an environment is within reach; names are compared as the forge compares them."""
    return reach.environment in ("", environment) and _is_in(operator, reach, repository)


def tells(operator: Operator, reach: Reach, row: DeliveryRow) -> bool:
    """Say whether a delivery is; of one environment's those that ask for something there, and for nothing else."""
    if not reach.environment:
        return _is_in(operator, reach, row.repository)
    asks_here = row.event.kind is EventKind.ASK and bool(row.asks)
    return (
        asks_here
        and all(each.environment == reach.environment for each in row.asks)
        and _is_in(operator, reach, row.repository)
    )


def narrowed(operator: Operator, reach: Reach, query: Query) -> Query | None:
    """Narrow a list to what is within reach; None where that leaves nothing."""
    if query.repository and not _is_in(operator, reach, query.repository):
        return None
    if reach.environment and query.environment not in ("", reach.environment):
        return None
    environment = reach.environment or query.environment
    return replace(query, repository=reach.repository or query.repository, environment=environment)


def _is_in(operator: Operator, reach: Reach, repository: str) -> bool:
    return not reach.repository or bool(operator.alike(reach.repository, [repository]))
