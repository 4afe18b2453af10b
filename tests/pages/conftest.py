"""The nouns of these tests: a front door whose store fills up through a ledger."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fresh_store import fresh_store
from tests.pages.ledger import Ledger
from tests.receiving.front_door import FrontDoor, make_operator, open_front_door


@pytest.fixture
def front_door(tmp_path: Path) -> Iterator[FrontDoor]:
    """The web process' app on a port of its own, with a fresh store."""
    operator = make_operator(tmp_path)
    store = fresh_store(operator.state)
    with open_front_door(operator, store) as door:
        yield door
    store.close()


@pytest.fixture
def ledger(front_door: FrontDoor) -> Ledger:
    """What has been deployed so far."""
    return Ledger(front_door.store)
