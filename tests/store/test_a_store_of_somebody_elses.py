"""A backup that root put back, or a command that root typed: whose the files are is said, and what mends it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from pushboat.errors import StoreUnavailable
from pushboat.store.database.engine import open_store
from pushboat.store.database.ownership import elsewhere_owned, give_to_folders_owner
from tests.fresh_store import fresh_store

NOBODY = 65534
FILE = "pushboat.sqlite3"


@pytest.fixture
def state() -> Iterator[Path]:
    """A state folder to which everybody finds: those of other tests lie below one of root's alone."""
    with tempfile.TemporaryDirectory(prefix="pushboat-state-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "state"


@contextmanager
def as_the_service(state: Path) -> Iterator[str]:
    """Be who runs Pushboat, to whom the folder belongs: `nobody` where the tests are root's, else who runs them."""
    if os.geteuid():
        yield ""
        return
    os.chown(state, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield "nobody"
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("touched", [FILE, f"{FILE}-wal", f"{FILE}-shm"])
def test_whose_file_it_is_is_said(state: Path, touched: str) -> None:
    """Not "a readonly database": the file, its owner, who runs, and what to type."""
    fresh_store(state).close()
    (state / touched).touch()
    for each in state.iterdir():
        each.chmod(0o444 if each.name == touched else 0o666)
    with as_the_service(state) as me:
        said = refusal(state)
    assert str(state / touched) in said
    if me:
        assert "belongs to root, and Pushboat runs as nobody" in said
        assert f"chown nobody: {state / FILE}*" in said
    else:
        assert f"chmod u+w {state / FILE}*" in said


def test_the_folder_may_be_somebody_elses(state: Path) -> None:
    """The seal is lifted before the first write, in a folder of root's: the folder is named."""
    fresh_store(state).close()
    for each in state.iterdir():
        each.chmod(0o666)
    with as_the_service(state) as me:
        if me:
            os.seteuid(0)
            os.chown(state, 0, 0)
            os.seteuid(NOBODY)
        else:
            state.chmod(0o555)
        said = refusal(state)
    state.chmod(0o755)
    assert str(state) in said
    assert ("chown nobody: " if me else "chmod u+w ") in said


def test_root_is_told_before_the_service_starts(state: Path) -> None:
    """Who looks as root may write everything: that a file is not its folder's owner's is found all the same."""
    fresh_store(state).close()
    assert elsewhere_owned(state / FILE) is None
    with given_away(state) as given:
        if given:
            _, command = elsewhere_owned(state / FILE) or ("", "")
            assert command == f"chown nobody: {state / FILE}*"
            give_to_folders_owner(state / FILE)
        assert elsewhere_owned(state / FILE) is None


@contextmanager
def given_away(folder: Path) -> Iterator[bool]:
    """Give a folder to the service; False: who runs the tests cannot."""
    if root := os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    yield root


def refusal(state: Path) -> str:
    """Write to the store, and give the sentence of its refusal."""
    store = open_store("", state)
    try:
        with pytest.raises(StoreUnavailable) as refused, store.writing() as tx:
            tx.rows(sa.text("UPDATE lane SET fence = fence"))
    finally:
        store.close()
    return refused.value.summary
