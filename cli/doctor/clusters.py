"""Can each cluster be reached, and may Pushboat do there what its environments need?"""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from cli.configuration import NotSetUp
from cli.known_environments import as_far_as_known
from cli.opening import opened_store
from pushboat.config.operator import Operator
from pushboat.errors import PushboatError
from workers.checks import clusters
from workers.checks.deployed import released
from workers.checks.words import Line


def check_clusters(operator: Operator) -> Iterator[Line]:
    """Check every cluster, and every environment in it that there is."""
    accesses, there = operator.clusters.values(), as_far_as_known(operator)
    with ExitStack() as open_until_the_end:
        try:
            store = open_until_the_end.enter_context(opened_store(operator))
        except (NotSetUp, PushboatError):  # other lines tell of it; what was deployed is not known then
            yield from clusters.check_clusters(accesses, there)
            return
        yield from clusters.check_clusters(accesses, there, partial(released, store))
