"""Is every environment compared with what was deployed there, and as it was? What the timer found, not looked anew."""

from collections.abc import Iterator

from cli.configuration import NotSetUp
from cli.doctor.report import Line, passed, skipped, unknown, warned
from cli.opening import opened_store
from pushboat.config.operator import Operator
from pushboat.errors import PushboatError
from pushboat.reading.drifted import Known
from pushboat.reading.environments import Overview, overview


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
    yield from (_line(one) for one in known if one.runs and one.repository in operator.projects)


def _line(one: Overview) -> Line:
    check, ask = f"{one.repository} {one.environment} drift", f"pushboat drift {one.repository} {one.environment}"
    if one.drift.known is Known.DRIFTED:
        return warned(check, one.drift.sentence.removeprefix("drift: "), ask)
    if one.drift.known is Known.NONE:
        return passed(check, "as it was deployed")
    return unknown(check, one.drift.why, ask) if one.drift.loud else skipped(check, one.drift.why)
