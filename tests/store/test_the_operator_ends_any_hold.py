"""Any hold is ended by its number, and who did it stays written down."""

from dataclasses import replace

import pytest

from pushboat.model.ask import AskVerdict, Source
from pushboat.model.hold import Hold, Scope
from pushboat.store import audit, deliveries, hinting, holds, lifting
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository, time_passes

STAGING = Scope(repository=NAME, environment="staging")
WHO = "root on the command line"


@pytest.mark.parametrize(
    "scope",
    [STAGING, Scope(), Scope(repository="github/gone/away", environment="live"), replace(STAGING, deployment=1)],
    ids=["an environment", "everything", "what has left the file", "one deployment"],
)
def test_it_ends_and_is_written_down(store: Store, repository: Repository, scope: Scope) -> None:
    """Wherever it stands: it is gone, the audit has who and what it was, and it is found among the deliveries."""
    pushed = repository.push("a")
    hold = holds.put(store, Hold(kind="pause", scope=scope, by="ann", reason="we migrate")).hold
    binds = scope.repository in ("", NAME)
    ended = lifting.end(store, hold.id, WHO)
    assert ended
    assert (ended.hold, ended.waited) == (hold, int(binds))
    assert holds.listed(store) == []
    assert pushed.id in hinting.due(store)
    (entry,) = audit.listed(store, limit=1, asked=True)
    assert (entry.who, entry.source, entry.word, entry.verdict) == (WHO, Source.COMMAND, "holds", AskVerdict.DONE)
    assert entry.reason.startswith(f"ended hold {hold.id}, as {WHO} said; it was paused by ann since ")
    row = deliveries.find(store, ended.delivery)
    assert row
    assert (row.routed_at is not None, row.reason) == (True, entry.reason)
    assert [ask.arguments for ask, _ in row.answered] == [{"end": str(hold.id)}]


def test_what_is_gone_cannot_be_ended(store: Store) -> None:
    """Somebody else was faster, or the clock: nothing is written down."""
    hold = holds.put(store, Hold(kind="pause", scope=STAGING, by="ann", until=store.now() + 60)).hold
    time_passes(store, 60)
    assert lifting.end(store, hold.id, WHO) is None
    assert lifting.end(store, 999, WHO) is None
    assert audit.listed(store, asked=True) == []


def test_who_is_next_in_line_has_the_lock_then(store: Store) -> None:
    """Ben has left the company: cy, who waits behind his lock, does not wait for ever."""
    ben = Hold(kind="lock", scope=STAGING, by="ben", subject="ben", spares="ben")
    first = holds.put(store, ben).hold
    holds.put(store, replace(ben, by="cy", subject="cy", spares="cy", begins=1e11, until=1e11 + 600))
    assert lifting.end(store, first.id, WHO)
    (left,) = holds.listed(store)
    assert left.by == "cy"
    assert left.begins <= store.now()
    assert left.until == pytest.approx(store.now() + 600, abs=60)
