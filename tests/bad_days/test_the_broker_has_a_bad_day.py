"""The broker is full, lies, or forgets: the dispatcher says so, goes on, and hints once the broker is itself again."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
import redis

from pushboat.config.operator import Operator
from pushboat.queue import broker
from pushboat.queue.embedded import broker_socket
from pushboat.queue.sockets import make_room
from pushboat.store.database.engine import Store
from tests.bad_days.conftest import Dispatcher, Start
from tests.store.repository import Repository
from tests.until import until
from workers.dispatching import BROKER_ANSWERS, BROKER_SILENT

pytestmark = pytest.mark.programs
Dispatch = Callable[[], Dispatcher]
LIES = {
    "an integer": b":1\r\n",
    "garbage": b"\x00\xffgood morning\r\n",
    "nothing": b"$-1\r\n",
    "ok": b"+OK\r\n",
    "a list": b"*2\r\n$1\r\na\r\n$1\r\nb\r\n",
    "half an answer": b"$1000\r\nabc",
    "an error": b"-LOADING I read my file\r\n",
    "not for you": b"-NOPERM this user has no permissions\r\n",
    "read only": b"-READONLY You can't write against a read only replica.\r\n",
}


@contextmanager
def lying(operator: Operator, answer: bytes) -> Iterator[None]:
    """Answer everything that anybody says to the broker with the same bytes."""
    path = broker_socket(operator.state)
    make_room(path)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
        door.listen()

        def serve() -> None:
            with suppress(OSError):
                while True:
                    line, _ = door.accept()
                    threading.Thread(target=talk, args=(line,), daemon=True).start()

        def talk(line: socket.socket) -> None:
            with line, suppress(OSError):
                while line.recv(65536):
                    line.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield
        finally:
            door.shutdown(socket.SHUT_RDWR)
            thread.join()
            path.unlink()


def hinted(operator: Operator) -> int:
    """Count the hints for routers that lie in the broker."""
    with redis.Redis(unix_socket_path=str(broker_socket(operator.state))) as client:
        return int(client.llen("pushboat:route"))


@pytest.mark.parametrize("answer", LIES.values(), ids=LIES)
def test_a_broker_that_lies_ends_no_dispatcher(
    answer: bytes, operator: Operator, store: Store, dispatch: Dispatch, start: Start
) -> None:
    """Something else answers at the broker's address: it is said, and what waits is hinted when the broker is back."""
    Repository(store).receive("a")
    with lying(operator, answer):
        dispatcher = dispatch()
        dispatcher.says(BROKER_SILENT)
    start(operator)
    until(lambda: hinted(operator), what="the hint")
    dispatcher.says(BROKER_ANSWERS)


def test_a_full_broker_takes_the_hints_when_it_has_room(
    operator: Operator, store: Store, dispatch: Dispatch, start: Start
) -> None:
    """The broker has no memory left: hints wait in the store, and go when there is room again."""
    start(operator)
    assert broker.claim_epoch(operator), "it was not full at first"
    with redis.Redis(unix_socket_path=str(broker_socket(operator.state))) as client:
        client.config_set("maxmemory", "1")
        Repository(store).receive("a")
        dispatcher = dispatch()
        dispatcher.says(BROKER_SILENT)
        assert not hinted(operator)
        client.config_set("maxmemory", "0")
    until(lambda: hinted(operator), what="the hint")
    dispatcher.says(BROKER_ANSWERS)
