"""Begin to watch before anything is written, and say by which label a wait knows its own objects."""

from collections.abc import Mapping, Sequence
from typing import Any

from pushboat.model.manifest import Manifest
from workers.cluster.client.connection import Cluster
from workers.cluster.objects import PART_OF
from workers.cluster.waiting.fleeting import is_fleeting
from workers.cluster.waiting.looking import questions
from workers.cluster.waiting.watches import Watches


def followed(
    cluster: Cluster, manifests: Sequence[Manifest], part_of: str, secrets: Sequence[Mapping[str, Any]] = ()
) -> Watches:
    """Begin to watch what may be gone before anybody waits for it: Jobs that remove themselves. To be called before
    they are written; the rest is watched from the wait on. What `secrets` hold is told by no wait."""
    watches = Watches(cluster, secrets)
    fleeting = [each for each in manifests if is_fleeting(each)]
    watches.foresee(questions(cluster.kinds, fleeting, of_inventory(part_of)))
    return watches


def of_inventory(part_of: str) -> str:
    """Select the objects of one inventory, by its id."""
    return f"{PART_OF}={part_of}"
