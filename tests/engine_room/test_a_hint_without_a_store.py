"""A hint whose store is away leads to one line, and to no bug's traces: the store gives it again when it is back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from celery import Celery

from pushboat.store.database.engine import open_store
from tests.store.repository import NAME
from workers import tasks
from workers.tools import Tools

HINTS = {"route": NAME, "deploy": 1, "report": "github", "look": NAME, "let_go": 1, "inspect": "dev", "answer": "dev"}


@pytest.fixture
def cut_off(tools: Tools, tmp_path: Path) -> Iterator[Tools]:
    """The tools of a worker whose Postgres is gone."""
    nowhere = open_store(f"postgresql+psycopg://ann@/pushboat?host={tmp_path}/nobody", tmp_path)
    yield replace(tools, store=nowhere)
    nowhere.close()


def test_a_hint_whose_store_is_away_is_dropped_in_a_line(cut_off: Tools, caplog: pytest.LogCaptureFixture) -> None:
    """Postgres restarts while workers take hints: each says what it could not do, and none looks like our own bug."""
    app = Celery("cut-off", set_as_current=False)
    tasks.register(app, lambda: cut_off)
    assert {f"pushboat.{name}" for name in HINTS} == {name for name in app.tasks if name.startswith("pushboat.")}
    for name, about in HINTS.items():
        caplog.clear()
        app.tasks[f"pushboat.{name}"](about)
        ours = [each for each in caplog.records if each.name.startswith(("workers", "celery"))]
        assert all(each.exc_info is None for each in ours), name
        assert any("the store does not answer" in each.getMessage() for each in ours), name
