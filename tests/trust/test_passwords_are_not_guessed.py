"""Who guesses the password of the pages is slowed down; who knows it is not, from another address."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest
import requests

from pushboat.config.pages import Access, Pages
from tests.fresh_store import fresh_store
from tests.receiving.front_door import FrontDoor, make_operator, open_front_door
from webhook.tries import MOST_ADDRESSES, Tries
from webhook.viewers import GUESSES

PASSWORD = "known to some"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[FrontDoor]:
    """Pages behind a password, and a proxy in front of them that says who comes."""
    pages = Pages(access=Access.PASSWORD, password=PASSWORD)
    operator = replace(make_operator(tmp_path), pages=pages, trusted_proxies=(ip_network("127.0.0.0/8"),))
    store = fresh_store(operator.state)
    with open_front_door(operator, store) as opened:
        yield opened
    store.close()


def look(door: FrontDoor, password: str, address: str = "192.0.2.7") -> requests.Response:
    """Ask for a page with a password, from an address."""
    headers = {"X-Forwarded-For": address}
    return requests.get(f"{door.url}/deliveries", auth=("any", password), headers=headers, timeout=60)


def test_so_many_guesses_and_no_more(door: FrontDoor) -> None:
    """Then nothing is compared, not even the right one, until minutes have passed; others go on as before."""
    assert look(door, PASSWORD).status_code == 200
    codes = [look(door, f"guess {number}").status_code for number in range(GUESSES)]
    assert codes == [*[401] * (GUESSES - 1), 429]
    refused = look(door, PASSWORD)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "300")
    assert look(door, PASSWORD, "192.0.2.8").status_code == 200
    assert requests.get(f"{door.url}/healthz", timeout=60).status_code == 200


def test_who_knows_it_is_never_counted(door: FrontDoor) -> None:
    """However often they look."""
    assert {look(door, PASSWORD).status_code for _ in range(GUESSES + 10)} == {200}


def test_addresses_of_one_network_are_one_sender() -> None:
    """Whoever has IPv6 has more addresses than anybody counts; a neighbour is another one."""
    tries = Tries(3)
    assert [tries.allow(f"2001:db8:1:2::{number:x}") for number in range(4)] == [True] * 3 + [False]
    assert tries.are_spent("2001:db8:1:2:ffff::1")
    assert not tries.are_spent("2001:db8:1:3::1")
    assert [tries.allow(f"::ffff:192.0.2.{number}") for number in range(4)] == [True] * 4
    assert [tries.allow(f"192.0.2.{number}") for number in range(4)] == [True] * 4
    assert [tries.allow("token ops") for _ in range(4)] == [True] * 3 + [False]


def test_a_try_comes_back_with_time_and_addresses_are_bounded() -> None:
    """All of them in five minutes; of a flood of addresses the oldest are forgotten."""
    now = [0.0]
    tries = Tries(10, lambda: now[0])
    assert [tries.allow("a") for _ in range(11)] == [True] * 10 + [False]
    assert tries.are_spent("a")
    now[0] += 30.0
    assert not tries.are_spent("a")
    assert [tries.allow("a"), tries.allow("a")] == [True, False]
    for number in range(MOST_ADDRESSES + 5):
        tries.allow(f"b{number}")
    assert not tries.are_spent("a"), "forgotten, as a restart would"
