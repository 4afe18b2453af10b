"""Turns: whose it is to decide about a row now. Lease, hint and fence, in SQL, once for every table that has them.

A lease (`lease_owner`, `lease_until`) is the right to a row for some seconds; a fence only grows, so that whoever holds
an older one changes nothing; a hint (`hint_at`, `hints`) tells when the dispatcher last told somebody about a row.
These are pieces of statements, with `:now`, `:far`, `:owner` and `:until` to be given; `row` is a table or its alias.
"""

PAUSES = (0, 4, 8, 16, 32)
LONGEST_PAUSE = 60
"""Seconds after the n-th hint until the next one, and from then on. A message on the broker is only a hint, so a lost
one is sent again; without the growing pause a flood makes several times as many messages as there is work."""

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
    """Write the condition that the pause before a row's next try is over."""
    return f"{row}.not_before <= :now"


def may_be_hinted(row: str) -> str:
    """Write the condition that the pause after a row's last hint is over; hints of before a set-back clock are old."""
    steps = " ".join(f"WHEN {hints} THEN {pause}" for hints, pause in enumerate(PAUSES))
    pause = f"CASE {row}.hints {steps} ELSE {LONGEST_PAUSE} END"
    return f"({row}.hint_at > :far OR {row}.hint_at + {pause} <= :now)"
