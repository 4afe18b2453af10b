"""The embedded broker is ours alone, and its loss is noticed."""

import shutil
import signal
import socket
import stat
import tempfile
import time
from pathlib import Path

import pytest
from kombu import Connection

from pushboat.config.operator import Operator
from pushboat.errors import BrokerUnavailable
from pushboat.queue import broker
from pushboat.queue.embedded import broker_socket
from pushboat.queue.sockets import make_room, socket_path
from tests.queue.conftest import Start, of


def test_the_embedded_broker_answers_on_a_socket_of_ours_only(operator: Operator, start: Start) -> None:
    """I start the embedded broker: it opens no port, and no other user can talk to it."""
    start(operator)
    broker.ping(broker.broker_url(operator))
    assert stat.S_IMODE(broker_socket(operator.state).stat().st_mode) == 0o700
    assert stat.S_IMODE((operator.state / "broker").stat().st_mode) == 0o700
    command = broker.server_command(operator.state)
    assert command[command.index("--port") + 1] == "0"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_celery_reaches_it_by_the_same_address(operator: Operator, start: Start) -> None:
    """A hint that is published through Celery's own library comes out again."""
    start(operator)
    with Connection(broker.celery_url(operator)) as connection, connection.SimpleQueue("hints") as queue:
        queue.put({"deployment": 7})
        message = queue.get(timeout=60)
        assert message.payload == {"deployment": 7}
        message.ack()


def test_a_wiped_broker_is_noticed_once(operator: Operator, start: Start) -> None:
    """The broker loses its data, and everything that waits is hinted again."""
    first = start(operator)
    assert broker.claim_epoch(operator)
    assert not broker.claim_epoch(operator)
    first.kill()
    first.wait()
    again = start(operator)
    assert not broker.claim_epoch(operator)
    again.kill()
    again.wait()
    shutil.rmtree(operator.state / "broker")
    start(operator)
    assert broker.claim_epoch(operator)
    assert not broker.claim_epoch(operator)


def test_a_broker_that_is_gone_or_frozen_is_said_soon(operator: Operator, start: Start) -> None:
    """The broker hangs, and nobody hangs with it."""
    with pytest.raises(BrokerUnavailable, match="does not answer"):
        broker.ping(broker.broker_url(operator))
    process = start(operator)
    process.send_signal(signal.SIGSTOP)
    asked_at = time.monotonic()
    with pytest.raises(BrokerUnavailable):
        broker.claim_epoch(operator)
    assert time.monotonic() - asked_at < 60
    process.send_signal(signal.SIGCONT)


def test_a_state_folder_too_deep_for_a_socket_still_works(tmp_path: Path, start: Start) -> None:
    """My state folder has a very long path, and the broker's socket stands in a folder of mine in the temp folder."""
    operator = of(tmp_path / ("deep" * 30))
    start(operator)
    folder = broker_socket(operator.state).parent
    assert folder.parent == Path(tempfile.gettempdir())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert broker.claim_epoch(operator)
    folder.chmod(0o755)
    with pytest.raises(BrokerUnavailable, match="not a folder of ours alone"):
        broker.server_command(operator.state)
    shutil.rmtree(folder)


def test_the_operators_broker_is_used_as_it_is_written(tmp_path: Path) -> None:
    """I name a broker of my own: both libraries get it, and an error does not show my password."""
    operator = of(tmp_path, "redis://ann:secret@127.0.0.1:1/0")
    assert broker.broker_url(operator) == broker.celery_url(operator) == operator.broker
    assert broker.celery_url(of(tmp_path, "unix:///run/redis.sock")) == "redis+socket:///run/redis.sock"
    with pytest.raises(BrokerUnavailable) as refusal:
        broker.claim_epoch(operator)
    assert "redis://127.0.0.1:1/0" in refusal.value.summary
    assert "secret" not in refusal.value.summary


def test_a_broker_on_a_unix_socket_is_one_for_both_libraries(tmp_path: Path, start: Start) -> None:
    """I name a socket as pushboat.yaml has it, `redis+socket://`: hints travel there, and its mark is found there."""
    start(of(tmp_path))
    named = of(tmp_path / "elsewhere", f"redis+socket://{broker_socket(tmp_path)}")
    assert broker.celery_url(named) == named.broker
    assert broker.claim_epoch(named)
    assert not broker.claim_epoch(of(tmp_path)), "another broker"


def test_a_long_temp_folder_keeps_no_socket_from_working(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """My state folder and my TMPDIR both have long paths: sockets stand in /tmp, in a folder that is mine alone."""
    long = tmp_path / ("d" * 90)
    long.mkdir()
    monkeypatch.setenv("TMPDIR", str(long))
    monkeypatch.setattr(tempfile, "tempdir", None)  # the standard library remembers the folder it found first
    path = socket_path(long / "state", "broker.sock")
    assert path.parent.parent == Path("/tmp")
    make_room(path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
    path.unlink()
    path.parent.rmdir()
