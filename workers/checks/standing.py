"""What stands in the store about processes and environments, as lines."""

from collections.abc import Iterable, Iterator

from pushboat.config.following import NEEDS_A_RESTART
from pushboat.reading.drifted import Known
from pushboat.reading.environments import Overview
from pushboat.reading.processes import DISPATCHER, Signs
from pushboat.routing.drifting import ends_with_a_deployment
from pushboat.store.processes import held_up_by
from workers.checks.words import Line, failed, passed, skipped, unknown, warned

NEEDED = (DISPATCHER, "worker", "reporter")


def of_processes(found: Signs) -> Iterator[Line]:
    """Say which of the processes live, as far as their last signs tell, and what the dispatcher says of the broker."""
    for name in NEEDED:
        beat = found.beats.get(name)
        if beat is not None and not found.is_stale(beat):
            yield passed(f"process {name}", "alive")
        else:
            yield failed(f"process {name}", "gives no sign of life", "`pushboat doctor` on the server's machine")
    broker = found.broker
    if broker == "ok":
        yield passed("broker", "answers")
    elif broker.startswith("unknown"):
        yield unknown("broker", broker, "look at the dispatcher's log")
    else:
        yield failed("broker", f"the dispatcher says that it is {broker}", "`pushboat doctor` on the server's machine")


def of_configuration(found: Signs) -> Iterator[Line]:
    """Say by which file processes go on although another one is there, and why; each reason once."""
    living = (beat for beat in found.beats.values() if not found.is_stale(beat))
    for why in dict.fromkeys(filter(None, map(held_up_by, living))):
        fix = "restart `pushboat serve`, or every process" if NEEDS_A_RESTART in why else "mend the file"
        yield warned("operator's file", why, fix)


def of_drift(known: Iterable[Overview]) -> Iterator[Line]:
    """Say of each environment where something runs what is known of its drift."""
    yield from (_of_drift(one) for one in known if one.runs)


def of_left_behind(known: Iterable[Overview]) -> Iterator[Line]:
    """Name what still runs and a file names no more."""
    found = [one for one in known if one.left]
    for one in found:
        where, _, ways = one.left.partition(": ")
        yield warned(f"environment {one.environment} of {one.repository}", where, ways)
    if not found:
        yield passed("environments", "all that run are in the files")


def _of_drift(one: Overview) -> Line:
    check, ask = f"{one.repository} {one.environment} drift", f"pushboat drift {one.repository} {one.environment}"
    if one.drift.inspection and ends_with_a_deployment(one.drift.inspection.trouble):  # to ask again finds out nothing
        ask = f"pushboat deploy {one.repository} {one.environment}"
    if one.drift.known is Known.DRIFTED:
        return warned(check, one.drift.sentence.removeprefix("drift: "), ask)
    if one.drift.known is Known.NONE:
        return passed(check, "as it was deployed")
    return unknown(check, one.drift.why, ask) if one.drift.loud else skipped(check, one.drift.why)
