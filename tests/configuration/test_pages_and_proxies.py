"""`pages` and `trusted_proxies` of the operator's file: what follows from addresses, and mistakes."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from pushboat.config import operator
from pushboat.config.pages import Access, Pages
from pushboat.errors import ConfigurationError
from tests.configuration.test_operator_file import ENVIRON, SMALLEST


def read(text: str) -> operator.Operator:
    """Read lines in front of the smallest file."""
    return operator.parse(f"{text}\n{SMALLEST}", Path("/tmp/pushboat.yaml"), ENVIRON)


@pytest.mark.parametrize(
    ("addresses", "access"),
    [
        ("", Access.OPEN),
        ("listen: 127.9.9.9:1", Access.OPEN),
        ("listen: '[::1]:1'\npublic_url: http://localhost:1", Access.OPEN),
        ("listen: 0.0.0.0:1", Access.HIDDEN),
        ("listen: 0.0.0.0:1\npublic_url: http://127.0.0.1:1", Access.HIDDEN),
        ("listen: '[::]:1'", Access.HIDDEN),
        ("listen: 10.0.0.1:1", Access.HIDDEN),
        ("listen: pushboat.internal:1", Access.HIDDEN),
        ("public_url: https://pushboat.example.com", Access.HIDDEN),
        ("public_url: https://localhost.example.com", Access.HIDDEN),
        ("dashboard: {listen: 0.0.0.0:1}", Access.HIDDEN),
        ("dashboard: {listen: 127.0.0.1:1}\nlisten: 0.0.0.0:1\npublic_url: http://localhost:1", Access.OPEN),
    ],
)
def test_pages_are_hidden_where_others_may_come(addresses: str, access: Access) -> None:
    """Without a word of the operator only an installation of this machine shows its pages."""
    assert read(addresses).pages.access is access
    assert read(f"{addresses}\npages: open").pages.access is Access.OPEN
    with_password = read(f"{addresses}\npages: {{password: {{env: HOOK}}}}").pages
    assert with_password == Pages(access=Access.PASSWORD, password="hook-secret")
    assert "hook-secret" not in repr(with_password)


def test_proxies_are_networks_and_addresses() -> None:
    """One address is a network of one."""
    read_back = read("trusted_proxies: [10.0.0.0/8, 192.0.2.7, 'fd00::/8']").trusted_proxies
    assert read_back == (ip_network("10.0.0.0/8"), ip_network("192.0.2.7/32"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("pages: closed", "'pages' must be open, or {password: {file: PATH}}"),
        ("pages: {password: hunter2}", "is a secret and must not stand in the file"),
        ("pages: {}", "'password' is missing"),
        ("pages: {password: {env: ABSENT}}", "needs the environment variable ABSENT"),
        ("pages: {pasword: {env: HOOK}}", "unknown key 'pasword'"),
        ("dashboard: {}", "'listen' is missing"),
        ("dashboard: {listen: '8701'}", "'listen' must be host:port"),
        ("dashboard: {listen: 127.0.0.1:8700}", "is the address of `listen`"),
        ("listen: '[::1]:9'\ndashboard: {listen: '[::1]:9'}", "is the address of `listen`"),
        ("trusted_proxies: [10.0.0.1/8]", "must be addresses or networks"),
        ("trusted_proxies: ['*']", "must be addresses or networks"),
        ("trusted_proxies: 10.0.0.0/8", "'trusted_proxies' must be a list"),
    ],
)
def test_mistakes_say_what_to_write(text: str, sentence: str) -> None:
    """What cannot be meant is refused with the way to write it."""
    with pytest.raises(ConfigurationError) as raised:
        read(text)
    assert sentence in "\n".join(map(str, raised.value.mistakes))
    assert "hunter2" not in str(raised.value.mistakes)
