"""All that is asked of an API server is throttled together: more while that is quick, less when it has too much."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pushboat.config.operator import ClusterAccess
from pushboat.errors import ClusterUnavailable, LeaseLost
from tests.cluster.answering import Server, serving, write_kubeconfig
from tests.cluster.desk import lost
from workers.cluster.client.connection import Cluster, connect
from workers.cluster.client.throttle import FIRST_SEATS, WINDOW, Throttle


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def nobody() -> None:
    """Ask nothing."""


def write(throttle: Throttle, clock: Clock, seconds: float, times: int) -> None:
    """Let writes pass that take so long."""
    for _ in range(times):
        with throttle.passing("PATCH", nobody):
            clock.now += seconds


@pytest.mark.proves("parallelism")
def test_it_opens_while_writes_stay_quick_and_closes_when_they_do_not() -> None:
    """A far cluster gets more writes at once as long as that costs no time; a small one is not buried."""
    clock = Clock()
    throttle = Throttle("dev", 16, clock)
    assert throttle.seats == FIRST_SEATS
    write(throttle, clock, 0.05, 16 * WINDOW * 16)
    assert throttle.seats == 16
    write(throttle, clock, 0.5, 16 * WINDOW * 16)
    assert throttle.seats == FIRST_SEATS


@pytest.mark.proves("parallelism")
def test_too_many_requests_halve_it_once_and_hold_everybody() -> None:
    """Four answers of 429 at the same moment are one piece of news; nobody asks anything before the pause is over."""
    clock = Clock()
    throttle = Throttle("dev", 16, clock)
    write(throttle, clock, 0.05, 16 * WINDOW * 16)
    for _ in range(4):
        throttle.hear(429, 30)
    assert throttle.seats == 8
    with pytest.raises(ClusterUnavailable, match="asks for a pause of 30 s") as away, throttle.passing("GET", nobody):
        pass
    assert away.value.retry_after == 30
    clock.now += 31
    with throttle.passing("GET", nobody):
        throttle.hear(429, None)
    assert throttle.seats == 4


def test_it_opens_again_after_a_pause_although_all_takes_longer_now() -> None:
    """One bad minute does not make a cluster slow until the next restart: what was quick once is not asked for ever."""
    clock = Clock()
    throttle = Throttle("dev", 16, clock)
    write(throttle, clock, 0.05, 100)
    for _ in range(4):
        throttle.hear(429, 1)
        clock.now += 2
    assert throttle.seats == 1
    write(throttle, clock, 0.5, 200)
    assert throttle.seats == FIRST_SEATS
    write(throttle, clock, 0.5, 10_000)
    assert throttle.seats > FIRST_SEATS


def test_no_more_than_its_seats_write_at_once() -> None:
    """Questions pass beside the writes that wait."""
    throttle = Throttle("dev", 2)
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(throttle.passing("PATCH", nobody))
        with throttle.passing("GET", nobody):
            assert throttle.seats == 2


@pytest.fixture
def server() -> Iterator[Server]:
    """A fake API server on localhost."""
    with serving() as running:
        yield running


@pytest.fixture
def cluster(server: Server, tmp_path: Path) -> Iterator[Cluster]:
    """A connection to it."""
    opened = connect(ClusterAccess(name="dev", kubeconfig=write_kubeconfig(tmp_path / "kubeconfig", server, {})))
    yield opened
    opened.close()


def test_a_pause_for_one_is_a_pause_for_all(server: Server, cluster: Cluster) -> None:
    """After a 429 with half a minute, no other request of that cluster is sent either, whoever speaks."""
    server.answers = [(429, {"Retry-After": "30"}, {}), (200, {}, {"kind": "Pod"})]
    with pytest.raises(ClusterUnavailable):
        cluster.request("GET", "/x")
    other = cluster.speaking_as("shop/deployer")
    for ask in (lambda: other.request("PATCH", "/y", body={}), lambda: other.request("GET", "/y")):
        with pytest.raises(ClusterUnavailable, match="asks for a pause") as away:
            ask()
        assert 25 < (away.value.retry_after or 0) <= 30
    with pytest.raises(ClusterUnavailable), other.stream("/z", {}):
        pass
    assert len(server.seen) == 1


def test_a_busy_server_that_does_not_say_for_how_long_is_asked_again(server: Server, cluster: Cluster) -> None:
    """429 without Retry-After is worth a second."""
    server.answers = [(429, {}, {"kind": "Status", "code": 429, "message": "slow"}), (200, {}, {"kind": "Pod"})]
    assert cluster.request("GET", "/x").data == {"kind": "Pod"}


def test_the_lease_is_asked_for_when_nothing_is_left_to_wait_for(server: Server, cluster: Cluster) -> None:
    """A write that waited for its turn is not sent once the lane is somebody else's; questions may be."""
    guarded = cluster.guarded_by(lost)
    with pytest.raises(LeaseLost):
        guarded.request("PATCH", "/x", body={})
    assert not server.seen
    guarded.request("GET", "/x")
    assert len(server.seen) == 1
