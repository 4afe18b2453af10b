"""A store whose process was killed is as sure as one that was closed: no changed row is ever served."""

import os
import random
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pushboat.errors import StoreDamaged
from pushboat.store import deliveries
from pushboat.store.database import page_sums, seal, write_ahead_log
from pushboat.store.database.engine import open_store
from pushboat.store.database.soundness import refuse_damaged
from tests.store import damage
from tests.store.damage import NAME

pytestmark = pytest.mark.programs

FLIPS = 100

WRITER = """
import os, signal, sys
from pathlib import Path
from tests.store import damage
store = damage.open_store("", Path(sys.argv[1]))
damage.push(store, range(1000, 1000 + int(sys.argv[2])))
damage.settle(store)
damage.push(store, range(5000, 5000 + int(sys.argv[3])))
os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(state: Path, first: int, then: int) -> None:
    """Write with a process of its own, which is killed: it ends nothing and closes nothing."""
    argv = [sys.executable, "-c", WRITER, str(state), str(first), str(then)]
    ended = subprocess.run(argv, env={**os.environ, "PYTHONPATH": str(Path.cwd())}, check=False)
    assert ended.returncode == -9


def refused(state: Path) -> str:
    """Start on this and give the sentence of its refusal; empty: it was opened."""
    store = open_store("", state)
    try:
        refuse_damaged(store)
    except StoreDamaged as damaged:
        return damaged.summary
    finally:
        store.close()
    return ""


def flipped(file: Path, place: int, bit: int = 0) -> None:
    """Flip one bit, or flip it back."""
    with file.open("r+b") as opened:
        opened.seek(place)
        changed = opened.read(1)[0] ^ 1 << bit
        opened.seek(place)
        opened.write(bytes([changed]))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that was closed, used again, copied into its file on the way, and killed."""
    state = tmp_path_factory.mktemp("whole") / "var"
    damage.closed(state)
    killed(state, 60, 20)
    return state


def test_a_bit_in_a_text_that_no_index_covers(whole: Path, tmp_path: Path) -> None:
    """A bit of a sentence is flipped in the main file after a kill: the store is refused, and says which page."""
    shutil.copytree(whole, tmp_path / "var")
    file = tmp_path / "var" / NAME
    assert not seal.of(file).exists()
    assert refused(tmp_path / "var") == ""
    data = file.read_bytes()
    covered = set(write_ahead_log.frames(file).pages)
    places = [place for place in range(len(data)) if data.startswith(b"signature does not match", place)]
    lone = [place for place in places if place // 4096 + 1 not in covered]
    assert lone, "every text is in the log too"
    flipped(file, lone[0])
    said = refused(tmp_path / "var")
    assert f"page {lone[0] // 4096 + 1} is not what Pushboat wrote" in said
    assert f"remove {page_sums.of(file)}" in said
    page_sums.of(file).unlink()
    assert refused(tmp_path / "var") == ""


@pytest.mark.parametrize("seed", ["", *(pytest.param(number, marks=pytest.mark.proof) for number in range(20))])
def test_no_flipped_bit_changes_what_is_served(whole: Path, tmp_path: Path, seed: object) -> None:
    """A hundred random bits of file and log, one at a time: each is refused, or every row is what it was."""
    chance = random.Random(f"flips {seed}")
    rows = damage.content(whole, tmp_path / "copy")
    refusals = 0
    for _ in range(FLIPS):
        file = whole / f"{NAME}{chance.choice(['', '', '-wal'])}"
        place, bit = chance.randrange(file.stat().st_size), chance.randrange(8)
        flipped(file, place, bit)
        if refused(whole):
            refusals += 1
        else:
            said = f"bit {bit} of byte {place} of {file.name} was not noticed"
            assert damage.content(whole, tmp_path / "copy") == rows, said
        flipped(file, place, bit)
    assert refusals > FLIPS // 3


@pytest.mark.proof  # many kills
def test_who_is_killed_while_copying_loses_nothing(whole: Path, tmp_path: Path) -> None:
    """A process is killed at each step of copying the log, another goes on: the store opens, and nothing is missing."""
    shutil.copytree(whole, tmp_path / "start")
    before = len(delivered(whole))
    subprocess.run([sys.executable, "-m", "tests.store.dying", str(tmp_path)], check=True)
    cases = sorted((tmp_path / "cases").iterdir())
    assert len(cases) > 2 * 8
    for state in cases:
        sums = page_sums.read(state / NAME)
        assert sums is not None, f"killed at step {state.name}: nothing is known of the pages any more"
        assert sums.belong_to(write_ahead_log.frames(state / NAME).salts), f"killed at step {state.name}"
        assert refused(state) == "", f"killed at step {state.name}"
        new = {*range(7001, 7051 if state.name.endswith("True") else 7041), *range(8001, 8011)}
        assert {f"d-{number}" for number in new} <= delivered(state)
        assert len(delivered(state)) == before + len(new)


def test_whoever_opened_it_first(tmp_path: Path) -> None:
    """The first transaction after a clean end writes nothing, and another process writes: the sums are of use."""
    state = tmp_path / "var"
    damage.closed(state)
    assert refused(state) == ""
    first = open_store("", state)
    with first.writing():
        pass
    assert not seal.of(state / NAME).exists()
    damage.wait(first)
    killed(state, 60, 20)
    sums = page_sums.read(state / NAME)
    assert sums is not None
    assert sums.belong_to(write_ahead_log.frames(state / NAME).salts)
    first.close()


def test_the_log_does_not_grow_for_ever(tmp_path: Path) -> None:
    """Several write and read at once without a rest: the log is copied beside them, and begun anew."""
    store = damage.filled(tmp_path, 1)
    file = tmp_path / NAME
    begun = set()

    def write(numbers: range) -> None:
        for number in numbers:
            damage.push(store, [number])
            deliveries.listed(store, limit=1)
            begun.add(write_ahead_log.frames(file).salts)

    threads = [threading.Thread(target=write, args=(range(side * 1000 + 1, side * 1000 + 201),)) for side in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(begun) > 1, "it was never begun anew"
    damage.settle(store)
    damage.push(store, [9001])
    assert len(write_ahead_log.frames(file).pages) < 100
    sums = page_sums.read(file)
    assert sums is not None
    assert sums.count == file.stat().st_size // sums.page_size
    store.close()
    assert len(delivered(tmp_path)) > 800


def delivered(state: Path) -> set[str]:
    """Give the ids of all deliveries."""
    store = open_store("", state)
    try:
        return {row.delivery for row in deliveries.listed(store, limit=10_000)}
    finally:
        store.close()
