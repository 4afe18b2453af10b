"""What a 404 says of a row that is not there: it never was, or it is gone, and how long such are kept."""

from pushboat.config.retention import Retention
from pushboat.model.state import Kind
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import Store
from pushboat.store.retention import IDS_KEPT

DAY = 24 * 3600


def of_deployment(store: Store, retention: Retention, number: int, what: str = "deployment") -> str:
    """Explain why there is no deployment, or plan, of this number."""
    newest = deployments.listed(store, kinds=tuple(Kind), limit=1)
    if not newest or number > newest[0].id or deployments.find(store, number) is not None:
        return f"there is no {what} {number}"
    return f"{what} {number} is gone: {what}s are kept for {_span(retention.deployments)} (retention in pushboat.yaml)"


def of_delivery(store: Store, retention: Retention, number: int) -> str:
    """Explain why there is no delivery of this number."""
    newest = deliveries.listed(store, limit=1)
    if not newest or number > newest[0].id:
        return f"there is no delivery {number}"
    kept = _span(max(IDS_KEPT, retention.deliveries))
    return f"delivery {number} is gone: even the ids of deliveries are kept for {kept} only"


def _span(seconds: float) -> str:
    days = seconds / DAY
    return f"{days:.0f} days" if days >= 2 else f"{seconds / 3600:.0f} hours"
