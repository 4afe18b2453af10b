"""What begins together costs the store as many statements as a few of it: a monorepo's push stays short."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State
from pushboat.store import ending, holds
from pushboat.store.database.engine import Store
from tests.store.repository import Repository, deploy

FEW, MANY = 3, 12
LOOKS = 3
"""Statements by which the test itself looks at each deployment that was made: a transaction, its row, what holds it."""


@contextmanager
def counting(store: Store) -> Iterator[list[str]]:
    """Keep what the database is asked meanwhile."""
    asked: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    sa.event.listen(store.engine, "before_cursor_execute", keep)
    try:
        yield asked
    finally:
        sa.event.remove(store.engine, "before_cursor_execute", keep)


def begin(repository: Repository, sha: str, environments: int) -> int:
    """Push to so many environments of their own, and count what the store was asked."""
    names = [f"{environments}-{number}" for number in range(environments)]
    with counting(repository.store) as asked:
        made = repository.route(*(deploy(sha, name, once=True) for name in names))
    for each in made:
        ending.finish(repository.store, repository.claim(each), State.SUCCEEDED, "healthy")
    return len(asked) - environments * LOOKS


def test_many_begin_as_few_do(store: Store, repository: Repository) -> None:
    """I push to four times as many environments, new ones and such that run, and the store is asked as often."""
    holds.put(store, Hold(kind="pause", scope=Scope(repository="github/acme/cart"), by="ann"))  # of none of mine
    for sha in ("a", "b"):
        assert begin(repository, sha, MANY) == begin(repository, sha, FEW)


def test_what_waits_for_itself_is_read_with_its_own_holds_alone(store: Store, repository: Repository) -> None:
    """Hundreds of deployments wait for approval, and looking at one of them reads one hold."""
    mine = Hold(kind="needs", scope=Scope(), by="qa", subject="qa", sha="a")
    made = repository.route(*(deploy("a", f"e{number}", holds=(mine,)) for number in range(MANY)))
    with counting(store) as asked:
        assert repository.row(made[0]).waits == "waits until qa is healthy at a"
    (read,) = [each for each in asked if "FROM hold" in each]
    assert "hold.deployment IN" in read
