"""Delete what left the repository, and only then narrow the inventory; a member that refuses to go stays in it."""

from workers.cluster.pruning.pruning import Pruned, prune

__all__ = ["Pruned", "prune"]
