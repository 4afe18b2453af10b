"""The nouns of these tests: the show room on a port of its own, its store empty or with something of everything."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.config.pages import Access, Pages
from tests.dashboard.filled import fill
from tests.fresh_store import fresh_store
from tests.pages.conftest import front_door, ledger
from tests.pages.ledger import Ledger
from tests.receiving.front_door import FrontDoor, make_operator, open_front_door

__all__ = ["filled", "front_door", "ledger"]


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[FrontDoor]:
    """The web process' app on a port of its own, with a store that has something of everything."""
    operator = make_operator(tmp_path)
    store = fresh_store(operator.state)
    fill(Ledger(store))
    with open_front_door(operator, store) as door:
        door.post(b"{}", {"Content-Type": "application/json"})
        yield door
    store.close()


@pytest.fixture
def door(tmp_path: Path) -> Iterator[FrontDoor]:
    """A front door whose pages are open."""
    operator = make_operator(tmp_path)
    store = fresh_store(operator.state)
    with open_front_door(replace(operator, pages=Pages(access=Access.OPEN)), store) as opened:
        yield opened
    store.close()
