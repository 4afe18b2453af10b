"""Kinds of an inventory that the cluster does not serve: gone with their objects, or only out of reach for now?"""

from pushboat.errors import ApplyRejected, ClusterRefused, ClusterUnavailable
from workers.cluster.client.connection import Cluster
from workers.cluster.inventory import Inventory

API_SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices"


def refuse_unreachable(cluster: Cluster, inventory: Inventory) -> tuple[str, ...]:
    """Name the kinds that are not served any more; nobody has objects of those.

    Raises:
        ClusterUnavailable: an API that should serve one does not answer; what is behind it cannot be deleted now.
    """
    unserved = sorted(text for text in inventory.kinds if cluster.kinds.named(text) is None)
    if not unserved:
        return ()
    away = _away(cluster)
    for text in unserved:
        group = text.partition(".")[2]
        if group in away:
            raise ClusterUnavailable(
                f"the API of {text} does not answer, and objects of it may be behind: {away[group]}"
            )
    return tuple(unserved)


def _away(cluster: Cluster) -> dict[str, str]:
    """Name the groups whose server does not answer; an account that may not ask takes what is not served for gone."""
    try:
        services = cluster.request("GET", API_SERVICES).data.get("items") or ()
    except (ApplyRejected, ClusterRefused):
        return {}
    return {
        each["spec"].get("group", ""): str(condition.get("message") or condition.get("reason") or "it is away")
        for each in services
        for condition in (each.get("status") or {}).get("conditions") or ()
        if (condition.get("type"), condition.get("status")) == ("Available", "False")
    }
