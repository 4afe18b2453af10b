"""Look up what the warnings of a plan need to know of the cluster, and ask each rule: for what changes, and no more."""

from collections.abc import Mapping, Sequence

from pushboat.model.changeset import PlanWarning
from pushboat.model.manifest import Ref
from workers.cluster.client.connection import Cluster
from workers.cluster.planning.warnings import warned
from workers.cluster.planning.warnings.disruption import concerned
from workers.cluster.planning.warnings.services import selector, undecided
from workers.cluster.planning.warnings.words import Prospect, Prospects
from workers.cluster.reading.pods import read_budgets, read_pods


def foresee(cluster: Cluster, objects: Sequence[Prospect]) -> Mapping[Ref, tuple[PlanWarning, ...]]:
    """Find what to warn of; a plan that changes nothing asks the cluster nothing."""
    alone = Prospects(objects=tuple(objects))
    open_ = undecided(alone)
    asked = [(each.ref.namespace, _query(each)) for each in open_]
    pods = read_pods(cluster, asked) if asked else ()
    if pods is None:  # whether they lead anywhere cannot be seen, so nothing is said
        objects = [each for each in objects if each not in open_]
    return warned(Prospects(objects=tuple(objects), pods=pods or (), budgets=read_budgets(cluster, concerned(alone))))


def _query(service: Prospect) -> str:
    return ",".join(f"{key}={value}" for key, value in selector(service).items())
