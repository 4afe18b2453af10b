"""What must run: the store, the broker, and the processes, seen by their heartbeats."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cli.configuration import NotSetUp, store
from cli.doctor.report import Line, failed, of_error, passed, skipped, unknown
from cli.readiness import HEARTBEAT_LIVES, NEEDED, living, web_answers
from pushboat.errors import BrokerUnavailable, StoreUnavailable

if TYPE_CHECKING:
    from pushboat.config.operator import Operator

START = "pushboat serve"


def check_running(operator: "Operator") -> Iterator[Line]:
    """Check store, broker, web and the engine room's processes."""
    try:
        with store(operator) as opened:
            now = opened.now()
            alive = living(opened, now - HEARTBEAT_LIVES)
    except StoreUnavailable as error:
        yield of_error("store", error, "start the database that `store` in pushboat.yaml names")
        yield skipped("processes", "their heartbeats are in the store")
        return
    except NotSetUp as error:
        yield failed("store", error.message, error.fix)
        yield skipped("processes", "their heartbeats are in the store")
        return
    yield passed("store", "answers, and its tables are current")
    yield _check_broker(operator)
    if not alive and not web_answers(operator):
        yield failed("processes", "Pushboat is not running", START)
        return
    for name in NEEDED:
        if name in alive:
            yield passed(f"process {name}", "alive")
        else:
            yield failed(
                f"process {name}", f"no heartbeat for {HEARTBEAT_LIVES:.0f} s", f"pushboat {name}  # or: {START}"
            )
    if web_answers(operator):
        yield passed("process web", f"answers on {operator.host}:{operator.port}")
    else:
        sentence = f"nothing answers /readyz on {operator.host}:{operator.port}; it may run on another machine"
        yield unknown("process web", sentence, "pushboat web")


def _check_broker(operator: "Operator") -> Line:
    from pushboat.queue.broker import broker_url, ping

    try:
        ping(broker_url(operator))
    except BrokerUnavailable as error:
        fix = "start the broker that `broker` in pushboat.yaml names" if operator.broker else START
        return failed("broker", error.summary, fix)
    return passed("broker", "answers")
