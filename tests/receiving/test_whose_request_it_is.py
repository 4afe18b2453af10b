"""Behind proxies that the operator trusts, the sender's own address counts; nobody else can claim one."""

from ipaddress import ip_network

import pytest

from webhook.addresses import source
from webhook.front.fairness import who_gives_way

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.9", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", "203.0.113.5, 198.51.100.9, 10.9.9.9", "198.51.100.9"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("fd00::1", "198.51.100.9,,", "198.51.100.9"),
        ("", "198.51.100.9", ""),
    ],
)
def test_only_trusted_proxies_are_looked_through(peer: str, forwarded: str, found: str) -> None:
    """The first address from the right that is no trusted proxy is the sender."""
    assert source(peer, forwarded, PROXIES) == found
    assert source(peer, forwarded, ()) == peer


class Sent:
    """A request of an address."""

    def __init__(self, source: str) -> None:
        self.source = source


def test_whoever_has_the_most_gives_way() -> None:
    """A flood ends its own oldest request, also where somebody else's is older."""
    good, first, *rest = [Sent(letter) for letter in "gffff"]
    assert who_gives_way([good, first, *rest]) is first
    assert who_gives_way([good]) is good
