"""What charts may know of the cluster that they are deployed to: asked anew for each, since a kind may have come."""

import re

from workers.cluster.client.connection import Cluster
from workers.render.helm.capabilities import Capabilities

_VERSION = re.compile(r"v?\d+\.\d+[\w.+-]*")


def capabilities_of(cluster: Cluster) -> Capabilities:
    """Ask a cluster for its version and for all that it serves.

    Raises:
        ClusterUnavailable, ClusterRefused: as any request.
    """
    kinds = cluster.kinds
    kinds.refresh()
    version = str(cluster.request("GET", "/version").data.get("gitVersion", ""))
    if not _VERSION.fullmatch(version):
        return Capabilities(apis=kinds.served())
    return Capabilities(version=version, apis=kinds.served(), known=True)
