"""Captions: what commits say of themselves, written down once, when a worker first has the commit in its hands."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from pushboat.model.caption import Caption
from pushboat.store.database.caption_tables import captions
from pushboat.store.database.engine import Store
from pushboat.store.database.texts import bounded
from pushboat.store.database.transaction import Row, Transaction

LONGEST_SUBJECT = 200
"""Characters; git's own advice is fifty, and a list shows one line."""
LONGEST_AUTHOR = 100

_NOTE = sa.text(
    "INSERT INTO caption (repository, sha, subject, author, committed_at, at) "
    "VALUES (:repository, :sha, :subject, :author, :committed_at, :now) "
    "ON CONFLICT (repository, sha) DO NOTHING"
)


def unknown(store: Store, repository: str, shas: Collection[str]) -> list[str]:
    """List those of a repository's commits of which nothing is written down."""
    with store.reading() as tx:
        known = of(tx, {(repository, sha) for sha in shas})
    return [sha for sha in shas if (repository, sha) not in known]


def note(store: Store, repository: str, found: Mapping[str, Caption]) -> None:
    """Write down what commits of a repository say; what is known of one stays as it is."""
    if not found:
        return
    with store.writing() as tx:
        for sha, caption in sorted(found.items()):
            cut = {
                "subject": bounded(caption.subject, LONGEST_SUBJECT),
                "author": bounded(caption.author, LONGEST_AUTHOR),
                "committed_at": caption.committed_at,
            }
            tx.change(_NOTE, repository=repository, sha=sha, now=tx.now, **cut)


def of(tx: Transaction, commits: Collection[tuple[str, str]]) -> dict[tuple[str, str], Caption]:
    """Give the captions of commits, each named by its repository and sha, where they have one."""
    if not commits:
        return {}
    rows = tx.rows(
        sa.select(captions).where(
            captions.c.repository.in_({repository for repository, _ in commits}),
            captions.c.sha.in_({sha for _, sha in commits}),
        )
    )
    return {(row["repository"], row["sha"]): Caption(row["subject"], row["author"]) for row in rows}


def read(row: Row) -> Caption:
    """Read the one that stands beside a deployment, where there is one."""
    return Caption(row["subject"] or "", row["commit_author"] or "")
