"""A store of before asks keeps what it knew: heads of pull requests, and commands that nobody had read yet."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from pushboat.errors import CommandRefused
from pushboat.events import Event, EventKind, to_json
from pushboat.model.ask import Ask, Source
from pushboat.store import deliveries
from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store
from tests.store.repository import NAME

INSERT = sa.text(
    "INSERT INTO delivery (forge, delivery, repository, sha, event, verdict, reason, received_at, routed_at) "
    "VALUES ('github', :name, :repository, '', :event, 'accepted', '', 1, :routed)"
)


def keep(store: Store, name: str, event: Event, *, routed: bool) -> None:
    """Put a delivery into a store of the first version."""
    with store.writing() as tx:
        row = {"name": name, "repository": NAME, "event": json.dumps(to_json(event))}
        tx.change(INSERT, **row, routed=2.0 if routed else None)


def test_heads_stay_known_and_waiting_commands_are_answered(empty_url: str, tmp_path: Path) -> None:
    """I upgrade while a comment waits: its writer is told, and pull requests of before can be deployed by comment."""
    store = open_store(empty_url, tmp_path)
    with store.writing() as tx:
        command.upgrade(migrations._config(tx.connection), "0001")
    opened = Event(kind=EventKind.PULL_REQUEST, action="opened", repository="acme/shop", number=7, sha="a")
    comment = Event(
        kind=EventKind.COMMENT, action="created", repository="acme/shop", number=7, author="wendy", comment="/deploy qa"
    )
    keep(store, "opened", opened, routed=True)
    keep(store, "updated", Event(**{**to_json(opened), "action": "updated", "sha": "b", "before": "a"}), routed=True)
    keep(store, "routed", comment, routed=True)
    keep(store, "waits", comment, routed=False)
    migrations.upgrade(store)

    waiting, routed = deliveries.listed(store, limit=2)
    assert [(ask.who, ask.number, ask.repository) for ask in waiting.asks] == [("wendy", 7, NAME)]
    assert waiting.asks[0].refusal.endswith("comment again.")
    assert routed.asks == ()
    with pytest.raises(CommandRefused, match="was not kept"):
        deliveries.replay(store, routed.id)
    wanted = Ask(word="deploy", who="wendy", source=Source.COMMENT, repository=NAME, number=7)
    number = deliveries.accept(store, "github", "new", comment, asked=(wanted,)).id
    found = deliveries.find(store, number)
    assert found
    assert found.asks[0].sha == "b"
    store.close()
