"""At no moment is a deployment's state in the store without the letter that tells of it, wherever a process dies."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from pushboat.model.state import State
from pushboat.store import ending
from pushboat.store.database.engine import Store, open_store
from pushboat.store.database.schema import deployments, outbox
from tests.store.repository import Repository, time_passes

SAYS = {
    "queued": {"queued", "running"},
    "running": {"running"},
    "superseded": {"running", "cancelled", "succeeded", "failed", "errored"},
}
"""What the newest letter about a deployment in a state may say; an ended one says how it ended."""


@contextmanager
def watched(store: Store, look: Callable[[], None]) -> Iterator[None]:
    """Look at what everybody else sees after each commit of a store."""

    def looks(_connection: sa.Connection) -> None:
        if not _connection.get_execution_options().get("pushboat_reads", False):
            due.append(True)

    due: list[bool] = []
    sa.event.listen(store.engine, "commit", looks)
    checkin = _looking(due, look)
    sa.event.listen(store.engine, "checkin", checkin)
    try:
        yield
    finally:
        sa.event.remove(store.engine, "checkin", checkin)
        sa.event.remove(store.engine, "commit", looks)


def _looking(due: list[bool], look: Callable[[], None]) -> Callable[..., None]:
    """Look once the commit that is due is done: the connection comes back to its pool."""

    def looks(*_: object) -> None:
        if due:
            due.clear()
            look()

    return looks


def supersede(repository: Repository) -> None:
    """A newer commit comes while the first one waits, and while it runs."""
    first = repository.push("a")
    second = repository.push("b", contains=[first])
    claim = repository.claim(second)
    repository.push("c", contains=[second])
    ending.finish(repository.store, claim, State.SUPERSEDED, "c came")


def succeed(repository: Repository) -> None:
    """One is claimed and gets through."""
    ending.finish(repository.store, repository.claim(repository.push("a")), State.SUCCEEDED, "done")


def fail(repository: Repository) -> None:
    """One is claimed, given back, and fails at its second try."""
    first = repository.push("a")
    ending.give_back(repository.store, repository.claim(first), "the cluster is away", 0.0)
    ending.finish(repository.store, repository.claim(first), State.FAILED, "no such folder")


def die(repository: Repository) -> None:
    """A worker dies with one in its hands."""
    repository.claim(repository.push("a"))
    time_passes(repository.store, 16)
    assert ending.sweep(repository.store) == 1


@pytest.mark.parametrize("happens", [supersede, succeed, fail, die])
def test_every_commit_has_both(
    repository: Repository, url: str, tmp_path: Path, happens: Callable[[Repository], None]
) -> None:
    """Whatever happens to deployments: after each single commit the newest letter about each says where it stands."""
    outsider, looks = open_store(url, tmp_path), list[int]()

    def look() -> None:
        with outsider.reading() as tx:
            rows = tx.rows(sa.select(deployments.c.sha, deployments.c.state))
            letters = tx.rows(sa.select(outbox.c.payload).where(outbox.c.kind == "status").order_by(outbox.c.id))
        said = {payload["sha"]: payload["state"] for payload in (json.loads(row["payload"]) for row in letters)}
        for row in rows:
            assert said.get(row["sha"]) in SAYS.get(row["state"], {row["state"]}), f"{row['sha']} is {row['state']}"
        looks.append(len(rows))

    try:
        with watched(repository.store, look):
            happens(repository)
    finally:
        outsider.close()
    assert sum(map(bool, looks)) >= 3, "nobody looked"
