"""A push that leaves an environment's files as they are is green there at once, but not where that may be empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.recovering.to_cluster import doubt
from pushboat.store.database.engine import Store
from tests.fresh_store import fresh_store
from tests.store.looking import LANE
from tests.store.repository import Repository
from tests.store.test_untouched import carried_out, stands


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of nothing."""
    found = fresh_store(tmp_path)
    yield found
    found.close()


def test_what_is_lost_does_not_stand_until_something_got_through(store: Store) -> None:
    """The cluster is empty, and no timer has looked yet: my next push is carried out, whatever it changes."""
    repository = Repository(store)
    carried_out(repository, repository.push("a"))
    assert LANE.environment in stands(store)
    doubt(store, [LANE])
    assert not stands(store)
    carried_out(repository, repository.push("b"))
    assert LANE.environment in stands(store)
