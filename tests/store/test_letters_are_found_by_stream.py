"""What a commit was told last is found by its stream, however many letters of others were posted."""

import pytest
import sqlalchemy as sa

from pushboat.model.letter import StatusLetter
from pushboat.model.state import State
from pushboat.model.status import Status
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import outbox
from pushboat.store.putting import put, repeat
from tests.store.repository import NAME

MANY = 3000
SHA = "a1"


def posted(store: Store) -> None:
    """Letters of other commits, all posted, and three of ours in two streams."""
    row = {"forge": "github", "repository": "acme/shop", "kind": "status", "created_at": 1.0, "sent_at": 2.0}
    with store.writing() as tx:
        tx.connection.execute(
            sa.insert(outbox),
            [{**row, "stream": f"status {NAME} {number:040x} pushboat/staging"} for number in range(MANY)],
        )
        for context, words in (("pushboat/staging", "one"), ("pushboat/staging", "two"), ("pushboat_x", "other")):
            shown = Status(context=context, state=State.QUEUED, description=words, path="/")
            put(tx, NAME, StatusLetter(sha=SHA, status=shown))
        shown = Status(context="pushboat", state=State.QUEUED, description="longer", path="/")
        put(tx, NAME, StatusLetter(sha=f"{SHA}1", status=shown))
    with store.writing() as tx:
        tx.connection.execute(sa.text("ANALYZE"))


@pytest.mark.parametrize(("context", "count"), [("pushboat/staging", 1), ("", 2)])
def test_the_index_answers(store: Store, context: str, count: int) -> None:
    """A press of Re-run says once more what one check, or every check of the commit, said last; no table is read."""
    posted(store)
    plans: list[str] = []

    def explain(connection: sa.Connection, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT outbox.payload"):
            how = "EXPLAIN" if store.postgres else "EXPLAIN QUERY PLAN"
            raw = connection.connection.cursor()
            raw.execute(f"{how} {statement}", parameters)
            plans.extend(str(row) for row in raw.fetchall())

    sa.event.listen(store.engine, "before_cursor_execute", explain)
    with store.writing() as tx:
        assert repeat(tx, NAME, SHA, context) == count
    assert any("outbox_stream" in line for line in plans), plans
    assert not any("SCAN outbox" in line or "Seq Scan on outbox" in line for line in plans), plans
