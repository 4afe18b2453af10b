"""The queue's nouns: an operator whose state folder is a test's own, and a running embedded broker."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from pushboat.config.operator import Operator
from pushboat.errors import BrokerUnavailable
from pushboat.queue import broker
from tests.until import until

Running = subprocess.Popen[bytes]
Start = Callable[[Operator], Running]


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """An operator who uses the embedded broker, in a folder whose name needs quoting."""
    return of(tmp_path / "my state 100%")


def of(state: Path, address: str = "") -> Operator:
    """An operator with this state folder and broker."""
    more = {"forges": {}, "clusters": {}, "projects": {}}
    return Operator(
        public_url="http://127.0.0.1:8700", host="127.0.0.1", port=0, state=state, workers=1, broker=address, **more
    )


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts the embedded broker and waits until it answers; ends what it started."""
    with ExitStack() as stack:
        yield lambda operator: stack.enter_context(_running(operator))


@contextmanager
def _running(operator: Operator) -> Iterator[Running]:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(broker.server_command(operator.state), env=dict(os.environ), **quiet)
    try:
        until(lambda: _answers(operator), what="the broker to answer")
        yield process
    finally:
        process.kill()
        process.wait()


def _answers(operator: Operator) -> bool:
    try:
        broker.ping(broker.broker_url(operator))
    except BrokerUnavailable:
        return False
    return True
