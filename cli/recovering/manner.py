"""How whoever recovers something wants it done: tried only, unasked, for programs; and the question itself."""

import sys
from dataclasses import dataclass

import click


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """`dry`: nothing is done; `sure`: nothing is asked back; `limit`: seconds to follow it; `glass`: why it may pass
    what is breakable; `anew`: over what the store knows already; `from_ref`: also what only a commit knows."""

    dry: bool
    sure: bool
    as_json: bool
    limit: float
    glass: str = ""
    anew: bool = False
    from_ref: bool = False


def agreed(question: str, manner: Manner) -> bool:
    """Say whether it is meant.

    Raises:
        UsageError: nobody is here to be asked, and nobody said so.
    """
    if manner.sure:
        return True
    if not sys.stdin.isatty():
        raise click.UsageError("nobody is here to ask: say --yes if it is meant, or --dry-run to see what it would do")
    return click.confirm(question, err=True)
