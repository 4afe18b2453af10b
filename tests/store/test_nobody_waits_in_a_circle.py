"""Several processes decide on one store, and none waits for one that waits for it: Postgres ends that by an error.

Whoever decides about a lane has its row first and its deployments' afterwards; whoever has less to do there takes one
row at a time, or leaves what somebody has.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
import sqlalchemy as sa

from pushboat.model.deployment import Deployment
from pushboat.store import attempts, hinting
from pushboat.store.database.engine import Store
from tests.store.repository import Repository, deploy
from tests.until import until

HELD = sa.text("SELECT id FROM deployment WHERE id = :id FOR UPDATE")
LANE = sa.text("SELECT id FROM lane FOR UPDATE")
TOUCHED = sa.text("UPDATE deployment SET successor = NULL WHERE id = :id")
WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


pytestmark = pytest.mark.parametrize("url", ["postgres"], indirect=True)
"""SQLite has one writer at a time, and no circles."""


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[threading.Thread]:
    """Let somebody else act, and see that no error came of it."""
    errors: list[BaseException] = []

    def acts() -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001  # it is raised in the test's own thread
            errors.append(error)

    thread = threading.Thread(target=acts)
    thread.start()
    yield thread
    thread.join()
    assert not errors, errors


def waits(store: Store, thread: threading.Thread) -> bool:
    """Say whether somebody waits for a row, or has come to the end."""
    with store.reading() as tx:
        return not thread.is_alive() or tx.scalar(WAITING) > 0


def test_one_that_waits_for_health_does_not_wait_for_a_routing(repository: Repository) -> None:
    """A push is routed while my deployment notes since when it waits: it needs nothing that the routing has."""
    store, claim = repository.store, repository.claim(repository.push("a"))
    with store.writing() as tx:
        tx.rows(LANE)
        with meanwhile(lambda: attempts.waited(store, claim, anew=True)) as other:
            until(lambda: waits(store, other), what="it to wait or to be done")
            tx.change(TOUCHED, id=claim.deployment.id)
            other.join(1)
            done = not other.is_alive()
    assert done, "it waited for the lane"


def two(repository: Repository) -> tuple[Deployment, Deployment]:
    """Push a commit that goes to two environments."""
    first, second = repository.route(deploy("a"), deploy("a", "production"))
    return first, second


def test_hints_are_noted_without_waiting(repository: Repository) -> None:
    """The dispatcher notes what it published while one of it is being decided about: that one is hinted once more."""
    store, (first, second) = repository.store, two(repository)
    with store.writing() as tx:
        tx.rows(HELD, id=second.id)
        with meanwhile(lambda: hinting.hinted(store, [first.id, second.id])) as other:
            other.join(3)
            done = not other.is_alive()
    assert done, "it waited for a deployment with another one in its hands"
    assert hinting.due(store) == [second.id]


def test_all_are_woken_one_by_one(repository: Repository) -> None:
    """The broker was wiped while somebody decides about a deployment: all are woken, and nobody waits in a circle."""
    store, (first, second) = repository.store, two(repository)
    hinting.hinted(store, [first.id, second.id])
    with ExitStack() as stack, store.writing() as tx:
        tx.rows(HELD, id=second.id)
        other = stack.enter_context(meanwhile(lambda: hinting.wake_all(store)))
        until(lambda: waits(store, other), what="it to wait or to be done")
        tx.change(TOUCHED, id=first.id)
    assert hinting.due(store) == [first.id, second.id]
