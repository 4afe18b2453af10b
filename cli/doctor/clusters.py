"""Can each cluster be reached, and may Pushboat do there what its environments need?"""

from collections.abc import Iterator, Sequence

from cli.opening import opened_store
from cli.there import as_far_as_known
from pushboat.config.operator import Operator
from pushboat.errors import PushboatError
from pushboat.model.deployment import Lane
from pushboat.model.manifest import Ref
from workers.checks import clusters
from workers.checks.deployed import released
from workers.checks.words import Line


def check_clusters(operator: Operator) -> Iterator[Line]:
    """Check every cluster, and every environment in it that there is."""
    yield from clusters.check_clusters(operator.clusters.values(), as_far_as_known(operator), _released(operator))


def _released(operator: Operator) -> clusters.Released:
    """Look up what was deployed; of a store that does not answer other lines tell."""

    def look(lane: Lane) -> Sequence[Ref]:
        try:
            with opened_store(operator) as store:
                return released(store, lane)
        except PushboatError:
            return ()

    return look
