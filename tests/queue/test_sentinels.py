"""A broker that sentinels look after is reached, also when another server has taken its place."""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import redis
from kombu import Connection

from pushboat.errors import BrokerUnavailable
from pushboat.queue import broker
from pushboat.queue.sentinels import Sentinels, sentinels
from tests.ports import free_port
from tests.queue.conftest import Running, of
from tests.until import until
from workers.application import make_app

PASSWORD = "a password of the servers'"
SERVER = """
port {port}
bind 127.0.0.1
dir {folder}
save ""
requirepass "{password}"
masterauth "{password}"
repl-diskless-sync-delay 0
"""
SENTINEL = """
port {port}
bind 127.0.0.1
dir {folder}
sentinel monitor hints 127.0.0.1 {master} 1
sentinel auth-pass hints "{password}"
sentinel down-after-milliseconds hints 600000
sentinel failover-timeout hints 2000
"""


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[str, str], Running]]:
    """Starts a server or a sentinel with what stands in its file; ends what it started."""
    program = broker.server_command(tmp_path / "state")[0]
    with ExitStack() as stack:

        def start(name: str, text: str) -> Running:
            file = tmp_path / f"{name}.conf"
            file.write_text(text)
            words = [program, str(file), *(["--sentinel"] if name == "sentinel" else [])]
            process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        yield start


@pytest.mark.slow
def test_hints_go_on_when_another_server_takes_its_place(run: Callable[[str, str], Running], tmp_path: Path) -> None:
    """The server dies, the sentinels choose the other one, and both of our libraries follow."""
    first, second, port = free_port(), free_port(), free_port()
    master = run("first", SERVER.format(port=first, folder=tmp_path, password=PASSWORD))
    run("second", SERVER.format(port=second, folder=tmp_path, password=PASSWORD) + f"replicaof 127.0.0.1 {first}\n")
    operator = of(tmp_path, f"sentinel://:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{port}/0?master_name=hints")
    until(lambda: serves(first), what="the first server")
    until(lambda: replicates(second), what="the second server to follow it")
    run("sentinel", SENTINEL.format(port=port, folder=tmp_path, master=first, password=PASSWORD))
    until(lambda: answers(operator.broker), what="the sentinel to know the server")
    until(lambda: knows_the_other(port), what="the sentinel to know the other one")
    assert broker.claim_epoch(operator)
    assert not broker.claim_epoch(operator)
    until(lambda: has_all_of(first, second), what="the second server to have all")
    hint(operator)
    is_down_after(port, milliseconds=500)
    master.kill()
    until(lambda: names_another_than(first, port), what="the sentinel to choose the other one")
    is_down_after(port, milliseconds=600_000)
    until(lambda: answers(operator.broker), what="another server")
    assert not broker.claim_epoch(operator), "the second one had all of it"
    hint(operator)


def is_down_after(port: int, milliseconds: int) -> None:
    """Say how long a server may be silent: long, but for the moment in which one dies, since all of them may have a
    hiccup on this machine."""
    with redis.Redis(port=port) as client:
        client.sentinel_set("hints", "down-after-milliseconds", str(milliseconds))


def names_another_than(first: int, port: int) -> bool:
    """Say whether a sentinel has put another server in the place of the first one."""
    with redis.Redis(port=port) as client:
        return int(client.sentinel_get_master_addr_by_name("hints")[1]) != first


def serves(port: int) -> bool:
    """Say whether a server answers who knows the password."""
    try:
        broker.ping(f"redis://:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{port}/0")
    except BrokerUnavailable:
        return False
    return True


def replicates(port: int) -> bool:
    """Say whether a server is the copy of another one by now."""
    return bool(said(port).get("master_link_status") == "up")


def has_all_of(first: int, second: int) -> bool:
    """Say whether a copy has all that its server has; also where it took its place, since this machine had a hiccup."""
    server, copy = said(first), said(second)
    return bool(copy["role"] == "master" or copy.get("slave_repl_offset", 0) >= server.get("master_repl_offset", 0))


def said(port: int) -> Mapping[str, Any]:
    """Ask a server what it says of itself and its copies."""
    with redis.Redis(port=port, password=PASSWORD) as client:
        return dict(client.info("replication"))


def knows_the_other(port: int) -> bool:
    """Say whether a sentinel knows a copy that it could choose: it asks its server for them every ten seconds only."""
    with redis.Redis(port=port) as client:
        copies = client.sentinel_slaves("hints")
    return any(each["master-link-status"] == "ok" and not each["is_sdown"] for each in copies)


def answers(address: str) -> bool:
    """Say whether the server that the sentinels name answers."""
    try:
        broker.ping(address)
    except BrokerUnavailable:
        return False
    return True


def hint(operator: object) -> None:
    """Publish a hint as the dispatcher does, and take it as a worker does."""
    app = make_app(operator)  # type: ignore[arg-type]
    options = app.conf.broker_transport_options
    with Connection(app.conf.broker_url, transport_options=options) as there, there.SimpleQueue("hints") as queue:
        queue.put({"deployment": 7})
        message = queue.get(timeout=60)
        assert message.payload == {"deployment": 7}
        message.ack()
    app.close()


def test_an_address_is_read_as_celery_reads_it() -> None:
    """Several sentinels, a password of the servers', a database, and the server's name."""
    found = sentinels("sentinel://:p%40ss@one:26379;sentinel://two:26380/3?master_name=hints")
    assert found == Sentinels(hosts=(("one", 26379), ("two", 26380)), master="hints", password="p@ss", database=3)
    assert sentinels("sentinel://one:26379") is None
    assert sentinels("redis://one:6379/0") is None
