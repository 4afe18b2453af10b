"""Stores to damage: one that was closed cleanly, one whose process was killed, and what can happen to their files."""

import atexit
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import cache
from pathlib import Path

from pushboat.events import Event, EventKind
from pushboat.store import deliveries
from pushboat.store.database import checkpointing, migrations, soundness
from pushboat.store.database.engine import Store, open_store

NAME = "pushboat.sqlite3"


def filled(state: Path, count: int) -> Store:
    """Open a store with so many accepted pushes and a few refusals."""
    store = open_store("", state)
    migrations.upgrade(store)
    push(store, range(count))
    return store


def push(store: Store, numbers: Iterable[int]) -> None:
    """Accept pushes."""
    for number in numbers:
        event = Event(
            kind=EventKind.PUSH, repository=f"acme/shop{number % 7}", ref="refs/heads/main", sha=f"{number:040x}"
        )
        deliveries.accept(store, "github", f"d-{number}", event)
        if number % 50 == 0:
            deliveries.reject(store, "github", "203.0.113.9", "signature does not match")


def closed(state: Path) -> None:
    """Make a store as `serve` leaves it: closed, and sealed."""
    shutil.copytree(_made_once(_close, 200), state)


def killed(state: Path, count: int) -> None:
    """Make a store as a kill -9 leaves it after so many pushes: its log and the log's index are there."""
    shutil.copytree(_made_once(_kill, count), state)


@cache
def _made_once(make: Callable[[Path, int], None], count: int) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="pushboat-damage-"))
    atexit.register(shutil.rmtree, folder)
    make(folder / "made", count)
    return folder / "made"


def _close(state: Path, count: int) -> None:
    state.mkdir()
    store = filled(state, count)
    store.close()
    soundness.seal_at_rest(store)


def _kill(state: Path, count: int) -> None:
    living = state.with_name("living")
    living.mkdir()
    filled(living, 0).close()  # the tables, which take as much of a log as many pushes
    store = open_store("", living)
    push(store, range(count))
    if count > 200:
        settle(store)
        push(store, range(count, count + 20))
    wait(store)
    shutil.copytree(living, state)
    store.close()


def wait(store: Store) -> None:
    """Wait until this process copies nothing."""
    assert store.checkpoints
    store.checkpoints.settle()


def settle(store: Store) -> None:
    """Let all of the log be copied, so that whoever writes next begins it anew."""
    wait(store)
    copied = checkpointing.copy(Path(store.engine.url.database or ""), store.turn, lambda: None)
    assert copied
    assert copied.whole


def files(state: Path) -> dict[str, bytes]:
    """Read what makes up a store: all but the log's index, which SQLite makes anew, and an empty log."""
    found = {file.name: file.read_bytes() for file in state.glob(f"{NAME}*") if not file.name.endswith("-shm")}
    return {name: content for name, content in found.items() if content or name == NAME}


def content(state: Path, scratch: Path) -> list[str]:
    """Give every row of a store as a statement, read from a copy."""
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(state, scratch)
    with closing(sqlite3.connect(scratch / NAME)) as connection:
        return list(connection.iterdump())


def flip(file: Path, chance: random.Random) -> str:
    """Flip one bit somewhere, and say where."""
    data = bytearray(file.read_bytes())
    place, bit = chance.randrange(len(data)), chance.randrange(8)
    data[place] ^= 1 << bit
    file.write_bytes(data)
    return f"bit {bit} of byte {place} of {file.name}"


def shorten(file: Path, chance: random.Random) -> str:
    """Cut a file off somewhere, half of the times near its beginning, and say where.

    A log that was begun anew ends there: behind it stands what counts no more.
    """
    length = chance.randrange(file.stat().st_size // chance.choice((1, 20)))
    with file.open("r+b") as opened:
        opened.truncate(length)
    return f"{file.name} cut to {length} bytes"
