"""The broker dies with a thousand hints in it and comes back with none: each is told again, and deployed once."""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
import sqlalchemy as sa

from pushboat.config.operator import Operator
from pushboat.model.state import State
from pushboat.queue.bell import ring
from pushboat.queue.embedded import broker_socket
from pushboat.store import ending, lanes
from pushboat.store.database.engine import Store, open_store
from tests.bad_days.conftest import Dispatcher, Start
from tests.chaos.machines import forget
from tests.store.conftest import migrated_database, postgres_server
from tests.store.test_repositories_take_turns import push
from tests.until import until

__all__ = ["migrated_database", "postgres_server"]

EACH = 50
"""Environments of each repository: as many as workers may be told of at once."""


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store with our tables, of either kind."""
    url = ""
    if request.param == "sqlite":
        (tmp_path / "pushboat.sqlite3").write_bytes(request.getfixturevalue("migrated_file").read_bytes())
    else:
        server = request.getfixturevalue("postgres_server")
        url = server.fresh(request.getfixturevalue("migrated_database"))
    store = open_store(url, tmp_path)
    yield store
    store.close()


def told(operator: Operator) -> set[int]:
    """Read which deployments workers would be told of."""
    with redis.Redis(unix_socket_path=str(broker_socket(operator.state))) as client:
        messages = client.lrange("pushboat:deploy", 0, -1)
    bodies = (json.loads(base64.b64decode(json.loads(message)["body"])) for message in messages)
    return {arguments[0] for arguments, *_ in bodies}


def deploys(store: Store, number: int) -> bool:
    """Do what a worker does who hears of a deployment: False where it was not to be had."""
    claim = lanes.claim(store, number, "worker")
    return claim is not None and ending.finish(store, claim, State.SUCCEEDED, "healthy") is not None


@pytest.mark.programs
@pytest.mark.parametrize("repositories", [2, pytest.param(20, marks=pytest.mark.proof)])
def test_each_is_told_of_again(
    repositories: int, operator: Operator, store: Store, dispatch: Callable[[], Dispatcher], start: Start
) -> None:
    """Everything that waited for a worker is hinted anew, and who hears of it twice deploys it once."""
    for number in range(repositories):
        push(store, f"acme/r{number}", f"{number:040x}", *(f"e{place}" for place in range(EACH)))
    wanted = set(range(1, repositories * EACH + 1))

    def all_are_told() -> bool:
        ring(operator.state)
        return told(operator) == wanted

    process = start(operator)
    dispatch()
    until(all_are_told, what="all hints")
    process.kill()
    process.wait()
    forget(operator.state / "broker")
    start(operator)
    until(all_are_told, what="all hints again")
    sample = sorted(wanted)[:: len(wanted) // EACH]
    assert all(deploys(store, number) for number in sample)
    assert not any(deploys(store, number) for number in sample), "the hint from before the broker died does nothing"
    with store.reading() as tx:
        ended = tx.scalar(sa.text("SELECT count(*) FROM deployment WHERE state = 'succeeded' AND attempts = 1"))
    assert ended == len(sample)
