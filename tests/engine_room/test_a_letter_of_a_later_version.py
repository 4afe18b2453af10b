"""The next version writes a letter, and this one, which runs beside it for a while, leaves it to that."""

import pytest
import sqlalchemy as sa

from pushboat.model.state import State
from pushboat.store import ending
from pushboat.store.database.engine import Store
from tests.engine_room.reported import report_all
from tests.fakes.github import FakeGitHub
from tests.store.repository import Repository, time_passes
from workers.reporting import Seats, report
from workers.tools import Tools


def test_a_letter_of_a_later_version_waits_for_its_reporter(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The next version says a state that I do not know: it is neither lost nor taken for a bug of mine."""
    repository.push(main)
    change = "UPDATE outbox SET payload = replace(payload, :one, :other) WHERE kind = 'status'"
    with store.writing() as tx:
        assert tx.change(sa.text(change), one='"queued"', other='"by-moonlight"')
    report_all(tools)
    assert github.statuses("acme/shop", main) == []
    assert "bug" not in caplog.text
    with store.reading() as tx:
        said = tx.scalar(sa.text("SELECT error FROM outbox WHERE kind = 'status'"))
    assert said == "it waits for a newer Pushboat: by-moonlight is no state that this version knows"
    with store.writing() as tx:
        assert tx.change(sa.text(change), one='"by-moonlight"', other='"queued"')
    time_passes(store, 3600)
    report_all(tools)
    assert len(github.statuses("acme/shop", main)) == 1


def test_how_something_ended_is_read_back_by_who_knows_its_word(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The next version has told an end that I do not know: I leave it to that to look whether it is shown."""
    made = repository.push(main)
    ending.finish(store, repository.claim(made), State.FAILED, "no")
    report_all(tools)
    change = "UPDATE outbox SET payload = replace(payload, '\"failed\"', '\"by-moonlight\"') WHERE read_back_at > 0"
    with store.writing() as tx:
        assert tx.change(sa.text(change)) == 1
    time_passes(store, 61)
    asked = len(github.requests)
    report_all(tools)
    report(tools, Seats(), "github")
    assert len(github.requests) == asked
    assert "bug" not in caplog.text
    with store.reading() as tx:
        assert tx.scalar(sa.text("SELECT count(*) FROM outbox WHERE read_back_at > 0")) == 1
