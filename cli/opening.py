"""The store for one command: made and upgraded by `serve` or `db upgrade`, never by a command that only looks."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from cli.configuration import NotSetUp
from cli.locking import holder
from pushboat.config.operator import Operator
from pushboat.store.database import soundness
from pushboat.store.database.engine import Store, open_store
from pushboat.store.database.moving import refuse_moved
from pushboat.store.database.side_by_side import BEHIND, Fit, fit_of, refuse


@contextmanager
def opened_store(operator: Operator, first: str = "pushboat serve") -> Iterator[Store]:
    """Open the store for one command; `first` makes one where there is none.

    Raises:
        NotSetUp: it was not made yet, or by another version.
        StoreDamaged: its file is broken.
        StoreMoved: it is elsewhere now.
        StoreUnavailable: it does not answer.
    """
    if not operator.store and not (operator.state / "pushboat.sqlite3").exists():
        raise NotSetUp(f"nothing has run in {operator.state} yet: start `{first}` first", first)
    with closing(open_store(operator.store, operator.state, notices=bool(operator.receivers))) as store:
        serving = holder(operator.state)
        if not (serving and serving[1]):  # a `serve` that runs has looked at its start, and a large store takes seconds
            soundness.refuse_damaged(store)
        refuse_moved(store)
        if (fit := fit_of(store)) is Fit.BEHIND:
            raise NotSetUp(BEHIND, "pushboat db upgrade")
        refuse(fit)
        yield store
