"""A store with our tables, as a copy of one that was made once: the migrations themselves are tests/store's matter."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store
from tests.known_statements import with_known_statements


def fresh_store(state: Path) -> Store:
    """Lay an SQLite store with nothing in its tables into a state folder, and open it."""
    assert not (state / "pushboat.sqlite3").exists(), f"there is a store in {state} already"
    shutil.copytree(_made_once().name, state, dirs_exist_ok=True)
    return with_known_statements(open_store("", state))


@cache
def _made_once() -> "tempfile.TemporaryDirectory[str]":
    folder = tempfile.TemporaryDirectory(prefix="pushboat-fresh-")
    store = open_store("", Path(folder.name))
    migrations.upgrade(store)
    store.close()
    return folder
