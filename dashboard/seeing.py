"""What somebody may see, by how far they reach. What they may not is for them as if it were not there."""

from collections.abc import Callable
from dataclasses import replace

from flask import g, request

from pushboat.config.operator import Operator
from pushboat.events import EventKind
from pushboat.model.delivery import DeliveryRow
from pushboat.model.reach import EVERYTHING, Reach
from pushboat.reading.environments import Overview
from pushboat.reading.lists import Query
from pushboat.store.database.engine import Store
from webhook import bearers
from webhook.tries import household

REACH = "reach"
"""Where a door that lets somebody in says how far they see."""
VISITOR = "visitor"
"""Where it says who they are."""
LASTING = "lasting"
"""Where it says what tells later whether it still would."""
ADMINISTERS = "administers"
"""Where it says that they administer all of Pushboat, by the operator's own list."""
WHOLE_REPOSITORY = (
    "this token is for one environment, and a delivery is a whole repository's; "
    "`pushboat token create` without --environment makes one that reads deliveries"
)


def reach() -> Reach:
    """Say how far this request's sender sees; where nobody needs to say who they are, they see everything."""
    found: Reach | None = g.get(REACH)
    return bearers.reach() if found is None else found


def lasting(store: Store) -> Callable[[], bool]:
    """Give what says, later and without this request, whether its sender would still be let in."""
    found: Callable[[], bool] | None = g.get(LASTING)
    return found or bearers.lasting(store)


def visitor() -> str:
    """Name this request's sender: the person, the token or job, else whoever has the address."""
    holder = bearers.holder()
    named: str = g.get(VISITOR) or (holder.who if holder else "")
    return named or f"at {household(request.remote_addr or '')}"


def administers() -> bool:
    """Say whether this request's sender signed in as who administers Pushboat; no token does."""
    return bool(g.get(ADMINISTERS, False))


def narrow() -> bool:
    """Say whether this request's sender sees less than everything."""
    return reach() != EVERYTHING


def you_may_see(what: str) -> str:
    """Say that there is nothing of this name, whether there is one that they may not see or none at all."""
    return f"there is no {what} that {'this token' if bearers.holder() else 'you'} may see"


def sees(operator: Operator, reach: Reach) -> Callable[[str], bool]:
    """Give what says whether a repository is within reach; names are compared as the forge compares them."""
    if reach.repositories is None:
        return lambda repository: reach.forge in ("", repository.partition("/")[0])
    within = {operator.canonical(each) for each in reach.repositories}
    return lambda repository: operator.canonical(repository) in within


def covers(operator: Operator, reach: Reach, repository: str, environment: str) -> bool:
    """Say whether an environment is within reach."""
    return reach.environment in ("", environment) and sees(operator, reach)(repository)


def tells(operator: Operator, reach: Reach, row: DeliveryRow) -> bool:
    """Say whether a delivery is; of one environment's those that ask for something there, and for nothing else."""
    within = reach.forge == row.forge if reach.forge else sees(operator, reach)(row.repository)
    if not reach.environment:
        return within
    asks_here = row.event.kind is EventKind.ASK and bool(row.asks)
    return asks_here and all(each.environment == reach.environment for each in row.asks) and within


def narrowed(operator: Operator, reach: Reach, query: Query) -> Query | None:
    """Narrow a list to what is within reach; None where that leaves nothing."""
    if query.repository and not sees(operator, reach)(query.repository):
        return None
    if reach.environment and query.environment not in ("", reach.environment):
        return None
    if reach.forge and query.forge not in ("", reach.forge):
        return None
    return replace(
        query,
        within=reach.repositories,
        environment=reach.environment or query.environment,
        forge=reach.forge or query.forge,
    )


def visible(operator: Operator, rows: list[Overview]) -> list[Overview]:
    """Leave out the environments that this request's sender does not see."""
    mine = reach()
    within = sees(operator, mine)
    return [each for each in rows if within(each.repository) and mine.environment in ("", each.environment)]


def with_logs(operator: Operator) -> bool:
    """Say whether this request's sender may read what containers said: who showed a token or signed in may."""
    return bearers.holder() is not None or g.get(REACH) is not None or operator.pages.with_logs
