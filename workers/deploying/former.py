"""Earlier names of a repository and its environment, under which what runs may have been deployed.

The operator says them; a repository that was renamed at its forge needs no word, for the forge's own id says who it is.
"""

from dataclasses import replace

from pushboat.config.environment import Environment
from pushboat.config.operator import Operator
from pushboat.errors import ClusterUnavailable
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.state import Kind, State
from pushboat.store import repositories, routing_jobs
from pushboat.store.database.engine import Store
from workers.cluster.inventory import Inventory
from workers.tools import Tools, split


def with_former_names(operator: Operator, store: Store, repository: str, environment: Environment) -> Environment:
    """Add the names that the forge knows this very repository by, unless somebody else has them now."""
    forge = split(repository)[0]
    holder = repositories.holder(store, operator.canonical(repository))
    names = repositories.names_of(store, forge, holder.id) if holder and holder.id else []
    former = [each.name for each in names if not operator.spelled(each.name)]
    return replace(environment, formerly=(*environment.formerly, *(f"{name}:{environment.name}" for name in former)))


def let_the_former_end(tools: Tools, deployment: Deployment, known: Inventory) -> None:
    """Refuse to take an inventory from whoever is still at work with it.

    Raises:
        ClusterUnavailable: a deployment under the earlier name still runs; it is tried again.
    """
    if known.was is None or deployment.kind is Kind.PLAN:
        return
    lane = Lane(repository=known.was.repository, environment=known.was.environment)
    running = [each for each in routing_jobs.unfinished(tools.store, lane) if each.state is State.RUNNING]
    if running and lane != deployment.lane:
        raise ClusterUnavailable(f"deployment {running[0].id} to {known.was} still runs, and has the inventory")
