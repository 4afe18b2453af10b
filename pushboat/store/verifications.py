"""What is known of a deployment's verifications: numbers from before it, since when each is asked, which are through.

Only the attempt that holds the deployment's fence may write here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.model.deployment import Claim
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import verifications

_NOTE = sa.text(
    "INSERT INTO verification (deployment_id, verification, number_before, since, passed) "
    "SELECT id, :key, :before, NULL, :no FROM deployment WHERE id = :id AND fence = :fence "
    "ON CONFLICT (deployment_id, verification) DO NOTHING"
)
_MINE = (
    "deployment_id = :id AND verification = :key "
    "AND EXISTS (SELECT 1 FROM deployment d WHERE d.id = :id AND d.fence = :fence)"
)
# ruff: noqa: S608 - the statements are put together from constants only
_BEGIN = sa.text(
    "UPDATE verification SET since = CASE WHEN since IS NULL THEN :now "
    "WHEN again_at < :now THEN since + (:now - again_at) ELSE since END, again_at = NULL "
    f"WHERE {_MINE} RETURNING since"
)
_AGAIN = sa.text(f"UPDATE verification SET again_at = :again WHERE {_MINE}")
_PASSED = sa.text(f"UPDATE verification SET passed = :yes WHERE {_MINE}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One verification: the number `before` the deployment, where there was one, and whether it is through."""

    before: float | None = None
    passed: bool = False


NEW = Known()


def known(store: Store, number: int) -> Mapping[str, Known]:
    """Give what is known of a deployment's verifications so far."""
    query = sa.select(verifications).where(verifications.c.deployment_id == number)
    with store.reading() as tx:
        rows = tx.rows(query)
    return {row["verification"]: Known(before=row["number_before"], passed=bool(row["passed"])) for row in rows}


def note_before(store: Store, claim: Claim, key: str, before: float | None) -> None:
    """Write down the number from before the first write, once."""
    with store.writing() as tx:
        tx.change(_NOTE, id=claim.deployment.id, fence=claim.fence, key=key, before=before, no=False)


def lasted(store: Store, claim: Claim, key: str) -> float:
    """Say for how many seconds this one is asked already, over all attempts; without what passed after `comes_back`."""
    held = {"id": claim.deployment.id, "fence": claim.fence, "key": key}
    with store.writing() as tx:
        tx.change(_NOTE, **held, before=None, no=False)
        since = tx.scalar(_BEGIN, **held, now=tx.now)
        return 0.0 if since is None else max(0.0, tx.now - float(since))


def comes_back(store: Store, claim: Claim, key: str, pause: float) -> None:
    """Write down that it may be asked again in so many seconds: what holds that up for longer uses up no patience."""
    with store.writing() as tx:
        tx.change(_AGAIN, id=claim.deployment.id, fence=claim.fence, key=key, again=tx.now + pause)


def passed(store: Store, claim: Claim, key: str) -> None:
    """Write down that this one was answered well; it is not asked again."""
    with store.writing() as tx:
        tx.change(_PASSED, id=claim.deployment.id, fence=claim.fence, key=key, yes=True)
