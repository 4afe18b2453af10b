"""What must run: the store, the broker, and the processes, seen by their heartbeats."""

from collections.abc import Iterator

from cli.configuration import NotSetUp
from cli.doctor.keys import check_key
from cli.locking import holder
from cli.opening import opened_store
from cli.readiness import HEARTBEAT_LIVES, NEEDED, dashboard_answers, web_answers
from pushboat.config.operator import Operator
from pushboat.errors import BrokerUnavailable, StoreUnavailable
from pushboat.model.wording import listed
from pushboat.queue.broker import broker_url, ping
from pushboat.reading.processes import Signs, signs
from pushboat.store.database.ownership import elsewhere_owned
from pushboat.store.processes import goes_by
from workers.checks.standing import of_configuration
from workers.checks.words import Line, failed, of_error, passed, skipped, unknown, warned

START = "pushboat serve"
Holder = tuple[int, bool] | None
"""The process of the lock, and whether it lives."""


def check_running(operator: Operator) -> Iterator[Line]:
    """Check store, broker, web and the engine room's processes."""
    try:
        with opened_store(operator) as store:
            found = signs(store)
            whose = elsewhere_owned(store.file) if store.file else None
            key = check_key(operator, store)
    except StoreUnavailable as error:
        yield of_error("store", error, "start the database that `store` in pushboat.yaml names")
        yield skipped("processes", "their heartbeats are in the store")
        return
    except NotSetUp as error:
        yield failed("store", error.message, error.fix)
        yield skipped("processes", "their heartbeats are in the store")
        return
    yield failed("store", *whose) if whose else passed("store", "answers, and its tables are current")
    yield key
    alive = found.living(found.now - HEARTBEAT_LIVES)
    web, broker, serve = web_answers(operator), _broker_trouble(operator), holder(operator.state)
    yield failed("broker", broker, _broker_fix(operator, serve)) if broker else passed("broker", "answers")
    if not web and not _runs(alive, broker, serve):
        yield failed("processes", "Pushboat is not running", START)
        return
    for name in NEEDED:
        if name in alive:
            yield passed(f"process {name}", "alive")
        else:
            fix = _restart(serve) or f"pushboat {name}  # or: {START}"
            yield failed(f"process {name}", f"no heartbeat for {HEARTBEAT_LIVES:.0f} s", fix)
    yield from _file_of(found, alive, operator.digest, serve)
    if web:
        yield passed("process web", f"answers on {operator.host}:{operator.port}")
    else:
        sentence = f"nothing answers /readyz on {operator.host}:{operator.port}; it may run on another machine"
        yield unknown("process web", sentence, "pushboat web")
        return
    where = f"on {operator.dashboard[0]}:{operator.dashboard[1]}" if operator.dashboard else "through the web process"
    if dashboard_answers(operator):
        yield passed("process dashboard", f"answers {where}")
    else:
        yield unknown("process dashboard", f"does not answer {where}: nobody sees pages or API", "pushboat dashboard")


def _file_of(found: Signs, alive: set[str], digest: str, serve: Holder) -> Iterator[Line]:
    """Compare the file of now, by which all else is checked here, with the one that the processes go by."""
    read = {name: goes_by(found.beats[name]) for name in NEEDED if name in alive}
    held_up = [*of_configuration(found)]
    yield from held_up
    if held_up:
        return
    behind = [name for name, known in read.items() if known not in ("", digest)]
    if behind:
        sentence = f"changed since {listed(behind)} read it: what runs does not know the new one yet"
        yield warned(
            "operator's file", sentence, f"they look at it within seconds; else {_restart(serve) or 'restart them'}"
        )
    elif any(read.values()):
        yield passed("operator's file", "is the one that the processes have read")


def _runs(alive: set[str], broker: str, serve: Holder) -> bool:
    """Tell a running Pushboat from the heartbeats of one that was stopped a moment ago."""
    if serve is not None:
        return serve[1]
    return bool(alive) and not broker


def _broker_trouble(operator: Operator) -> str:
    try:
        ping(broker_url(operator))
    except BrokerUnavailable as error:
        return error.summary
    return ""


def _broker_fix(operator: Operator, serve: Holder) -> str:
    if operator.broker:
        return "start the broker that `broker` in pushboat.yaml names"
    return _restart(serve) or START


def _restart(serve: Holder) -> str:
    """Say what to do where `serve` runs and has not mended it: a second one would be refused."""
    return f"restart `{START}` (process {serve[0]})" if serve is not None and serve[1] else ""
