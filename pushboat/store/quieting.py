"""Credentials that ask a forge nothing for a while: it asked for that, or does not know them any more.

A credential is named after what it is for, as repositories' names begin: `github`, or `github/acme` where each owner
has one of its own. A receiver of notices is `@` and its name. What is quiet keeps its letters: no letter waits for
another credential's pause.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from pushboat.pauses import LONGEST_PAUSE, bounded_pause
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Transaction
from pushboat.store.database.unheld import unheld

UNKNOWN = "401"
"""How the reason of a pause begins that a credential has which the forge does not know: another one ends it."""

UNKNOWN_FIRST, UNKNOWN_AGAIN, LATELY = 10.0, 300.0, 600.0
"""Seconds of such a pause: the first, since a token of an App that was just made is not known everywhere at once
(https://github.com/octokit/auth-app.js retries for that), and one that comes within so many after another."""

# No pause is longer than an hour: one that seems to be was written before the clock was set back.
_COUNTS = "h.held_until > :now AND h.held_until <= :latest"
MAY_ASK = (
    f"NOT EXISTS (SELECT 1 FROM forge_hold h WHERE h.forge = :forge AND {_COUNTS}) "  # noqa: S608 - constants
    f"AND NOT EXISTS (SELECT 1 FROM forge_hold h WHERE {_COUNTS} "
    "AND substr(lower(o.forge || '/' || o.repository), 1, length(h.forge) + 1) = lower(h.forge) || '/')"
)
"""The condition that a letter `o` to `:forge` may be posted `:now`; `:latest` is the end of the longest pause."""

_OURS = f"CASE WHEN substr({{}}, 1, {len(UNKNOWN)}) = '{UNKNOWN}' THEN 1 ELSE 0 END"
_OLD, _NEW = _OURS.format("forge_hold.reason"), _OURS.format(":reason")
# What the forge wants comes before what we think best for a token that it does not know: that holds questions as well.
_QUIET = sa.text(
    "INSERT INTO forge_hold (forge, held_until, reason) VALUES (:credential, :until, :reason) "  # noqa: S608 - constants
    "ON CONFLICT (forge) DO UPDATE SET held_until = :until, reason = :reason "
    "WHERE forge_hold.held_until <= :now OR forge_hold.held_until > :latest "
    f"OR {_OLD} > {_NEW} OR ({_OLD} = {_NEW} AND forge_hold.held_until < :until)"
)
_LISTED = sa.text(f"SELECT forge, held_until, reason FROM forge_hold h WHERE {_COUNTS} ORDER BY forge")  # noqa: S608
_ONE = sa.text(
    f"SELECT held_until, reason FROM forge_hold h WHERE {_COUNTS} "  # noqa: S608
    "AND substr(lower(:repository), 1, length(h.forge) + 1) = lower(h.forge) || '/' "
    f"ORDER BY {_OURS.format('reason')}, held_until DESC LIMIT 1"
)
_WAS_UNKNOWN = sa.text(
    f"SELECT 1 FROM forge_hold WHERE forge = :credential AND {_OURS.format('reason')} = 1 "  # noqa: S608
    "AND held_until > :lately AND held_until <= :now"
)
_LIFT = unheld("DELETE FROM forge_hold", "forge_hold", "forge", "substr(reason, 1, length(:reason)) = :reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A credential that asks nothing for `left` more seconds, and why."""

    credential: str
    left: float
    reason: str

    @property
    def unknown(self) -> bool:
        """Say whether the forge does not know the credential; what is asked with it is refused at once, and may be."""
        return self.reason.startswith(UNKNOWN)


def credential(forge: str, path: str, *, by_owner: bool) -> str:
    """Name what a repository is asked about with."""
    return f"{forge}/{path.partition('/')[0]}" if by_owner else forge


def quiet(store: Store, named: str, delay: float, reason: str = "") -> bool:
    """Let a credential ask nothing for `delay` seconds, an hour at most; False where it was quiet already.

    A longer pause stays as it is, and so does a limit's while the forge does not know the token.
    """
    with store.writing() as tx:
        before = _found(tx, named)
        until = tx.now + bounded_pause(delay)
        tx.change(_QUIET, credential=named, until=until, reason=reason, now=tx.now, latest=latest(tx))
    return before is None


def unknown(store: Store, named: str, reason: str) -> bool:
    """Let a credential be quiet that its forge does not know: for a moment, and for minutes where it stays so.

    False where it was quiet already: what was on its way together is one refusal, and not the second.
    """
    with store.reading() as tx:
        again = tx.row(_WAS_UNKNOWN, credential=named, lately=tx.now - LATELY, now=tx.now) is not None
    return quiet(store, named, UNKNOWN_AGAIN if again else UNKNOWN_FIRST, f"{UNKNOWN}: {reason}")


def listed(store: Store) -> list[Quiet]:
    """List the credentials that are quiet now."""
    with store.reading() as tx:
        rows = tx.rows(_LISTED, now=tx.now, latest=latest(tx))
        return [Quiet(credential=row["forge"], left=row["held_until"] - tx.now, reason=row["reason"]) for row in rows]


def found(store: Store, repository: str) -> Quiet | None:
    """Find the longest pause that a repository's credential has now."""
    with store.reading() as tx:
        return _found(tx, repository)


def end_unknown(store: Store) -> int:
    """End the pauses of credentials that their forges did not know: there may be others now. Gives their number."""
    with store.writing() as tx:
        return tx.change(_LIFT[tx.postgres], reason=UNKNOWN)


def latest(tx: Transaction) -> float:
    """Give the end of the longest pause there is."""
    return tx.now + LONGEST_PAUSE


def _found(tx: Transaction, repository: str) -> Quiet | None:
    row = tx.row(_ONE, repository=f"{repository}/", now=tx.now, latest=latest(tx))
    if row is None:
        return None
    return Quiet(credential=repository, left=row["held_until"] - tx.now, reason=row["reason"])
