"""Whether this Pushboat may work on a store's tables: while it is upgraded, two versions run side by side.

The newer one has brought the tables up to date, and the one before goes on, also when it is started again meanwhile. It
does not know the newer one's migrations; so the store keeps what these say: the `oldest` migration whose code may still
work on the tables (ADR 96).
"""

from enum import Enum

import sqlalchemy as sa

from pushboat.errors import StoreDamaged
from pushboat.store.database.engine import Store
from pushboat.store.database.migrations import OLDEST, TABLE, UNKNOWN_VERSION, known, marks, newest

BEHIND = "the store's tables are of an earlier Pushboat: run `pushboat db upgrade`"
NEWER = "the store's tables are of a newer Pushboat, beside which this one may go on: bring it up to date as well"

_BOTH = sa.text(f"SELECT version_num, {OLDEST} FROM {TABLE}")  # noqa: S608 - names of ours
_ONE = sa.text(f"SELECT version_num, NULL FROM {TABLE}")  # noqa: S608


class Fit(Enum):
    """How the tables of a store and this Pushboat go together."""

    SAME = "same"
    NEWER = "newer"
    BEHIND = "behind"
    FOREIGN = "foreign"


def fit_of(store: Store) -> Fit:
    """Say how the tables and this Pushboat go together; no tables at all are behind.

    Raises:
        StoreUnavailable: it does not answer.
    """
    with store.reading() as tx:
        columns = marks(tx)
        found = tx.connection.execute(_BOTH if OLDEST in columns else _ONE).one_or_none() if columns else None
    version, oldest = found or (None, None)
    if version == newest():
        return Fit.SAME
    if version is None or version in known():
        return Fit.BEHIND
    return Fit.NEWER if oldest in known() else Fit.FOREIGN


def refuse_unfit(store: Store) -> Fit:
    """Give the fit of a store that may be worked on.

    Raises:
        StoreDamaged: it may not; says what to run.
        StoreUnavailable: it does not answer.
    """
    found = fit_of(store)
    refuse(found)
    return found


def refuse(found: Fit) -> None:
    """Raise where tables of this fit may not be worked on.

    Raises:
        StoreDamaged: says what to run.
    """
    if found in (Fit.BEHIND, Fit.FOREIGN):
        raise StoreDamaged(BEHIND if found is Fit.BEHIND else UNKNOWN_VERSION)
