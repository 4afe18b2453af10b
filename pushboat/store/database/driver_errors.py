"""Translates what a database driver raises into our words, at the one door where it can come through."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

from pushboat.errors import StoreUnavailable
from pushboat.store.database.ownership import not_ours

MOVED = "this store has moved"
"""What the triggers of a store say that was copied elsewhere (moving.py)."""

_GONE = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.InternalError, sa.exc.TimeoutError)


@contextmanager
def translated(address: sa.URL) -> Iterator[None]:
    """Turn a database that cannot be reached or written into StoreUnavailable; a mistake of ours stays what it is."""
    try:
        yield
    except (sa.exc.ProgrammingError, sa.exc.IntegrityError) as error:
        if not any(words in str(error.orig) for words in ("does not exist", MOVED)):
            raise
        raise StoreUnavailable(_explain(error, address)) from error
    except _GONE as error:
        raise StoreUnavailable(_explain(error, address)) from error
    except sa.exc.DatabaseError as error:
        if type(error) is not sa.exc.DatabaseError:  # an integrity or data error is a bug, not the world's fault
            raise
        raise StoreUnavailable(_explain(error, address)) from error


def _explain(error: sa.exc.SQLAlchemyError, address: sa.URL) -> str:
    first = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    if "no such table" in first or ("relation" in first and "does not exist" in first):
        return "the store has no tables yet: run `pushboat db upgrade`"
    if MOVED in first:
        return "the store has moved elsewhere: say in the operator's file where it is, and start Pushboat again"
    if "malformed" in first or "not a database" in first:
        return f"the store is damaged ({first}): stop Pushboat and restore a backup (`pushboat explain store-damaged`)"
    if ("readonly database" in first or "unable to open" in first) and (whose := _whose(address)):
        return f"the store cannot be written: {whose}"
    return f"the store does not answer: {first}"


def _whose(address: sa.URL) -> str:
    """Say whose an SQLite store's files are, where that is what keeps us from writing; empty: it is not."""
    with suppress(OSError):  # one of the files has gone meanwhile, or we may not even look
        return not_ours(Path(address.database)) if address.database else ""
    return ""
