"""Merge groups that are not decided about: who waits in a merge queue for which environment, and whose it is."""

from collections.abc import Sequence

import sqlalchemy as sa

from pushboat.model.deployment import Lane
from pushboat.model.merge_group import MergeGroup
from pushboat.store.database.engine import Store
from pushboat.store.database.proposal_tables import merge_groups
from pushboat.store.database.transaction import Row, Transaction

_ENTER = sa.text(
    "INSERT INTO merge_group (repository, environment, number, sha, ref, base, base_sha, author, asked_at) "
    "VALUES (:repository, :environment, :number, :sha, :ref, :base, :base_sha, :author, :now) "
    "ON CONFLICT (repository, environment, ref, sha) DO NOTHING"
)


def listed(store: Store, repository: str) -> list[MergeGroup]:
    """List a repository's groups, in the order in which they were told of."""
    with store.reading() as tx:
        rows = tx.rows(sa.select(merge_groups).where(merge_groups.c.repository == repository))
        return [_read(row) for row in sorted(rows, key=lambda row: row["id"])]


def enter(tx: Transaction, group: MergeGroup) -> None:
    """Let a group wait for its turn; told of twice it waits once."""
    more = {"number": group.number, "base": group.base, "base_sha": group.base_sha, "author": group.author}
    tx.change(_ENTER, **_key(group), **more, now=tx.now)


def begin(tx: Transaction, lane: Lane, sha: str, ref: str, deployment: int) -> None:
    """Note that a group's deployment is queued: the environment is its own from now on."""
    it = _of(repository=lane.repository, environment=lane.environment, sha=sha, ref=ref)
    tx.change(sa.update(merge_groups).where(it).values(begun=deployment))


def forget(tx: Transaction, group: MergeGroup) -> bool:
    """Forget a group that is decided about; False where somebody has already."""
    return tx.change(sa.delete(merge_groups).where(_of(**_key(group)))) == 1


def waits(tx: Transaction, lane: Lane) -> bool:
    """Say whether a group waits for its turn in an environment."""
    it = _of(repository=lane.repository, environment=lane.environment)
    return tx.row(sa.select(merge_groups.c.id).where(it, merge_groups.c.begun == 0).limit(1)) is not None


def _key(group: MergeGroup) -> dict[str, str]:
    return {
        "repository": group.repository,
        "environment": group.environment,
        "ref": group.ref,
        "sha": group.sha,
    }


def _of(**values: str) -> sa.ColumnElement[bool]:
    return sa.and_(*(merge_groups.c[name] == value for name, value in values.items()))


def _read(row: Row) -> MergeGroup:
    names: Sequence[str] = ("repository", "environment", "number", "sha", "ref", "base", "base_sha", "author", "begun")
    return MergeGroup(**{name: row[name] for name in names})
