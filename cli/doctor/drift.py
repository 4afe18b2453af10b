"""Is every environment compared with what was deployed there, and as it was? What the timer found, not looked anew."""

from collections.abc import Iterator

from cli.configuration import NotSetUp
from cli.opening import opened_store
from pushboat.config.operator import Operator
from pushboat.errors import PushboatError
from pushboat.reading.environments import overview
from workers.checks.standing import of_drift
from workers.checks.words import Line, skipped


def check_drift(operator: Operator) -> Iterator[Line]:
    """Say of each environment where something runs what is known of its drift."""
    if not operator.drift_every:
        yield skipped("drift", "environments are compared only when somebody asks: drift.every is 0")
        return
    try:
        with opened_store(operator) as store:
            known = overview(store, operator)
    except (PushboatError, NotSetUp):
        return  # the line about the store says it
    yield from of_drift(one for one in known if one.repository in operator.projects)
