"""Delete what we made when the lane was another worker's already: what a frozen worker had in its hands.

It is no longer ours to write, so no lease guards these requests; what guards them is that nobody has taken it up.
"""

from workers.cluster.client.connection import Cluster
from workers.cluster.client.lines import nothing_to_ask
from workers.cluster.client.refusals import CONFLICT, ApiAway
from workers.cluster.objects import Object, deleting


def take_back(cluster: Cluster, path: str, made: Object, propagation: str = "Background") -> bool:
    """Delete an object that we made; False where another one has written it since, and it stays."""
    ours = cluster.guarded_by(nothing_to_ask)
    now: Object | None = made
    while now is not None and _is_as_made(now, made):
        try:
            ours.request("DELETE", path, body=deleting(now, propagation))
        except ApiAway as away:
            if away.code != CONFLICT:
                raise
            now = ours.find(path)
        else:
            return True
    return now is None


def _is_as_made(now: Object, made: Object) -> bool:
    """Say whether nobody but a controller, which writes the status, has touched an object since it was made."""
    spoken = [{**each["metadata"], "resourceVersion": "", "managedFields": ""} for each in (now, made)]
    return bool(spoken[0] == spoken[1])
