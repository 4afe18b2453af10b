"""What is to be posted, read back, sent again or told of is found by an index, however much was posted before."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from pushboat.model.letter import StatusLetter
from pushboat.model.state import State
from pushboat.model.status import Status
from pushboat.store import backlogs, giving_up, outbox, quieting, reading_back, saving
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import outbox as letters
from pushboat.store.outbox import Envelope
from pushboat.store.putting import put_all
from tests.store.repository import NAME, time_passes

MANY = 3000


def filled(store: Store) -> None:
    """Thousands of letters that were posted, and some that wait since an hour, that ended, and that were given up."""
    row = {"forge": "github", "repository": "acme/shop", "kind": "status", "created_at": 1.0, "sent_at": 2.0}
    with store.writing() as tx:
        tx.connection.execute(
            sa.insert(letters),
            [{**row, "stream": f"status {NAME} {number:040x} pushboat/a", "outcome": "sent"} for number in range(MANY)],
        )
        said = [Status(context="pushboat/b", state=state, description="so", path="/") for state in list(State)[:4]]
        put_all(tx, NAME, [StatusLetter(sha=f"{number}", status=each) for each in said for number in range(20)])
    for each in outbox.due_head(store, "poster", "github", limit=5, collapsed_after=0.0):
        outbox.sent(store, each)
    for each in outbox.due_head(store, "poster", "github", limit=5, collapsed_after=0.0):
        outbox.dead(store, each, "404")
    time_passes(store, 3600)
    quieting.quiet(store, "github/other", 60)
    with store.writing() as tx:
        tx.connection.execute(sa.text("ANALYZE"))


def _spared(store: Store) -> None:
    status = Status(context="pushboat/b", state=State.RUNNING, description="so", path="/")
    stream = f"status {NAME} 1 pushboat/b"
    envelope = Envelope(id=10**6, stream=stream, forge="github", repository="", kind="status", payload="", attempts=1)
    saving.spared(store, envelope, StatusLetter(sha="1", status=status), most=1000, repeats=False)


ASKED: dict[str, Callable[[Store], object]] = {
    "due forges": outbox.due_forges,
    "next letter": lambda store: outbox.due_head(store, "poster", "github", limit=1),
    "next letter of the next repository": lambda store: outbox.due_head(store, "poster", "github", limit=1, after=""),
    "next letter of the first repository": lambda store: outbox.due_head(store, "poster", "github", limit=1, after="z"),
    "forges to read back": reading_back.due_forges,
    "next to read back": lambda store: reading_back.take(store, "poster", "github", 30.0),
    "given up": giving_up.numbers,
    "given up, listed": lambda store: giving_up.listed(store, 20),
    "given up, put back": giving_up.put_all_back,
    "given up of a commit": lambda store: giving_up.last_of(store, NAME, "1", "pushboat/b"),
    "late": backlogs.late_letters,
    "spared": _spared,
}


@pytest.mark.parametrize("asked", ASKED)
def test_no_table_is_read_whole(store: Store, asked: str) -> None:
    """A year's letters make nothing slower."""
    filled(store)
    plans: list[str] = []

    def explain(connection: sa.Connection, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if " outbox" in statement and not statement.startswith("INSERT"):
            how = "EXPLAIN" if store.postgres else "EXPLAIN QUERY PLAN"
            raw = connection.connection.cursor()
            raw.execute(f"{how} {statement}", parameters)
            plans.extend(f"{row}: {statement[:80]}" for row in raw.fetchall())

    sa.event.listen(store.engine, "before_cursor_execute", explain)
    ASKED[asked](store)
    assert plans
    whole = ("SCAN outbox'", "SCAN o'", "SCAN final'", "SCAN newer'", "Seq Scan on outbox")
    assert not [line for line in plans if any(each in line for each in whole)], plans
