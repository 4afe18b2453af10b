"""Which deployment took another one's place as what runs."""

from pushboat.model.deployment import Deployment, Lane
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments
from pushboat.store.deployments import SELECTED, got_through, of_lane, read_deployment


def next_through(store: Store, lane: Lane, number: int) -> Deployment | None:
    """Find the first one after this number that got through in a lane."""
    through = SELECTED.where(of_lane(lane), got_through(deployments), deployments.c.id > number)
    with store.reading() as tx:
        row = tx.row(through.order_by(deployments.c.id).limit(1))
    return read_deployment(row) if row else None
