"""Delete one object as it was planned, or say why it stays."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial

from pushboat.errors import ApplyRejected, ClusterRefused, LeaseLost
from workers.cluster.client.connection import Cluster
from workers.cluster.client.refusals import CONFLICT, NOT_FOUND, Answered, ApiAway
from workers.cluster.objects import PART_OF, Object, deleting, fence_of, is_going, labels
from workers.cluster.planning.words import Stale
from workers.cluster.reading.serving import until_served
from workers.manifests.directives.reading import directives_in
from workers.manifests.directives.words import Propagation

ATTEMPTS = 5


class Fate(Enum):
    """What becomes of an object that leaves: it is gone, on its way, or still there."""

    DELETED = auto()
    GOING = auto()
    STAYS = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """One object's end so far; `why` is for what stays, `began` says that its deletion began all the same."""

    stale: Stale
    fate: Fate
    why: str = ""
    began: bool = False


def delete(cluster: Cluster, stale: Stale, part_of: str, fence: int, may_write: Callable[[], None]) -> Deletion:
    """Ask the API server to delete one object.

    A worker that woke up late must not delete what a newer commit needs again, so this is a compare-and-set too.
    """
    kind = cluster.kinds.preferred(stale.ref.group, stale.ref.kind)
    if kind is None:  # its definition is gone, and took it along
        return Deletion(stale=stale, fate=Fate.DELETED)
    path, live = kind.path(stale.ref.namespace, stale.ref.name), stale.live
    for _ in range(ATTEMPTS):
        if is_going(live):
            return Deletion(stale=stale, fate=Fate.GOING, began=True)
        may_write()
        try:
            ask = partial(cluster.request, "DELETE", path, body=deleting(live, _propagation(live)))
            answer = until_served(cluster, kind, ask, may_write).data
        except (ApplyRejected, ClusterRefused, ApiAway) as refused:
            found = _after_refusal(cluster, stale, path, refused, part_of)
            if isinstance(found, Deletion):
                return found
            if fence_of(found) > max(fence, fence_of(live)):
                raise LeaseLost(f"another worker has taken over {stale.ref}") from refused
            live = found
        else:
            return Deletion(stale=stale, fate=Fate.GOING if "metadata" in answer and is_going(answer) else Fate.DELETED)
    return Deletion(stale=stale, fate=Fate.STAYS, why="somebody else keeps changing it")


def _after_refusal(
    cluster: Cluster, stale: Stale, path: str, refused: ApplyRejected | ClusterRefused | ApiAway, part_of: str
) -> Deletion | Object:
    """Give the end that a refusal means, or the object as it stands now, where it was only written meanwhile."""
    code = refused.code if isinstance(refused, Answered) else 0
    if code not in (NOT_FOUND, CONFLICT):
        if isinstance(refused, ApiAway):
            raise refused
        return Deletion(stale=stale, fate=Fate.STAYS, why=refused.summary)
    now = cluster.find(path) if code == CONFLICT else None
    if now is None:
        return Deletion(stale=stale, fate=Fate.DELETED)
    return _others(stale, now, part_of) or now


def _others(stale: Stale, now: Object, part_of: str) -> Deletion | None:
    if now["metadata"]["uid"] != stale.live["metadata"]["uid"]:
        return Deletion(stale=stale, fate=Fate.STAYS, why="it was created anew by somebody else")
    if labels(now).get(PART_OF) == part_of:
        return None
    return Deletion(stale=stale, fate=Fate.STAYS, why="it belongs to somebody else now")


def _propagation(live: Object) -> str:
    return (directives_in(live).propagation or Propagation.BACKGROUND).value
