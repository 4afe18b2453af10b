"""Who is behind a commit, as the forge names them: they opened its pull request, or pushed some of it.

Git's author is not asked: anybody may write any name there.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from pushboat.events import ZERO_SHA, Event, EventKind
from pushboat.model.approval import same_name
from pushboat.model.deployment import short
from pushboat.routing.merge_queue import REQUESTED, number_of, pull_request_of
from pushboat.store.database.ask_tables import pull_requests, pushers
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Row, Transaction

MOST = 2_000
"""Commits that are looked at, the newest first: a new environment's history may be long."""
_CHANGES = ("opened", "updated")
_PROPOSED = sa.text("number <> 0")
"""In the words of the index of proposals: a database uses it where a query says the very same."""


def learn(tx: Transaction, repository: str, event: Event) -> None:
    """Remember who pushed what, opened or changed a pull request, or put one into a merge queue."""
    pushed = event.kind is EventKind.PUSH and event.action != "deleted"
    proposed = event.kind is EventKind.PULL_REQUEST and event.action in _CHANGES
    queued = event.kind is EventKind.MERGE_GROUP and event.action == REQUESTED
    if not event.sha or not (pushed or proposed or queued):
        return
    number = (pull_request_of(number_of(event)) if queued else event.number) or 0
    for who in dict.fromkeys((event.author, event.sender or event.author)):
        note(tx, repository, event.sha, who, number=number, before=event.before)


def note(tx: Transaction, repository: str, sha: str, who: str, *, number: int = 0, before: str = "") -> None:
    """Remember that somebody is behind a commit."""
    known = {"repository": repository, "number": number, "sha": sha, "before": before, "who": who}
    tx.change(sa.insert(pushers), **known, at=tx.now)


def remember(store: Store, repository: str, sha: str, who: str, number: int) -> None:
    """Remember that somebody asked for a commit that we made and proposed."""
    with store.writing() as tx:
        if not tx.row(_of(repository, sa.and_(pushers.c.sha == sha, pushers.c.who == who)).limit(1)):
            note(tx, repository, sha, who, number=number)


def behind(tx: Transaction, repository: str, sha: str, runs: str = "") -> dict[str, str]:
    """Give who is behind a commit, by the name as forges compare it, and why; what `runs` there is behind nobody.

    The way back goes from push to push, and from a merge to the pull request that it merged.
    """
    found: dict[str, str] = {}
    todo, seen, numbers = {sha}, {runs, "", ZERO_SHA}, {0}
    while todo and len(seen) < MOST:
        seen |= todo
        merged = {row["number"] for row in tx.rows(_merged(repository, todo))}
        rows = [*tx.rows(_of(repository, pushers.c.sha.in_(todo)))]
        new = (merged | {row["number"] for row in rows}) - numbers
        rows += tx.rows(_of(repository, sa.and_(_PROPOSED, pushers.c.number.in_(new)))) if new else []
        numbers |= new
        for row in rows:
            found.setdefault(same_name(row["who"]), _why(row))
        todo = {each for row in rows for each in (row["sha"], row["before"])} - seen
    found.pop("", None)
    return found


def is_known(tx: Transaction, repository: str, sha: str) -> bool:
    """Say whether a commit was pushed or proposed here, as far as we were told."""
    return bool(tx.row(_of(repository, pushers.c.sha == sha).limit(1)))


def _of(repository: str, condition: sa.ColumnElement[bool]) -> sa.Select[tuple[object, ...]]:
    return sa.select(pushers).where(pushers.c.repository == repository, condition).order_by(pushers.c.id)


def _merged(repository: str, shas: Iterable[str]) -> sa.Select[tuple[int]]:
    here = pull_requests.c.repository == repository
    return sa.select(pull_requests.c.number).where(here, pull_requests.c.merge_sha.in_(list(shas)))


def _why(row: Row) -> str:
    return f"is behind #{row['number']}" if row["number"] else f"pushed {short(row['sha'])}"
