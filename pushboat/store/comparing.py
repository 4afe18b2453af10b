"""Which environments are compared with their release at all, and what stays said where that ends."""

import random
from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa

from pushboat.model.deployment import Lane
from pushboat.model.inspection import Inspection
from pushboat.store.concluding import tell
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import inspections
from pushboat.store.database.texts import LONGEST_REASON, bounded
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import find_in
from pushboat.store.inspections import NEVER, ROUNDS, key_of, read_inspection

SOON = 60.0
"""Seconds within which all that runs and is new here is compared for the first time, one after the other."""
OVER = "not compared any more; "
"""What a commit that shows drift shows then: green would say that it is gone, and nobody has looked."""

_SCHEDULE = sa.text(
    "INSERT INTO inspection (repository, environment, cluster, next_at) "
    "VALUES (:repository, :environment, :cluster, CASE WHEN EXISTS (SELECT 1 FROM lane WHERE repository = :repository "
    "AND environment = :environment AND deployed_seq > 0) THEN :first ELSE :later END) "
    "ON CONFLICT (repository, environment) DO UPDATE "
    "SET cluster = :cluster, next_at = CASE WHEN inspection.next_at < :latest THEN inspection.next_at ELSE :first END"
)
"""What never was deployed has nothing to be compared with; and whoever deploys it looks at it himself."""
_ALL = sa.select(inspections).order_by(inspections.c.repository, inspections.c.environment).with_for_update()
"""In one order, as whoever else has several of them."""
_ONE = "repository = :repository AND environment = :environment"
_FORGET = sa.text(f"DELETE FROM inspection WHERE {_ONE}")  # noqa: S608
_LEAVE = sa.text(
    f"UPDATE inspection SET next_at = :never, said = :said, lease_until = 0, fence = fence + 1 WHERE {_ONE}"  # noqa: S608
)
"""Whoever looks at that moment has looked for nothing: else it would be due again, and never end."""


def schedule(store: Store, clusters: Mapping[Lane, str], every: float) -> None:
    """See to it that each of these environments is compared in time, and none that is not among them."""
    with store.writing() as tx:
        for row in tx.rows(_ALL):
            known = read_inspection(row)
            if known.lane not in clusters:
                _end(tx, known)
        for lane, cluster in sorted(clusters.items(), key=lambda each: (each[0].repository, each[0].environment)):
            part = random.random()  # noqa: S311 - not a secret
            first, later = tx.now + min(every, SOON) * part, tx.now + every * (1 + part / 10)
            tx.change(
                _SCHEDULE, **key_of(lane), cluster=cluster, first=first, later=later, latest=tx.now + ROUNDS * every
            )


def _end(tx: Transaction, known: Inspection) -> None:
    """Forget how it was found, unless a commit shows it: what is said is taken back when it is compared again."""
    said = known.said.sentence
    if not said:
        tx.change(_FORGET, **key_of(known.lane))
        return
    if said.startswith(OVER):
        return
    over = replace(known.said, sentence=bounded(OVER + said, LONGEST_REASON))
    runs = find_in(tx, known.deployment)
    if runs is not None:
        tell(tx, runs, over.sentence)
    tx.change(_LEAVE, **key_of(known.lane), said=over.sentence, never=NEVER)
