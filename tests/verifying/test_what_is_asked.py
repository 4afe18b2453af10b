"""What `verify` asks: bounded, followed nowhere, at no address that is the network's own, and never quoted."""

import math
import socket
from collections.abc import Iterator
from threading import Event

import pytest
from flask import Flask, redirect

from pushboat.errors import MetricsUnavailable, VerificationRefused
from tests.fakes.door import Door, Trouble
from tests.fakes.prometheus import FakePrometheus
from workers.verifying.addresses import addresses_of, refusal
from workers.verifying.fetching import NoAnswer, fetch
from workers.verifying.measuring import NoNumber, measure


@pytest.fixture
def shop() -> Iterator[Door]:
    """A shop that is well, and has a page that leads elsewhere."""
    app = Flask("shop")
    app.add_url_rule("/healthz", view_func=lambda: "fine")
    app.add_url_rule("/elsewhere", "elsewhere", view_func=lambda: redirect("/healthz"))
    app.add_url_rule("/large", "large", view_func=lambda: "x" * 5_000_000)
    door = Door(app.wsgi_app)
    yield door
    door.close()


@pytest.fixture
def prometheus() -> Iterator[FakePrometheus]:
    """A Prometheus."""
    fake = FakePrometheus()
    yield fake
    fake.close()


@pytest.mark.proves("verify-hosts")
@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("169.254.169.254", "link-local"),
        ("::ffff:169.254.169.254", "link-local"),
        ("64:ff9b::a9fe:a9fe", "link-local"),
        ("2002:a9fe:a9fe::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("fd00:ec2::254", "credentials"),
        ("100.100.100.200", "credentials"),
        ("168.63.129.16", "credentials"),
        ("224.0.0.1", "multicast"),
        ("ff02::1", "multicast"),
        ("0.0.0.0", "no address"),
        ("0.1.2.3", "no address"),
        ("::", "no address"),
        ("255.255.255.255", "reserved"),
        ("::169.254.169.254", "reserved"),
        ("127.0.0.1", "this machine"),
        ("127.9.9.9", "this machine"),
        ("::1", "this machine"),
        ("::ffff:127.0.0.1", "this machine"),
        ("64:ff9b::7f00:1", "this machine"),
    ],
)
def test_the_networks_own_addresses_are_asked_for_nobody(address: str, why: str) -> None:
    """Whoever may push cannot make Pushboat read a cloud's credentials, in whatever spelling."""
    assert why in refusal(address)


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "192.168.0.9", "93.184.215.14", "fd12::1", "2606:2800::1", "64:ff9b::808:808"]
)
def test_everybody_elses_may_be_asked(address: str) -> None:
    """A service inside of the cluster, and one on the internet."""
    assert refusal(address) == ""


def test_a_resolver_that_never_answers_is_not_waited_for() -> None:
    """`timeout` holds from the beginning: also where it is the name that nobody says anything about."""
    never = Event()

    def silent(_host: str, _port: int) -> list[str]:
        never.wait(60)
        return []

    with pytest.raises(TimeoutError):
        addresses_of("shop.example.com", 80, 0.1, silent)
    never.set()


def test_what_the_resolver_says_is_checked() -> None:
    """A name of mine that leads to a cloud's credentials is refused, and one that nobody knows is not known."""
    with pytest.raises(VerificationRefused, match="link-local"):
        addresses_of("shop.example.com", 80, 5, lambda _host, _port: ["93.184.215.14", "169.254.169.254"])
    with pytest.raises(socket.gaierror):
        addresses_of(f"{'x' * 70}.example.com", 80, 60)  # a label that is too long: no resolver is asked


def test_this_machine_is_asked_only_by_its_own_name() -> None:
    """A name of mine that leads to 127.0.0.1 is refused; `localhost`, which the operator lists, is not."""
    assert refusal("127.0.0.1", loopback=True) == ""
    assert refusal("169.254.169.254", loopback=True)
    assert addresses_of("127.0.0.1", 80, 60) == ("127.0.0.1",)
    for host in ("2130706433", "0x7f000001", "127.1"):  # what the resolver takes for 127.0.0.1 all the same
        with pytest.raises(VerificationRefused, match=r"leads to 127\.0\.0\.1"):
            addresses_of(host, 80, 60)


@pytest.mark.proves("verify-hosts")
def test_a_redirect_is_an_answer(shop: Door) -> None:
    """I am told that the page moved; nobody goes where it leads."""
    assert fetch(f"{shop.url}/healthz", 60).status == 200
    assert fetch(f"{shop.url}/elsewhere", 60).status == 302
    assert [each.path for each in shop.requests] == ["/healthz", "/elsewhere"]


def test_no_more_is_read_than_is_wanted(shop: Door) -> None:
    """A page of five megabytes costs no memory."""
    assert fetch(f"{shop.url}/large", 60).body == b""
    assert len(fetch(f"{shop.url}/large", 60, 100).body) == 100


@pytest.mark.proves("verify-hosts")
def test_no_proxy_is_used(shop: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pushboat's own environment may name one for other things."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch(f"{shop.url}/healthz", 60).status == 200


def test_an_answer_that_trickles_is_cut_off(shop: Door) -> None:
    """A byte now and then keeps nobody waiting: the time is for the whole answer."""
    shop.trickle("/healthz", every=0.05)
    with pytest.raises(NoAnswer, match="no answer in time"):
        fetch(f"{shop.url}/healthz", 1.0, 100_000)
    shop.trickle("")
    shop.hush("/healthz")
    with pytest.raises(NoAnswer, match="no answer in time"):
        fetch(f"{shop.url}/healthz", 0.3)


def test_what_is_not_there_is_said_in_our_own_words(shop: Door) -> None:
    """Nothing listens, nobody knows the host, it speaks no TLS, it hangs up."""
    shop.troubles.append(Trouble(status=0))
    with pytest.raises(NoAnswer, match="the connection broke off"):
        fetch(f"{shop.url}/healthz", 60)
    with pytest.raises(NoAnswer, match="it speaks no TLS"):
        fetch(shop.url.replace("http", "https"), 5)
    with pytest.raises(NoAnswer, match="nobody knows this host"):
        fetch("https://shop.invalid/", 60)
    shop.close()
    with pytest.raises(NoAnswer, match="nothing listens there"):
        fetch(f"{shop.url}/healthz", 60)


def test_prometheus_gives_a_number(prometheus: FakePrometheus) -> None:
    """A scalar, or a vector of one; below a path, and with the query as it was written."""
    prometheus.scalars["scalar(up)"], prometheus.series['sum(rate(e{a="b&c"}[2m]))'] = 1.5, [0.25]
    assert measure(prometheus.url, "scalar(up)", 5) == 1.5
    assert measure(f"{prometheus.url}/", 'sum(rate(e{a="b&c"}[2m]))', 5) == 0.25
    assert prometheus.queries == ["scalar(up)", 'sum(rate(e{a="b&c"}[2m]))']


def test_what_is_no_number_is_not_good(prometheus: FakePrometheus) -> None:
    """No data, not a number, infinite, many, a mistake in the query: said, and nothing of the answer repeated."""
    prometheus.series |= {"nan": [math.nan], "inf": [math.inf], "many": [1.0, 2.0]}
    prometheus.broken.add("broken(")
    said = {"none": "nothing", "nan": "NaN", "inf": "infinite", "many": "2 numbers", "broken(": "cannot work out"}
    for query, words in said.items():
        with pytest.raises(NoNumber, match=words) as raised:
            measure(prometheus.url, query, 5)
        assert raised.value.passing == (query in ("none", "nan", "inf"))
    for body in ("hunter2", {"data": {"resultType": "vector", "result": [{"value": [1, "hunter2"]}]}}, {"data": []}):
        prometheus.troubles.append(Trouble(status=200, body=body))
        with pytest.raises(NoNumber) as raised:
            measure(prometheus.url, "none", 5)
        assert "hunter2" not in str(raised.value)


def test_a_prometheus_that_is_away_says_nothing_about_the_revision(prometheus: FakePrometheus) -> None:
    """It is asked again later, and nothing is rolled back for it."""
    for status in (500, 503, 429):
        prometheus.troubles.append(Trouble(status=status))
        with pytest.raises(MetricsUnavailable, match=f"answers {status}"):
            measure(prometheus.url, "up", 5)
