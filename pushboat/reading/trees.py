"""A deployment's or an environment's objects as a tree: each with its ReplicaSets and pods, as a worker saw them last.

Nobody asks a cluster for a page. So each object says when it was seen, and by which deployment's wait.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pushboat import later_words
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.health import Health
from pushboat.model.observed import Observed, worst_first
from pushboat.store import observations
from pushboat.store.database.engine import Store
from pushboat.store.observations import Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """An object with what it owns; `pods_of` is the earlier deployment that saw its pods, where the newest did not."""

    object: Observed
    pods_of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Roots, those first that are not well; which deployment saw them, and when it looked last."""

    roots: Sequence[Root]
    deployment: int
    at: float

    @property
    def sentence(self) -> str:
        """Count the objects by their health, the worst first."""
        numbers = Counter(each.object.health for each in self.roots)
        strange = [health for health in numbers if not later_words.is_known(health)]
        return ", ".join(f"{numbers[health]} {health}" for health in (*strange, *reversed(Health)) if numbers[health])


def of_deployment(store: Store, deployment: Deployment) -> Tree | None:
    """Give what a deployment's own wait saw; None where it waited for nothing."""
    seen = observations.find(store, deployment.same_as or deployment.id)
    return _tree(seen, ()) if seen and seen.objects else None


def of_environment(store: Store, lane: Lane) -> Tree | None:
    """Give what was seen last in an environment; pods that nobody looked at since are told as they were seen before."""
    seen = observations.of_lane(store, lane)
    return _tree(seen[0], seen[1:]) if seen and seen[0].objects else None


def _tree(newest: Observation, earlier: Sequence[Observation]) -> Tree:
    roots = tuple(_root(each, earlier) for each in worst_first(newest.objects))
    return Tree(roots=roots, deployment=newest.deployment, at=newest.at)


def _root(one: Observed, earlier: Sequence[Observation]) -> Root:
    """Take an object's pods from when they were seen; of one that is not well only today's count."""
    if one.dependents or not one.is_well:
        return Root(object=one)
    for before in earlier:
        for then in before.objects:
            if then.ref == one.ref:
                if not then.dependents:
                    break
                found = replace(one, dependents=then.dependents, more=then.more)
                return Root(object=found, pods_of=before.deployment) if then.is_well else Root(object=one)
    return Root(object=one)
