"""The nouns of these tests: an operator's configuration, a store with its tables, a front door on a port."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.config.operator import Operator
from pushboat.store.database.engine import Store
from tests.fresh_store import fresh_store
from tests.receiving.front_door import FrontDoor, make_operator, open_front_door
from tests.receiving.web_process import prepare


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """An operator with three forges and one project."""
    return make_operator(tmp_path)


@pytest.fixture
def store(operator: Operator) -> Iterator[Store]:
    """A fresh SQLite store."""
    store = fresh_store(operator.state)
    yield store
    store.close()


@pytest.fixture
def front_door(operator: Operator, store: Store) -> Iterator[FrontDoor]:
    """The web process' app on a port of its own."""
    with open_front_door(operator, store) as door:
        yield door


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An operator's file on a free port, and a store with its tables."""
    return prepare(tmp_path)
