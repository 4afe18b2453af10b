"""What a cluster, or a commit of a render, still says of an environment whose store is lost."""

from dataclasses import dataclass

from pushboat.model.deployment import Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Remnant:
    """What an inventory (`Secret/shop-staging/pushboat-…`) in a cluster says: which commit of which ref was brought
    last (empty: an early inventory does not say), by which deployment (0: none got through), and the highest fence that
    stands there. `objects` counts its members. Without a `cluster` it was found in the ref that `inventory` names.
    """

    lane: Lane
    cluster: str
    inventory: str
    sha: str
    ref: str = ""
    deployment: int = 0
    fence: int = 0
    objects: int = 0
