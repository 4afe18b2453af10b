"""What is ours in the cluster: an ApplySet parent, a Secret that says whose it is and where to look for its members.

It is widened before an apply and narrowed after a prune, so that at no moment an object of ours is outside of it.
`kubectl` knows the same format (KEP-3659). The members themselves are found by their label; see reading/live.py.
"""

from workers.cluster.inventory.finding import every, locate, owned, read
from workers.cluster.inventory.recording import covering, covers, erase, narrow, widen
from workers.cluster.inventory.words import (
    ID,
    Inventory,
    Owner,
    Parent,
    Recorded,
    done,
    emptied,
    formerly,
    owner_of,
    parent_of,
)

__all__ = [
    "ID",
    "Inventory",
    "Owner",
    "Parent",
    "Recorded",
    "covering",
    "covers",
    "done",
    "emptied",
    "erase",
    "every",
    "formerly",
    "locate",
    "narrow",
    "owned",
    "owner_of",
    "parent_of",
    "read",
    "widen",
]
