"""Translates what a database driver raises into our words, at the one door where it can come through."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from pushboat.errors import StoreUnavailable

MOVED = "this store has moved"
"""What the triggers of a store say that was copied elsewhere (moving.py)."""

_GONE = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.InternalError, sa.exc.TimeoutError)


@contextmanager
def translated() -> Iterator[None]:
    """Turn a database that cannot be reached or written into StoreUnavailable; a mistake of ours stays what it is."""
    try:
        yield
    except (sa.exc.ProgrammingError, sa.exc.IntegrityError) as error:
        if not any(words in str(error.orig) for words in ("does not exist", MOVED)):
            raise
        raise StoreUnavailable(_explain(error)) from error
    except _GONE as error:
        raise StoreUnavailable(_explain(error)) from error
    except sa.exc.DatabaseError as error:
        if type(error) is not sa.exc.DatabaseError:  # an integrity or data error is a bug, not the world's fault
            raise
        raise StoreUnavailable(_explain(error)) from error


def _explain(error: sa.exc.SQLAlchemyError) -> str:
    first = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    if "no such table" in first or ("relation" in first and "does not exist" in first):
        return "the store has no tables yet: run `pushboat db upgrade`"
    if MOVED in first:
        return "the store has moved elsewhere: say in the operator's file where it is, and start Pushboat again"
    if "malformed" in first or "not a database" in first:
        return f"the store is damaged ({first}): stop Pushboat and restore a backup, docs/operations.md says how"
    return f"the store does not answer: {first}"
