"""Tells dispatchers that a command wrote something that is due: here by the bell, and elsewhere through Postgres."""

from pushboat.config.operator import Operator
from pushboat.queue.bell import ring
from pushboat.store.calling import call_now
from pushboat.store.database.engine import Store


def wake(operator: Operator, store: Store) -> None:
    """Wake every dispatcher; never fails."""
    ring(operator.state)
    call_now(store)
