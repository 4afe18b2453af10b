"""What a deployment's attempts leave to the next one: since when there is trouble, and what was written so far.

Only the attempt that holds the deployment's fence may write here.
"""

import json
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from pushboat import later_words
from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Claim
from pushboat.model.manifest import Ref
from pushboat.store import change_texts
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import change_sets
from pushboat.store.database.transaction import Transaction

Meant = Mapping[Ref, Action]
"""What attempts set out to do, object by object; written down before the first of them is touched."""

_ROLLS_BACK = sa.text("UPDATE deployment SET rolls_back = :rolls_back, begun = :yes WHERE id = :id AND fence = :fence")
_MINE = sa.text("SELECT id FROM deployment WHERE id = :id AND fence = :fence")
_IN_TROUBLE = sa.text(
    "UPDATE deployment SET trouble_step = CASE WHEN trouble_since IS NULL THEN :step ELSE trouble_step END, "
    "trouble_since = coalesce(trouble_since, :now) WHERE id = :id AND fence = :fence RETURNING trouble_since"
)
_OUT_OF_TROUBLE = sa.text(
    "UPDATE deployment SET trouble_since = NULL, trouble_step = '' "
    "WHERE id = :id AND fence = :fence AND trouble_step = :step"
)
_WAITS = sa.text(
    "UPDATE deployment SET waiting_since = coalesce(waiting_since, :now) "
    "WHERE id = :id AND fence = :fence RETURNING waiting_since"
)
# One statement each: Postgres checks the lane of a row that one transaction changes twice, and would wait for its lock.
_WAITS_ANEW = sa.text(
    "UPDATE deployment SET waiting_since = :now WHERE id = :id AND fence = :fence RETURNING waiting_since"
)


def in_trouble(store: Store, claim: Claim, step: str) -> float:
    """Note that a step met an outage, and say for how many seconds there has been one by now."""
    with store.writing() as tx:
        since = tx.scalar(_IN_TROUBLE, id=claim.deployment.id, fence=claim.fence, step=step, now=tx.now)
        return 0.0 if since is None else max(0.0, tx.now - float(since))


def out_of_trouble(store: Store, claim: Claim, step: str) -> None:
    """Note that a step is done; where it was this one that met the outage, the outage is over."""
    with store.writing() as tx:
        tx.change(_OUT_OF_TROUBLE, id=claim.deployment.id, fence=claim.fence, step=step)


def waited(store: Store, claim: Claim, *, anew: bool) -> float:
    """Say for how many seconds this deployment waits for health already; `anew`: something was just written."""
    with store.writing() as tx:
        since = tx.scalar(_WAITS_ANEW if anew else _WAITS, id=claim.deployment.id, fence=claim.fence, now=tx.now)
        return 0.0 if since is None else max(0.0, tx.now - float(since))


def meant(store: Store, number: int) -> Meant:
    """Read what earlier attempts set out to do."""
    with store.reading() as tx:
        return _meant(tx, number)


def mean(store: Store, claim: Claim, actions: Meant, *, rolls_back: bool = False) -> None:
    """Write down what an attempt sets out to do, before it does any of it.

    `rolls_back`: where it comes to no end, that is to be answered by a rollback.
    """
    with store.writing() as tx:
        if tx.row(_MINE, id=claim.deployment.id, fence=claim.fence):
            items = [[ref.group, ref.kind, ref.namespace, ref.name, action] for ref, action in actions.items()]
            _set(tx, claim.deployment.id, meant=json.dumps(items))
            tx.change(_ROLLS_BACK, id=claim.deployment.id, fence=claim.fence, rolls_back=rolls_back, yes=True)


def keep(store: Store, claim: Claim, made: Iterable[Change]) -> None:
    """Keep what is known to be done, for an attempt that does not end the deployment."""
    with store.writing() as tx:
        if tx.row(_MINE, id=claim.deployment.id, fence=claim.fence):
            _set(tx, claim.deployment.id, changes=change_texts.written(made))


def _meant(tx: Transaction, number: int) -> Meant:
    text = tx.scalar(sa.select(change_sets.c.meant).where(change_sets.c.deployment_id == number))
    return {Ref(*parts): later_words.read(Action, action) for *parts, action in json.loads(text or "[]")}


def _set(tx: Transaction, number: int, **values: str) -> None:
    if not tx.change(sa.update(change_sets).where(change_sets.c.deployment_id == number).values(values)):
        tx.change(sa.insert(change_sets).values(deployment_id=number, **values))
