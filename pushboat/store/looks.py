"""Looks: when each repository's heads are compared with what we know, by one worker at a time."""

from collections.abc import Collection

import sqlalchemy as sa

from pushboat.model.head import Look
from pushboat.pauses import LONGEST_PAUSE, bounded_pause
from pushboat.store.database.engine import Store
from pushboat.store.database.repository_tables import looks
from pushboat.store.database.transaction import Row
from pushboat.store.database.unheld import unheld
from pushboat.store.turns import is_free

LEASE = 180.0
"""Seconds; longer than the slowest look."""

SOON = 2.0
"""Seconds after which a worker is asked again that has not read the file with a repository yet."""
ASK_AGAIN = 60.0
"""Seconds after which a look is due once more whose hint nobody took."""

_SCHEDULE = sa.text(
    "INSERT INTO look (repository, next_at) VALUES (:repository, 0) ON CONFLICT (repository) DO UPDATE "
    "SET next_at = 0, log_next_at = 0"
)
_FREE = is_free("look")
_DUE = sa.text(
    # No pause is longer than an hour: one that seems to be was begun before the clock was set back.
    f"SELECT repository FROM look WHERE (next_at <= :now OR next_at > :now + {LONGEST_PAUSE}) AND {_FREE} "  # noqa: S608 - constants
    "ORDER BY next_at, looked_at LIMIT :limit"
)
_HINTED = unheld("UPDATE look SET next_at = :again", "look", "repository", "repository IN :names", "names")
_CLAIM = sa.text(
    "UPDATE look SET lease_owner = :owner, lease_until = :until, next_at = :until "  # noqa: S608
    f"WHERE repository = :repository AND {_FREE} "
    "RETURNING *"
)
_MINE = "WHERE repository = :repository AND lease_owner = :owner"
_NEXT = "CASE WHEN next_at = 0 THEN 0 ELSE :next_at END"
"""Another file came while we looked by the one before: then it is due at once."""
_LOOKED = sa.text(
    f"UPDATE look SET covered = :covered, looked_at = :now, trouble = '', next_at = {_NEXT}, "  # noqa: S608
    f"lease_owner = '', lease_until = 0 {_MINE}"
)
_TROUBLED = sa.text(
    f"UPDATE look SET trouble = :trouble, next_at = {_NEXT}, lease_owner = '', lease_until = 0 {_MINE}"  # noqa: S608
)
_LOG_READ = sa.text(
    f"UPDATE look SET log_at = :now, log_next_at = {_NEXT}, log_trouble = :trouble {_MINE}"  # noqa: S608
)
_NOT_YET = sa.text(
    f"UPDATE look SET next_at = :next_at WHERE repository = :repository AND {_FREE}"  # noqa: S608
)
_NAMES = sa.text("SELECT repository FROM look")
_FORGET = sa.text("DELETE FROM look WHERE repository = :repository")
_ADD = sa.text("INSERT INTO look (repository, next_at) VALUES (:repository, 0) ON CONFLICT (repository) DO NOTHING")
_LEFT = sa.text(
    "SELECT DISTINCT repository FROM head "
    "WHERE NOT EXISTS (SELECT 1 FROM look WHERE look.repository = head.repository) ORDER BY repository"
)
_FORGET_HEADS = sa.text(
    "DELETE FROM head WHERE repository = :repository AND NOT EXISTS (SELECT 1 FROM look WHERE repository = :repository)"
)


def schedule(store: Store, repositories: Collection[str]) -> None:
    """Make a look at each of these due now, and at no other any more; what is known of their heads stays for a while:
    another dispatcher may have the newer file, and have read of them there.
    """
    with store.writing() as tx:
        known = {row["repository"] for row in tx.rows(_NAMES)}
        for repository in sorted({*known, *repositories}):  # in one order, whoever else begins with another file
            if repository in repositories:
                tx.change(_SCHEDULE, repository=repository)
            else:
                tx.change(_FORGET, repository=repository)


def assure(store: Store, repositories: Collection[str]) -> None:
    """Let those of these be looked at again that a dispatcher with another file took out."""
    with store.reading() as tx:
        missing = sorted(set(repositories) - {row["repository"] for row in tx.rows(_NAMES)})
    if missing:
        with store.writing() as tx:
            for repository in missing:
                tx.change(_ADD, repository=repository)


def forget_left(store: Store) -> None:
    """Forget the heads of repositories that nobody looks at any more: one that comes back begins anew."""
    with store.reading() as tx:
        left = [row["repository"] for row in tx.rows(_LEFT)]
    for repository in left:
        with store.writing() as tx:
            tx.change(_FORGET_HEADS, repository=repository)


def due(store: Store, limit: int) -> list[str]:
    """List repositories that are due, those that have waited longest first, and put each off until it is tried."""
    with store.reading() as tx:
        names = [row["repository"] for row in tx.rows(_DUE, now=tx.now, far=tx.far, limit=limit)]
    if names:
        with store.writing() as tx:
            tx.change(_HINTED[tx.postgres], again=tx.now + ASK_AGAIN, names=names)
    return names


def claim(store: Store, repository: str, owner: str) -> Look | None:
    """Take a repository to look at it; None where another worker does."""
    with store.writing() as tx:
        times = {"now": tx.now, "far": tx.far, "until": tx.now + LEASE}
        row = tx.row(_CLAIM, repository=repository, owner=owner, **times)
        return _look(row, tx.now) if row else None


def looked(store: Store, repository: str, owner: str, covered: str, pause: float) -> None:
    """End a look, and say when the next one is due."""
    with store.writing() as tx:
        tx.change(
            _LOOKED,
            repository=repository,
            owner=owner,
            covered=covered,
            now=tx.now,
            next_at=tx.now + bounded_pause(pause),
        )


def troubled(store: Store, repository: str, owner: str, trouble: str, pause: float) -> None:
    """End a look that could not be, with the sentence that says why."""
    with store.writing() as tx:
        tx.change(_TROUBLED, repository=repository, owner=owner, trouble=trouble, next_at=tx.now + bounded_pause(pause))


def log_read(store: Store, repository: str, owner: str, pause: float, trouble: str = "") -> None:
    """Note that the forge's log of deliveries was read, or what kept us from it."""
    with store.writing() as tx:
        tx.change(
            _LOG_READ,
            repository=repository,
            owner=owner,
            now=tx.now,
            next_at=tx.now + bounded_pause(pause),
            trouble=trouble,
        )


def not_yet(store: Store, repository: str) -> None:
    """Let somebody look soon who knows the repository: a worker reads the operator's file at a moment of its own."""
    with store.writing() as tx:
        tx.change(_NOT_YET, repository=repository, next_at=tx.now + SOON, far=tx.far, now=tx.now)


def is_scheduled(store: Store, repository: str) -> bool:
    """Say whether the dispatcher's file has a repository, whatever another process has read."""
    with store.reading() as tx:
        return tx.row(sa.select(looks.c.repository).where(looks.c.repository == repository)) is not None


def is_of(store: Store, forge: str) -> bool:
    """Say whether the dispatcher's file has a repository of a forge."""
    begins = sa.func.substr(looks.c.repository, 1, len(forge) + 1) == f"{forge}/"
    with store.reading() as tx:
        return tx.row(sa.select(looks.c.repository).where(begins).limit(1)) is not None


def listed(store: Store) -> list[Look]:
    """List all repositories that are looked at, by name."""
    with store.reading() as tx:
        return [_look(row, tx.now) for row in tx.rows(sa.select(looks).order_by(looks.c.repository))]


def _look(row: Row, now: float) -> Look:
    return Look(
        repository=row["repository"],
        covered=row["covered"],
        looked_at=row["looked_at"],
        trouble=row["trouble"],
        log_at=row["log_at"],
        log_due=not now < row["log_next_at"] <= now + LONGEST_PAUSE,
        log_trouble=row["log_trouble"],
    )
