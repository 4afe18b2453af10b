"""The machine has a bad day: forges are told to come again, nothing accepted is lost, and all goes on by itself.

Out of memory in a renderer is held in tests/spawning, a broker that is wiped in test_anything_may_die.py.
"""

import os
import resource
import signal
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path

import pytest
import redis

from pushboat.queue.embedded import broker_socket
from tests import breaking
from tests.bad_day import DAY, BadDay
from tests.fakes.forge import FakeForge
from tests.serving import Served, children
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.until import until
from tests.written import config_map, deployment

BUGS = ("met a bug", "raised unexpected")
"""What our doors log of what they did not expect."""
FEW = 3
"""Open files: fewer than any process has."""
Shops = Callable[[Served, str], Shop]


@pytest.fixture(scope="module")
def ill(
    tmp_path_factory: pytest.TempPathFactory, kubeconfig: Path, forges: dict[str, FakeForge]
) -> Iterator[tuple[Served, BadDay]]:
    """A Pushboat of our own, which reaches its forges by a name, and its day."""
    folder = tmp_path_factory.mktemp("ill")
    operator = operators_file(kubeconfig, forges)
    for forge in operator["forges"].values():
        forge.update({key: forge[key].replace("127.0.0.1", "localhost") for key in ("url", "api_url", "clone_url")})
    (folder / "var").mkdir()
    day = BadDay.on(folder / "var", tmp_path_factory.mktemp("tools"))
    served = Served.start(folder, operator, {**environ_of(forges), **day.environ}, executed=True)
    yield served, day
    served.stop()
    assert not [words for words in BUGS if words in served.log.read_text()]


@pytest.mark.parametrize("trouble", ["full_disk", pytest.param("read_only_disk", marks=pytest.mark.proof)])
def test_the_disk_takes_nothing_any_more(ill: tuple[Served, BadDay], shops: Shops, trouble: str) -> None:
    """My push hears 503, which forges show; a rollout that went on ends well afterwards, and so does the push."""
    served, day = ill
    rolling, other = shops(served, "github"), shops(served, "gitlab")
    slow = rolling.push({"deploy/web.yaml": deployment(behaviour="unready")})
    breaking.waits_for_health(rolling, slow)
    with getattr(day, trouble)():
        sha = other.push({"deploy/settings.yaml": config_map()})
        [*_, sent] = other.forge.deliveries
        assert sent.response is not None
        assert sent.response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert "store" in sent.response.json()["error"]
        breaking.heal(rolling)
        until(lambda: "store does not answer" in served.log.read_text(), what="a line that says so")
    until(lambda: breaking.answers(served), what="the web to answer")
    other.forge.redeliver()
    breaking.ended_once(other, sha)
    breaking.ended_once(rolling, slow, within=breaking.LEASE_AND_AGAIN)


@pytest.mark.parametrize(
    ("before", "after"),
    [(0, DAY), pytest.param(DAY, 0, marks=pytest.mark.proof)],  # never before today, when the cluster was certified
)
def test_the_clock_jumps_by_a_day(ill: tuple[Served, BadDay], shops: Shops, before: int, after: int) -> None:
    """A wrong clock is set right while a rollout goes on: it does not run out of time, and pushes deploy as ever."""
    served, day = ill
    rolling, other = shops(served, "github"), shops(served, "gitlab")
    day.set_clock(before)
    slow = rolling.push({"deploy/web.yaml": deployment(behaviour="unready")})
    breaking.waits_for_health(rolling, slow)
    day.set_clock(after)
    try:
        breaking.ended_once(other, other.push({"deploy/settings.yaml": config_map()}))
        breaking.heal(rolling)
        breaking.ended_once(rolling, slow, within=breaking.LEASE_AND_AGAIN)
    finally:
        day.set_clock(0)
    breaking.ended_once(other, other.push({"deploy/settings.yaml": config_map(after="the jump")}))


def test_no_name_is_found(ill: tuple[Served, BadDay], shops: Shops) -> None:
    """Names of forges cannot be looked up: my push is accepted, waits, and deploys when they can."""
    served, day = ill
    shop = shops(served, "github")
    with day.no_names():
        sha = shop.push({"deploy/settings.yaml": config_map()})
        [*_, sent] = shop.forge.deliveries
        assert sent.response is not None
        assert sent.response.status_code == HTTPStatus.ACCEPTED
        until(lambda: "localhost" in served.log.read_text(), what="a line that names the host")
    breaking.ended_once(shop, sha)


@contextmanager
def few_files(served: Served, *names: str) -> Iterator[None]:
    """Let parts of `serve` open no more files."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_NOFILE) for pid in _processes(served, names)}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (FEW, hard))
    try:
        yield
    finally:
        for pid in before.keys() & set(_processes(served, names)):
            resource.prlimit(pid, resource.RLIMIT_NOFILE, before[pid])


def _processes(served: Served, names: tuple[str, ...]) -> list[int]:
    parts = [breaking.part(served, name) for name in names]
    return [*parts, *(pid for part in parts for pid in children(part))]


def test_there_are_no_more_files_to_open(ill: tuple[Served, BadDay], shops: Shops) -> None:
    """File descriptors run out in all processes: a push that comes meanwhile is answered and deployed afterwards."""
    served, _ = ill
    shop = shops(served, "gitlab")
    breaking.ended_once(shop, shop.push({"deploy/settings.yaml": config_map()}))
    shas: list[str] = []
    pushing = threading.Thread(target=lambda: shas.append(shop.push({"deploy/settings.yaml": config_map(b="2")})))
    with few_files(served, "web", "dispatcher", "worker", "reporter"):
        pushing.start()
        until(lambda: not breaking.answers(served), what="the web to take nobody")
    pushing.join()
    until(lambda: breaking.answers(served), what="the web to answer")
    [*_, sent] = shop.forge.deliveries
    if sent.response is None or sent.response.status_code != HTTPStatus.ACCEPTED:
        shop.forge.redeliver()
    breaking.ended_once(shop, shas[0], within=breaking.LEASE_AND_AGAIN)


def test_the_broker_is_full(ill: tuple[Served, BadDay], shops: Shops) -> None:
    """The broker has no memory left: pushes are accepted, and deploy as soon as it has some."""
    served, _ = ill
    shop = shops(served, "github")
    with redis.Redis(unix_socket_path=str(broker_socket(served.state))) as broker:
        broker.config_set("maxmemory", 1)
        try:
            sha = shop.push({"deploy/settings.yaml": config_map()})
            until(lambda: "the broker does not answer" in served.log.read_text(), what="a line that says so")
        finally:
            broker.config_set("maxmemory", 0)
    breaking.ended_once(shop, sha)


def test_the_broker_is_frozen(ill: tuple[Served, BadDay], shops: Shops) -> None:
    """The broker stands still: pushes are accepted, and deploy when it goes on, or when another has taken its place."""
    served, _ = ill
    shop, broker = shops(served, "gitlab"), breaking.part(served, "broker")
    os.kill(broker, signal.SIGSTOP)
    try:
        sha = shop.push({"deploy/settings.yaml": config_map()})
        [*_, sent] = shop.forge.deliveries
        assert sent.response is not None
        assert sent.response.status_code == HTTPStatus.ACCEPTED
    finally:
        os.kill(broker, signal.SIGCONT)
    breaking.ended_once(shop, sha)


class Liar(socketserver.BaseRequestHandler):
    """Answers anything with what is no answer to it."""

    def handle(self) -> None:
        with suppress(ConnectionError):
            while self.request.recv(4096):
                self.request.sendall(b":-1\r\n$3\r\nno!\r\n*1\r\n+never\r\n")


@contextmanager
def lying(socket: Path) -> Iterator[None]:
    """Take the broker's place, on its own socket."""
    aside = socket.with_suffix(".aside")
    with redis.Redis(unix_socket_path=str(socket), single_connection_client=True) as broker:
        socket.rename(aside)
        with socketserver.ThreadingUnixStreamServer(str(socket), Liar) as liar:
            liar.daemon_threads = True
            threading.Thread(target=liar.serve_forever, daemon=True).start()
            broker.client_kill_filter(_type="normal", skipme=True)
            try:
                yield
            finally:
                liar.shutdown()
                aside.rename(socket)


def test_the_broker_lies(ill: tuple[Served, BadDay], shops: Shops) -> None:
    """Something else answers in the broker's place, and wrongly: pushes are accepted, and deploy when it is gone."""
    served, _ = ill
    shop = shops(served, "github")
    with lying(broker_socket(served.state)):
        sha = shop.push({"deploy/settings.yaml": config_map()})
        until(lambda: "the broker does not answer" in served.log.read_text(), what="a line that says so")
    breaking.ended_once(shop, sha)
