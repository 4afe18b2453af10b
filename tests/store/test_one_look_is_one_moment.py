"""A look sees one moment, however many statements it takes: what is written meanwhile is seen whole, and later."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.state import Trigger
from pushboat.routing import Answer
from pushboat.store import deliveries
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, deploy
from tests.store.test_releases import released


def between_two_statements(store: Store, table: str, write: Callable[[], object]) -> None:
    """Let somebody write once, right after whoever reads next has read this table, and before he reads another."""
    writes = [write]

    def at_once(connection: sa.Connection, _cursor: Any, statement: str, *_more: object) -> None:
        reads = connection.get_execution_options().get("pushboat_reads", False)
        if writes and reads and f"FROM {table} " in " ".join(statement.split()) + " ":
            writes.pop()()

    sa.event.listen(store.engine, "after_cursor_execute", at_once)


def asked(store: Store) -> int:
    """Ask for the newest release of staging, as `pushboat recover` does."""
    wanted = Ask(word="recover", who="olga", source=Source.COMMAND, repository=NAME, environment="staging")
    return deliveries.accept_ask(store, wanted)


def test_an_ask_and_what_it_led_to_are_read_together(repository: Repository) -> None:
    """The router answers my ask while I look at it: I never hear that it is done, and that nothing came of it."""
    store = repository.store
    released(repository, repository.push("a"))
    number = asked(store)
    answer = Answer(verdict=AskVerdict.DONE, reason="recovering staging")
    brought = deploy("a", trigger=Trigger.RECOVERY, release=1)
    between_two_statements(store, "delivery", lambda: repository.route_waiting(brought, answer=answer))
    seen, then = deliveries.find(store, number), deliveries.find(store, number)
    assert seen
    assert then
    assert (bool(seen.audit), bool(seen.deployments)) == (False, False), "half of what was written meanwhile"
    assert [each.verdict for each in then.audit] == [AskVerdict.DONE]
    assert len(then.deployments) == 1
