"""What the last commit of a branch left as it is, kept in memory: of the next one only the difference is looked at.

Two thousand environments need not be compared path by path where two trees differ in one folder. All that the
comparison rested on is held against what it is now: the operator's file, the environments, how each cluster is reached.
What is not equal, or was not compared before, is compared the long way; a process that has just begun recalls nothing.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from pushboat.config.environment import Environment
from pushboat.config.operator import Operator
from pushboat.model.footprint import Stand
from pushboat.recent import Recent

MOST = 32
"""Branches that are kept, those that were pushed to last; two thousand environments take some two megabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """The environments that a commit left as they are, by the deployments that stand there; its `tree`, and what else
    was compared. `around` says of each cluster what decides for all of its environments."""

    operator: Operator
    around: Mapping[str, str]
    environments: Mapping[str, Environment]
    tree: str
    stands: Mapping[int, Stand]

    def sure(
        self, environments: Mapping[str, Environment], around: Callable[[str], str], changed: Collection[str]
    ) -> frozenset[int]:
        """Name those that another commit leaves as they are too, where `changed` are all paths that differ."""
        if any(around(cluster) != said for cluster, said in self.around.items()):
            return frozenset()
        paths = frozenset(changed)
        return frozenset(
            number
            for number, each in self.stands.items()
            if environments.get(each.environment) is self.environments[each.environment]
            and paths.isdisjoint(each.footprint.roots)
        )


class Memory:
    """What was left as it is, by repository and ref."""

    def __init__(self) -> None:
        self._kept: Recent[tuple[str, str], Recalled] = Recent(MOST)

    def find(self, operator: Operator, repository: str, ref: str) -> Recalled | None:
        """Give what is recalled of a branch, by the operator's file as it is."""
        found = self._kept.find([(repository, ref)]).get((repository, ref))
        return found if found and found.operator is operator else None

    def keep(self, repository: str, ref: str, recalled: Recalled) -> None:
        """Keep it in place of what was recalled before."""
        self._kept.keep({(repository, ref): recalled})
