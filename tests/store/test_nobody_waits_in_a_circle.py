"""Several processes decide on one store, and none waits for one that waits for it: Postgres ends that by an error.

Whoever decides about a lane has its row first and its deployments' afterwards; whoever has less to do there takes one
row at a time, or leaves what somebody has.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import psycopg
import pytest
import sqlalchemy as sa

from pushboat.model.deployment import Deployment
from pushboat.model.state import State, Trigger
from pushboat.store import attempts, comparing, ending, hinting, repetitions
from pushboat.store.database.engine import Store
from pushboat.store.repetitions import Repetition
from tests.store.looking import release
from tests.store.many_rows import KINDS, TABLES, Many
from tests.store.repository import NAME, Repository, deploy
from tests.until import until

ENVIRONMENTS = ("production", "staging")
HELD = sa.text("SELECT id FROM deployment WHERE id = :id FOR UPDATE")
LANE = sa.text("SELECT id FROM lane FOR UPDATE")
TOUCHED = sa.text("UPDATE deployment SET successor = NULL WHERE id = :id")
REPOSITORY = sa.text("SELECT name FROM repository WHERE name = :name FOR UPDATE")
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


def test_two_dispatchers_wake_all_repositories_at_once(url: str, store: Store) -> None:
    """The broker was wiped, and both dispatchers find the repositories in different orders: nobody waits in a circle.

    A row that was updated stands behind the others for who looks later. So it was in the run of chaos with seed 104:
    one had `a` and came to `c`, the other had `c` and came to `a`.
    """
    with ExitStack() as stack:
        connect = lambda: stack.enter_context(psycopg.connect(url.replace("+psycopg", "")))  # noqa: E731
        accepts, other = connect(), connect()
        other.execute("INSERT INTO repository (name, hints) VALUES ('a', 1), ('b', 1), ('c', 1)")
        other.commit()
        accepts.execute("UPDATE repository SET hint_at = hint_at WHERE name = 'a'")
        one = stack.enter_context(meanwhile(lambda: hinting.wake_all(store)))
        until(lambda: waits_for(store, accepts), what="the first dispatcher to wait for `a`")
        other.execute("UPDATE repository SET hints = 0 WHERE name = 'b'")  # nothing is to be woken there any more
        other.commit()
        other.execute("SELECT name FROM repository WHERE name = 'b' FOR UPDATE")
        accepts.commit()
        until(lambda: waits_for(store, other), what="the first dispatcher to wait for `b`")
        second = stack.enter_context(meanwhile(lambda: hinting.wake_all(store)))
        until(lambda: not second.is_alive() or waiting(store) > 1, what="the second one to wait or to be done")
        other.rollback()
        one.join(60)
    with store.reading() as tx:
        assert tx.scalar(sa.text("SELECT max(hints) FROM repository")) == 0


def waiting(store: Store) -> int:
    """Say how many wait for a row."""
    with store.reading() as tx:
        return int(tx.scalar(WAITING))


def waits_for(store: Store, connection: psycopg.Connection) -> bool:
    """Say whether somebody waits for what a connection has."""
    blocked = sa.text("SELECT count(*) FROM pg_stat_activity WHERE :pid = ANY (pg_blocking_pids(pid))")
    with store.reading() as tx:
        return tx.scalar(blocked, pid=connection.info.backend_pid) > 0


@pytest.mark.parametrize(
    ("many", "has"), [(each, has) for each in KINDS for has in ((0,) if each.waits else (0, 1))], ids=str
)
def test_who_changes_many_rows_has_none_while_waiting_for_another(many: Many, has: int, repository: Repository) -> None:
    """Somebody has one of two rows and comes to the other, while both are changed: neither is ended by an error."""
    store = repository.store
    many.prepare(repository)
    mine = sa.text(f"SELECT 1 FROM {many.table} WHERE {TABLES[many.table]} = :key FOR UPDATE")
    with ExitStack() as stack, store.writing() as tx:
        assert tx.rows(mine, key=many.rows[has])
        other = stack.enter_context(meanwhile(lambda: many.act(store)))
        until(lambda: waits(store, other), what="it to wait or to be done")
        assert many.waits or not other.is_alive(), "it waited"
        tx.rows(mine, key=many.rows[1 - has])


def keep(store: Store, ref: str, *left: Deployment) -> None:
    """Let a commit of a ref leave these environments as they are."""
    names = frozenset(each.lane.environment for each in left)
    commit = Repetition(
        repository=NAME, ref=ref, sha=ref, author="ann", trigger=Trigger.PUSH, delivery=1, environments=names
    )
    with store.writing() as tx:
        repetitions.keep(tx, commit)


def repeated(store: Store) -> int:
    """Count the rows that such commits have in lanes."""
    with store.reading() as tx:
        return int(tx.scalar(sa.text("SELECT count(*) FROM deployment WHERE same_as > 0")))


def test_lanes_of_two_refs_are_taken_in_one_order(repository: Repository) -> None:
    """Commits of two refs get their rows while somebody puts a hold on all lanes: nobody waits in a circle."""
    store, made = repository.store, two(repository)
    for each in made:
        ending.finish(store, repository.claim(each), State.SUCCEEDED, "healthy")
    keep(store, "main", made[1])
    keep(store, "dev", made[0])
    lane = sa.text("SELECT id FROM lane WHERE environment = :name FOR UPDATE")
    with ExitStack() as stack, store.writing() as tx:
        tx.rows(REPOSITORY, name=NAME)  # as holds.py does: the repository, and lanes in their order
        tx.rows(lane, name="staging")
        other = stack.enter_context(meanwhile(lambda: repetitions.settle(store, NAME, ENVIRONMENTS)))
        until(lambda: waits(store, other), what="it to wait or to be done")
        tx.rows(lane, name="production")
    assert repeated(store) == 2


def test_comparisons_of_many_lanes_are_taken_in_one_order(repository: Repository) -> None:
    """A commit gets its rows in lanes that are compared while comparisons are scheduled anew: no circle there."""
    store, made = repository.store, [release(repository, each) for each in two(repository)]
    comparing.schedule(store, {each.lane: "dev" for each in made}, 60.0)
    with store.writing() as tx:
        for each in made:
            place = {"name": each.lane.environment, "id": each.id}
            tx.change(sa.text("UPDATE inspection SET deployment = :id WHERE environment = :name"), **place)
        for way in ("nestloop", "mergejoin"):  # as Postgres goes about it where lanes are many
            tx.change(sa.text(f"ALTER DATABASE {store.engine.url.database} SET enable_{way} = off"))
    store.engine.dispose()
    keep(store, "main", *made)
    mine = sa.text("SELECT 1 FROM inspection WHERE environment = :name FOR UPDATE")
    with ExitStack() as stack, store.writing() as tx:
        tx.rows(mine, name="production")
        other = stack.enter_context(meanwhile(lambda: repetitions.settle(store, NAME, ENVIRONMENTS)))
        until(lambda: waits(store, other), what="it to wait or to be done")
        assert other.is_alive()
        tx.rows(mine, name="staging")
    assert repeated(store) == 2
