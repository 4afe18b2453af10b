"""A process that starts on another version's tables says so before it does anything with them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from pushboat.errors import StoreDamaged, StoreUnavailable
from pushboat.store import meeting
from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store

OPERATOR = """
public_url: http://127.0.0.1:8700
state: {state}
forges:
  local: {{kind: git, root: {state}, webhook_secrets: [{{file: secret}}]}}
clusters:
  dev: {{kubeconfig: {state}/kubeconfig}}
projects: []
"""
SET = sa.text("UPDATE alembic_version SET version_num = :version")


def at(store: Store, version: str) -> None:
    """Let the tables say that they are of a version."""
    with store.writing() as tx:
        tx.change(SET, version=version)


def test_older_and_newer_tables_are_refused_with_what_to_run(store: Store) -> None:
    """I start a process before the upgrade, or an old one after it: it names the command."""
    meeting.refuse_other_tables(store)
    at(store, "0001")
    with pytest.raises(StoreUnavailable, match=r"earlier version \(0001, not \d{4}\): run `pushboat db upgrade`"):
        meeting.refuse_other_tables(store)
    at(store, "9999")
    with pytest.raises(StoreDamaged, match=r"later version \(9999, not \d{4}\): start the newer Pushboat"):
        meeting.refuse_other_tables(store)


def test_a_store_that_is_away_or_empty_is_waited_for(tmp_path: Path) -> None:
    """My database comes up after Pushboat, or is not set up yet: the process starts, and says what it waits for."""
    for url in ("", f"postgresql+psycopg://nobody@/nothing?host={tmp_path}"):
        store = open_store(url, tmp_path)
        meeting.refuse_other_tables(store)
        store.close()


def test_the_newest_file_is_the_newest_migration() -> None:
    """What a process takes for its own version is what an upgrade leads to."""
    assert meeting.newest() == migrations.newest()


@pytest.mark.programs
@pytest.mark.parametrize("command", ["workers.dispatcher", "workers.app worker", "workers.app reporter"])
def test_each_process_refuses(command: str, tmp_path: Path, migrated_file: Path) -> None:
    """Whichever process I start on newer tables: it ends, and its last line says why."""
    (tmp_path / "pushboat.sqlite3").write_bytes(migrated_file.read_bytes())
    store = open_store("", tmp_path)
    at(store, "9999")
    store.close()
    (tmp_path / "secret").write_text("s" * 32)
    (tmp_path / "pushboat.yaml").write_text(OPERATOR.format(state=tmp_path))
    environ = {**os.environ, "PUSHBOAT_CONFIG": str(tmp_path / "pushboat.yaml")}
    ended = subprocess.run(
        [sys.executable, "-m", *command.split()], env=environ, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode
    assert "later version (9999" in ended.stderr.splitlines()[-1], ended.stderr
