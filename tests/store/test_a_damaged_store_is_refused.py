"""A store that was damaged is refused with a sentence before it is used, and nothing in it is changed."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pushboat.errors import PushboatError, StoreDamaged, StoreUnavailable
from pushboat.store import deliveries
from pushboat.store.database import migrations
from pushboat.store.database.engine import open_store
from pushboat.store.database.soundness import refuse_damaged, seal_at_rest
from tests.store import damage
from tests.store.damage import NAME

pytestmark = pytest.mark.programs

TRIES = pytest.mark.parametrize("tries", [8, pytest.param(60, marks=pytest.mark.proof)])


def refused(state: Path) -> str:
    """Open a store as `serve` does and give the sentence of its refusal; empty: it was opened."""
    before = damage.files(state)
    store = open_store("", state)
    said = StoreDamaged("")
    try:
        refuse_damaged(store)
    except StoreDamaged as damaged:
        said = damaged
    finally:
        store.close()
    if said.summary:
        assert damage.files(state) == before, "the refused store was changed"
        assert str(state / NAME) in said.summary
        assert "backup" in said.details
    return said.summary


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A store that was closed cleanly."""
    damage.closed(tmp_path / "closed")
    return tmp_path / "closed"


@pytest.fixture(params=[30, 330])
def killed(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A store whose process was killed: all of it still in the log, or most in the file and the log begun anew."""
    damage.killed(tmp_path / "killed", request.param)
    return tmp_path / "killed"


def test_a_sound_store_is_opened(closed: Path, killed: Path, tmp_path: Path) -> None:
    """Closed cleanly, killed, not there yet or killed before its first write: each is opened, again and again."""
    (tmp_path / "new").mkdir()
    (tmp_path / "begun").mkdir()
    (tmp_path / "begun" / NAME).touch()
    for state in (closed, killed, tmp_path / "new", tmp_path / "begun"):
        for _ in range(2):
            assert refused(state) == ""
            store = open_store("", state)
            migrations.upgrade(store)
            store.close()
    assert damage.content(closed, tmp_path / "copy") != []


@TRIES
@pytest.mark.parametrize("harm", [damage.flip, damage.shorten])
def test_what_was_closed_cleanly_must_be_the_same(
    closed: Path, tmp_path: Path, harm: Callable[[Path, random.Random], str], tries: int
) -> None:
    """A flipped bit or a lost end of a store that was closed cleanly is noticed wherever it is, in texts as well."""
    chance = random.Random(harm.__name__)
    for number in range(tries):
        state = tmp_path / str(number)
        shutil.copytree(closed, state)
        done = harm(state / NAME, chance)
        assert refused(state), f"{done} was not noticed"


def test_an_empty_or_missing_file_is_not_made_anew(closed: Path, killed: Path) -> None:
    """A store of 0 bytes, or one that is gone while log or seal are there, is not begun anew."""
    (closed / NAME).write_bytes(b"")
    assert "0 bytes" in refused(closed)
    (closed / NAME).unlink()
    store = open_store("", closed)
    with pytest.raises(StoreDamaged, match="it is gone"):
        refuse_damaged(store)
    assert not (closed / NAME).exists()
    (killed / NAME).unlink()
    store = open_store("", killed)
    with pytest.raises(StoreDamaged, match="it is gone"):
        refuse_damaged(store)
    assert not (killed / NAME).exists()


def test_an_older_store_is_not_taken_for_this_one(closed: Path) -> None:
    """An older file in the store's place lacks what was accepted since; the sentence says how to insist on it."""
    older = (closed / NAME).read_bytes()
    store = open_store("", closed)
    damage.push(store, range(1000, 1020))
    assert not (closed / f"{NAME}-seal").exists(), "whoever writes lifts the seal first"
    store.close()
    seal_at_rest(store)
    assert refused(closed) == ""
    (closed / NAME).write_bytes(older)
    assert f"remove {closed / NAME}-seal" in refused(closed)
    (closed / f"{NAME}-seal").unlink()
    assert refused(closed) == ""


MORE = 10
"""Times as many tries until one hits what is not written anew further on in the log."""


@TRIES
@pytest.mark.parametrize(("harm", "ending"), [(damage.flip, "-wal"), (damage.shorten, "-wal"), (damage.shorten, "")])
def test_after_a_kill_the_log_is_as_good_as_the_file(
    killed: Path, tmp_path: Path, harm: Callable[[Path, random.Random], str], ending: str, tries: int
) -> None:
    """What a killed process left is refused where a bit or an end is missing, or it is whole all the same."""
    chance = random.Random(harm.__name__ + ending)
    whole = damage.content(killed, tmp_path / "copy")
    sentences = set()
    for number in range(MORE * tries):
        if number >= tries and (any(sentences) or not ending):
            break
        state = tmp_path / str(number)
        shutil.copytree(killed, state)
        done = harm(state / f"{NAME}{ending}", chance)
        sentences.add(said := refused(state))
        if not said:
            assert damage.content(state, tmp_path / "copy") == whole, f"{done} was not noticed"
    assert any(sentences) or not ending, "a file whose pages are all in its log may lose any of them"


def test_a_log_that_is_gone_is_missed(killed: Path) -> None:
    """After a kill the log holds what was accepted: without it the store is refused, not taken as it was before."""
    (killed / f"{NAME}-wal").unlink()
    assert "has lost" in refused(killed)


@TRIES
def test_a_broken_log_is_refused_without_its_index(killed: Path, tmp_path: Path, tries: int) -> None:
    """When the machine went down the log's index is gone too: commits behind a broken page still give it away."""
    (killed / f"{NAME}-shm").unlink()
    chance = random.Random("no index")
    whole = damage.content(killed, tmp_path / "copy")
    for number in range(tries):
        state = tmp_path / str(number)
        shutil.copytree(killed, state)
        done = damage.flip(state / f"{NAME}-wal", chance)
        kept = refused(state) or damage.content(state, tmp_path / "copy")
        lost = [line for line in whole if line not in kept]
        assert isinstance(kept, str) or len(lost) <= 3, f"{done} was not noticed"  # the last commit may be a torn one


def test_pages_that_contradict_each_other_are_refused(closed: Path) -> None:
    """Without seal and log SQLite's own check is left: a page of noise is refused at the start."""
    (closed / f"{NAME}-seal").unlink()
    data = bytearray((closed / NAME).read_bytes())
    for place in range(4096, len(data) - 4096, 3 * 4096):
        noisy = bytearray(data)
        noisy[place : place + 4096] = random.Random(place).randbytes(4096)
        (closed / NAME).write_bytes(noisy)
        assert refused(closed), f"noise at {place} was not noticed"


def test_tables_of_a_version_that_nobody_knows(closed: Path) -> None:
    """A store of a newer Pushboat, or with a broken version, is refused with a sentence when it is to be upgraded."""
    store = open_store("", closed)
    with store.writing() as tx:
        tx.connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'of tomorrow'")
    with pytest.raises(PushboatError, match="of a version that this Pushboat does not know"):
        migrations.upgrade(store)
    store.close()


def test_damage_that_comes_later_is_said_too(closed: Path) -> None:
    """A store that breaks while it is in use answers with a sentence that names the damage, not with a trace."""
    data = bytearray((closed / NAME).read_bytes())
    data[4096:] = random.Random("later").randbytes(len(data) - 4096)
    (closed / NAME).write_bytes(data)
    store = open_store("", closed)
    with pytest.raises(StoreUnavailable, match=r"the store is damaged .*restore a backup"):
        deliveries.listed(store)
    store.close()
