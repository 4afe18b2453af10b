"""Heads: where each ref of a repository stood when a delivery or a look last told us.

A delivery moves its ref's head in the transaction that accepts it, so what arrived is never taken for missed. A look
moves a head only where nothing has arrived since it began.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter

import sqlalchemy as sa

from pushboat.events import ZERO_SHA, Event, EventKind
from pushboat.model.head import Head
from pushboat.store.database.engine import Store
from pushboat.store.database.repository_tables import heads
from pushboat.store.database.transaction import Transaction

_CHUNK = 200
"""Rows of one transaction: whoever accepts a delivery meanwhile must not wait."""

_THIS = "WHERE repository = :repository AND ref = :ref"
# Pushes may arrive in another order than they happened: the one that the newest one was built on changes nothing more
# than what was before it.
_LATE = sa.text(f"UPDATE head SET before = :before {_THIS} AND before = :sha AND sha <> :before")  # noqa: S608 - constants
_TOLD = sa.text(
    "INSERT INTO head (repository, ref, sha, before) SELECT :repository, :ref, :sha, :before "
    "WHERE EXISTS (SELECT 1 FROM look WHERE repository = :repository) "
    "ON CONFLICT (repository, ref) DO UPDATE SET sha = excluded.sha, before = excluded.before, found = '', found_at = 0"
)
_GONE = sa.text(f"DELETE FROM head {_THIS}")  # noqa: S608
_RECORD = sa.text(
    "INSERT INTO head (repository, ref, sha) VALUES (:repository, :ref, :sha) ON CONFLICT (repository, ref) DO NOTHING"
)
_FOUND = sa.text(
    "INSERT INTO head (repository, ref, found, found_at) VALUES (:repository, :ref, :found, :now) "
    "ON CONFLICT (repository, ref) DO UPDATE SET found = excluded.found, found_at = excluded.found_at "
    "WHERE head.sha = :sha AND head.found_at = 0"
)
_AS_BEFORE = sa.text(f"UPDATE head SET found = '', found_at = 0 {_THIS} AND sha = :sha")  # noqa: S608
_FORGET = sa.text(f"DELETE FROM head {_THIS} AND sha = :sha")  # noqa: S608
_SOME_REFUSED = sa.text(
    "SELECT count(*) FROM (SELECT details, deployments FROM delivery WHERE repository = :repository "
    "ORDER BY id DESC LIMIT :recent) AS newest WHERE details <> '' AND deployments = '[]'"
)
_CAUGHT_UP = sa.text(
    "UPDATE head SET sha = :new, before = sha, found = '', found_at = 0 "  # noqa: S608
    f"{_THIS} AND sha = :sha AND found_at = :found_at"
)


def told(tx: Transaction, forge: str, event: Event) -> None:
    """Move a ref's head as a pushed event says; only of repositories that we look at, which the operator's file has."""
    if event.kind is not EventKind.PUSH or not event.repository:
        return
    place = {"repository": f"{forge}/{event.repository}", "ref": event.ref}
    if event.sha in ("", ZERO_SHA):
        tx.change(_GONE, **place)
    elif not tx.change(_LATE, **place, sha=event.sha, before=event.before):
        tx.change(_TOLD, **place, sha=event.sha, before=event.before)


def caught_up(tx: Transaction, repository: str, head: Head, sha: str) -> bool:
    """Move a head to what a look found; False where a delivery has told of the ref since the look began."""
    if not head.sha and not head.found_at:
        return bool(tx.change(_RECORD, repository=repository, ref=head.ref, sha=sha))
    moved = {"sha": head.sha, "found_at": head.found_at, "new": sha}
    return bool(tx.change(_CAUGHT_UP, repository=repository, ref=head.ref, **moved))


def known(store: Store, repository: str) -> dict[str, Head]:
    """List what we know of a repository's refs."""
    with store.reading() as tx:
        rows = tx.rows(sa.select(heads).where(heads.c.repository == repository))
    return {row["ref"]: Head(ref=row["ref"], sha=row["sha"], found_at=row["found_at"]) for row in rows}


def named(store: Store, name: str, most: int, within: Collection[str] | None = None) -> list[tuple[str, str, str]]:
    """List the branches and tags of a name, wherever they are, or in some repositories: repository, ref and sha."""
    query = sa.select(heads).where(
        heads.c.ref.in_((name, f"refs/heads/{name}", f"refs/tags/{name}")), heads.c.sha != ""
    )
    if within is not None:
        query = query.where(heads.c.repository.in_(within))
    with store.reading() as tx:
        rows = tx.rows(query.order_by(heads.c.repository, heads.c.ref).limit(most))
    return [(row["repository"], row["ref"], row["sha"]) for row in rows]


def record(store: Store, repository: str, there: Mapping[str, str]) -> None:
    """Take heads as they are, where nothing is known of them yet."""
    _change_all(store, _RECORD, [{"repository": repository, "ref": ref, "sha": sha} for ref, sha in there.items()])


def found(store: Store, repository: str, stands: Sequence[tuple[Head, str]]) -> None:
    """Note that refs stand elsewhere than we were told, and where; their deliveries may still be on their way."""
    _change_all(store, _FOUND, [{**_place(repository, head), "found": sha} for head, sha in stands])


def as_before(store: Store, repository: str, stand: Sequence[Head]) -> None:
    """Note that refs stand again where we were told."""
    _change_all(store, _AS_BEFORE, [_place(repository, head) for head in stand])


def forget(store: Store, repository: str, gone: Sequence[Head]) -> None:
    """Note that refs are gone; if they come again, that is news."""
    _change_all(store, _FORGET, [_place(repository, head) for head in gone])


def _place(repository: str, head: Head) -> dict[str, str]:
    return {"repository": repository, "ref": head.ref, "sha": head.sha}


def _change_all(store: Store, statement: sa.TextClause, rows: Sequence[Mapping[str, str]]) -> None:
    in_order = sorted(rows, key=itemgetter("ref"))  # whoever else looks, since this one was thought to be gone
    for start in range(0, len(rows), _CHUNK):
        with store.writing() as tx:
            for row in in_order[start : start + _CHUNK]:
                tx.change(statement, now=tx.now, **row)


def some_were_refused(store: Store, repositories: Iterable[str], recent: int) -> list[str]:
    """List the repositories of whose newest `recent` deliveries one has mistakes and led to nothing."""
    with store.reading() as tx:
        return [name for name in repositories if tx.scalar(_SOME_REFUSED, repository=name, recent=recent)]
