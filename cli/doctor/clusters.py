"""Can each cluster be reached, and may Pushboat do there what its environments need?"""

from collections.abc import Iterator

from cli.there import as_far_as_known
from pushboat.config.operator import Operator
from workers.checks import clusters
from workers.checks.words import Line


def check_clusters(operator: Operator) -> Iterator[Line]:
    """Check every cluster, and every environment in it that there is."""
    yield from clusters.check_clusters(operator.clusters.values(), as_far_as_known(operator))
