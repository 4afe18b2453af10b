"""Whoever writes a command sees at once that it was read: the reaction leaves with the delivery's acceptance."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.store import deliveries
from pushboat.store.database.engine import Store
from tests.store.repository import NAME

COMMENT = Event(
    kind=EventKind.COMMENT,
    action="created",
    repository="acme/shop",
    number=7,
    author="ann",
    comment="/deploy staging",
    comment_on="pull_request",
    comment_id=12,
)
ASK = Ask(word="deploy", who="ann", source=Source.COMMENT, repository=NAME, environment="staging", number=7)


def streams(store: Store) -> list[str]:
    """Which letters wait to be posted."""
    with store.reading() as tx:
        return [row["stream"] for row in tx.rows(sa.text("SELECT stream FROM outbox ORDER BY id"))]


def test_a_command_is_reacted_to_before_it_is_routed(store: Store) -> None:
    """Once, also where the forge delivers it twice; behind no letter of the conversation."""
    for _ in range(2):
        deliveries.accept(store, "github", "one", COMMENT, asked=[ASK])
    assert streams(store) == [f"reaction {NAME} 12"]


@pytest.mark.parametrize(
    ("event", "ignored", "asked"),
    [
        (COMMENT, "", []),
        (COMMENT, "nobody follows this", [ASK]),
        (replace(COMMENT, comment_id=None), "", [ASK]),
        (replace(COMMENT, comment_on="issue"), "", [ASK]),
    ],
    ids=["talk", "ignored", "a comment without a number", "an issue"],
)
def test_nothing_else_is_reacted_to(store: Store, event: Event, ignored: str, asked: list[Ask]) -> None:
    """Talk, and what nothing comes of."""
    deliveries.accept(store, "github", "one", event, ignored=ignored, asked=asked)
    assert streams(store) == []
