"""Letters that were given up: what a forge never took, listed, and put back once what kept it from that is mended.

What something newer has taken the place of since is not put back, were that refused as well: it would say what is over.
"""

import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.model.letter import KINDS, Letter, StatusLetter, read
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Row, Transaction
from pushboat.store.outbox import DEAD

MOST_AT_ONCE = 200
"""Letters in one transaction: others write in between."""
# ruff: noqa: S608 - the statements are put together from constants only
_OURS = f"outcome = '{DEAD}' AND substr(forge, 1, 1) <> '@'"  # notices have a doctor of their own
_COLUMNS = "id, stream, forge, repository, kind, payload, error, sent_at"
_LISTED = sa.text(f"SELECT {_COLUMNS} FROM outbox WHERE {_OURS} ORDER BY id DESC LIMIT :limit")
_NUMBERS = sa.text(f"SELECT forge, count(*) AS number, max(id) AS newest FROM outbox WHERE {_OURS} GROUP BY forge")
_OF_STREAM = sa.text(
    f"SELECT {_COLUMNS} FROM outbox o WHERE stream = :stream AND outcome = '{DEAD}' AND NOT EXISTS "
    "(SELECT 1 FROM outbox newer WHERE newer.stream = o.stream AND newer.id > o.id) ORDER BY id DESC LIMIT 1"
)
_CHOSEN = sa.text(f"SELECT {_COLUMNS} FROM outbox WHERE {_OURS} AND id IN :ids ORDER BY id").bindparams(
    sa.bindparam("ids", expanding=True)
)
_NEXT = sa.text(f"SELECT {_COLUMNS} FROM outbox WHERE {_OURS} AND id > :after ORDER BY id LIMIT :limit")
_NEWER = sa.text("SELECT kind, payload FROM outbox WHERE stream = :stream AND id > :id ORDER BY id")
_REOPEN = sa.text(
    "UPDATE outbox SET sent_at = NULL, outcome = '', error = '', not_before = 0, lease_owner = '', lease_until = 0 "
    f"WHERE id = :id AND outcome = '{DEAD}'"
)
_OVER = sa.text(f"UPDATE outbox SET outcome = 'collapsed' WHERE id = :id AND outcome = '{DEAD}'")


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """A letter that its forge refused for good: when, and why. `path` is the page that it spoke of, if there is one."""

    id: int
    forge: str
    repository: str
    kind: str
    about: str
    path: str
    error: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack:
    """What was put back, and what was not, since something newer has taken its place."""

    again: tuple[int, ...] = ()
    over: tuple[int, ...] = ()


def listed(store: Store, limit: int) -> list[GivenUp]:
    """List what was given up, newest first."""
    with store.reading() as tx:
        return [_given_up(row) for row in tx.rows(_LISTED, limit=limit)]


def numbers(store: Store) -> dict[str, int]:
    """Count what was given up, by forge."""
    with store.reading() as tx:
        return {row["forge"]: int(row["number"]) for row in tx.rows(_NUMBERS)}


def last_of(store: Store, repository: str, sha: str, context: str) -> GivenUp | None:
    """Find the last word on a commit under a context, where that is one that the forge never took."""
    with store.reading() as tx:
        row = tx.row(_OF_STREAM, stream=f"status {repository} {sha} {context}")
    return _given_up(row) if row else None


def put_back(store: Store, ids: Collection[int]) -> PutBack:
    """Let these be posted again; others than such letters are passed over."""
    with store.writing() as tx:
        return _put_back(tx, tx.rows(_CHOSEN, ids=list(ids)) if ids else [])


def put_all_back(store: Store) -> PutBack:
    """Let all be posted again, a part in each transaction."""
    again: tuple[int, ...] = ()
    over: tuple[int, ...] = ()
    after = 0
    while True:
        with store.writing() as tx:
            rows = tx.rows(_NEXT, after=after, limit=MOST_AT_ONCE)
            done = _put_back(tx, rows)
        again, over = again + done.again, over + done.over
        if len(rows) < MOST_AT_ONCE:
            return PutBack(again=again, over=over)
        after = int(rows[-1]["id"])


def _put_back(tx: Transaction, rows: Collection[Row]) -> PutBack:
    over = tuple(int(row["id"]) for row in rows if _is_over(tx, row))
    again = tuple(int(row["id"]) for row in rows if int(row["id"]) not in over)
    for statement, ids in ((_OVER, over), (_REOPEN, again)):
        for each in ids:
            tx.change(statement, id=each)
    return PutBack(again=again, over=over)


def _is_over(tx: Transaction, row: Row) -> bool:
    """Say whether something newer of its stream took its place; a kind of another version is not judged here."""
    letter = _letter(row)
    if letter is None:
        return False
    newer = (
        _letter(each) for each in tx.rows(_NEWER, stream=row["stream"], id=row["id"]) if each["kind"] == row["kind"]
    )
    return any(KINDS[row["kind"]].replaced_by(letter, each) for each in newer if each)


def _letter(row: Row) -> Letter | None:
    """Read what was given up, if this version can: it may have been given up since none can."""
    with suppress(KeyError, TypeError, ValueError):
        return read(row["kind"], json.loads(row["payload"]))
    return None


def _given_up(row: Row) -> GivenUp:
    about, path = row["stream"].removeprefix(f"{row['kind']} ").removeprefix(f"{row['forge']}/"), ""
    letter = _letter(row)
    if isinstance(letter, StatusLetter):
        about = f"{letter.status.context} of {letter.sha[:7]}: {letter.status.state.value}"
        path = letter.status.path
    elif letter is not None:
        path = str(getattr(letter, "path", ""))
    return GivenUp(
        id=row["id"],
        forge=row["forge"],
        repository=row["repository"],
        kind=row["kind"],
        about=about,
        path=path,
        error=row["error"],
        at=row["sent_at"] or 0.0,
    )
