"""What deployments changed and plans would change, object by object: one set beside each."""

from collections.abc import Iterable

import sqlalchemy as sa

from pushboat.model.changeset import Change, as_they_are
from pushboat.store import change_texts
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import change_sets, deployments
from pushboat.store.database.transaction import Transaction


def listed(store: Store, number: int) -> tuple[Change, ...]:
    """List what a deployment changed, or what a plan would change, object by object."""
    with store.reading() as tx:
        same_as = tx.scalar(sa.select(deployments.c.same_as).where(deployments.c.id == number))
        text = tx.scalar(sa.select(change_sets.c.changes).where(change_sets.c.deployment_id == (same_as or number)))
    found = change_texts.read(text or "[]")
    return as_they_are(found) if same_as else found


def keep(tx: Transaction, number: int, made: Iterable[Change], *, unsure: bool = False) -> None:
    """Store the changes beside their deployment, in place of those of an earlier attempt.

    `unsure`: more of what it set out to do may have been done than is known, so that stays beside them.
    """
    text, of_it = change_texts.written(made), change_sets.c.deployment_id == number
    meant = tx.scalar(sa.select(change_sets.c.meant).where(of_it)) if unsure else None
    tx.change(sa.delete(change_sets).where(of_it))
    if text != "[]" or meant:
        tx.change(sa.insert(change_sets), deployment_id=number, changes=text, meant=meant or "[]")
