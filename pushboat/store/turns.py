"""Turns: whose it is to decide about a row now. Lease, hint and fence, in SQL, once for every table that has them.

A lease (`lease_owner`, `lease_until`) is the right to a row for some seconds; a fence only grows, so that whoever holds
an older one changes nothing; a hint (`hint_at`, `hints`) tells when the dispatcher last told somebody about a row.
The pieces of statements have `:now`, `:far`, `:owner` and `:until` to be given; `row` is a table or its alias.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

import sqlalchemy as sa

from pushboat.model.deployment import Subject, Turn
from pushboat.model.state import Kind
from pushboat.pauses import LONGEST_PAUSE
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Transaction

PAUSES = (0, 4, 8, 16, 32)
LONGEST_BETWEEN_HINTS = 60
"""Seconds after the n-th hint until the next one, and from then on. A message on the broker is only a hint, so a lost
one is sent again; without the growing pause a flood makes several times as many messages as there is work."""

_KINDS = ", ".join(f"'{kind}'" for kind in Kind)
LET_GO = "lease_owner = '', lease_until = 0"
TAKE_AWAY = f"fence = fence + 1, {LET_GO}"
HINTED = "hint_at = :now, hints = hints + 1"
HINT_AT_ONCE = "hint_at = 0, hints = 0"


def take(row: str) -> str:
    """Write the change that makes a row its taker's; the fence goes up with it."""
    return f"fence = {row}.fence + 1, lease_owner = :owner, lease_until = :until"


def is_free(row: str) -> str:
    """Write the condition that nobody holds a row's lease.

    A lease that ends beyond `:far` was taken before the clock was set back, and counts as ended long ago.
    """
    return f"({row}.lease_until <= :now OR {row}.lease_until > :far)"


def is_time(row: str) -> str:
    """Write the condition that the pause before a row's next try is over.

    No pause is longer than an hour: one that seems to be was begun before the clock was set back.
    """
    return f"({row}.not_before <= :now OR {row}.not_before > :now + {LONGEST_PAUSE})"


def is_known(row: str) -> str:
    """Write the condition that a deployment is of a kind that this version carries out; others are for a later one."""
    return f"{row}.kind IN ({_KINDS})"


def may_be_hinted(row: str) -> str:
    """Write the condition that the pause after a row's last hint is over; hints of before a set-back clock are old."""
    steps = " ".join(f"WHEN {hints} THEN {pause}" for hints, pause in enumerate(PAUSES))
    pause = f"CASE {row}.hints {steps} ELSE {LONGEST_BETWEEN_HINTS} END"
    return f"({row}.hint_at > :far OR {row}.hint_at + {pause} <= :now)"


def renew(store: Store, held: Collection[Turn], ttl: float) -> set[Turn]:
    """Prolong leases by `ttl` seconds from now and say which are still held; those of one owner in one UPDATE each.

    A row that somebody decides about just now is asked for again by itself, so that no lease waits for another's row.
    """
    with store.writing() as tx:
        renewed = _renew(tx, held, ttl)
    for turn in set(held) - renewed if store.postgres else ():
        with store.writing() as tx:
            renewed |= _renew(tx, (turn,), ttl, waits=True)
    return renewed


def _renew(tx: Transaction, held: Iterable[Turn], ttl: float, *, waits: bool = False) -> set[Turn]:
    together = defaultdict(set)
    for turn in held:
        together[turn.subject, turn.owner].add(turn)
    found = set()
    for (subject, owner), turns in together.items():
        statement = _RENEW[subject] if waits or not tx.postgres else _RENEW_UNLOCKED[subject]
        keys = [turn.key for turn in turns]
        rows = tx.rows(statement, keys=keys, owner=owner, until=tx.now + ttl, now=tx.now)
        fences = {row["key"]: row["fence"] for row in rows}
        found |= {turn for turn in turns if fences.get(turn.key) == turn.fence}
    return found


def _renewal(table: str, key: str, *, unlocked: bool) -> sa.TextClause:
    among = f"AND {key} IN (SELECT {key} FROM {table} WHERE {key} IN :keys FOR UPDATE SKIP LOCKED) " if unlocked else ""  # noqa: S608
    return sa.text(
        f"UPDATE {table} SET lease_until = :until WHERE {key} IN :keys {among}"  # noqa: S608
        f"AND lease_owner = :owner AND lease_until > :now RETURNING {key} AS key, fence"
    ).bindparams(sa.bindparam("keys", expanding=True))


_KEYS = {Subject.LANE: "running", Subject.REPOSITORY: "name"}
_RENEW = {subject: _renewal(subject, key, unlocked=False) for subject, key in _KEYS.items()}
_RENEW_UNLOCKED = {subject: _renewal(subject, key, unlocked=True) for subject, key in _KEYS.items()}
