"""Release records: one is due with each release, and the dispatcher, which has the key, signs it soon after."""

import hashlib

import sqlalchemy as sa

from pushboat.model.release_record import Brought, encoded, envelope, statement
from pushboat.sealing import Key
from pushboat.store import approvals, chaining
from pushboat.store.database.engine import Store
from pushboat.store.database.release_tables import release_records, releases
from pushboat.store.database.schema import change_sets, image_sets
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import find_in
from pushboat.store.images import read_images

FEW = 20
"""Records that one transaction signs."""

_DUE = sa.text("SELECT deployment_id FROM release_record WHERE envelope = '' ORDER BY deployment_id LIMIT :few")
_SIGN = sa.text("UPDATE release_record SET envelope = :envelope, at = :now WHERE deployment_id = :id AND envelope = ''")


def sign_due(store: Store, key: Key) -> int:
    """Sign the records that are due, a few of them; say how many."""
    with store.reading() as tx:
        if tx.row(_DUE, few=1) is None:
            return 0
    with store.writing() as tx:
        numbers = [int(row["deployment_id"]) for row in tx.rows(_DUE, few=FEW)]
        for number in numbers:
            payload = statement(_brought(tx, number))
            signed = envelope(payload, key.sign(encoded(payload)), key.public())
            tx.change(_SIGN, id=number, envelope=signed, now=tx.now)
    return len(numbers)


def find(store: Store, number: int) -> str | None:
    """Give the signed record of a deployment; empty where it is not signed yet, None where there is none."""
    with store.reading() as tx:
        row = tx.row(sa.select(release_records.c.envelope).where(release_records.c.deployment_id == number))
    return row["envelope"] if row else None


def _brought(tx: Transaction, number: int) -> Brought:
    made, release = find_in(tx, number), tx.row(sa.select(releases).where(releases.c.deployment_id == number))
    assert made, "its record goes with it"
    assert release, "its record goes with it"
    changes = tx.scalar(sa.select(change_sets.c.changes).where(change_sets.c.deployment_id == number)) or "[]"
    images = tx.scalar(sa.select(image_sets.c.images).where(image_sets.c.deployment_id == number)) or "[]"
    return Brought(
        deployment=made,
        number=release["number"],
        render=release["digest"],
        plan=hashlib.sha256(changes.encode()).hexdigest(),
        images=read_images(images),
        approvals=approvals.of(tx, made.lane.repository, made.lane.environment, made.sha),
        chain=chaining.last(tx),
    )
