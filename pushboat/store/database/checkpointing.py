"""Copies SQLite's log into the store's file, and sums the pages that it copies: the file changes nowhere else.

No connection does it by itself, so that nobody's commit takes longer for it. Whoever finds the log long after a commit
starts a thread that copies, one at a time among all processes, and in this order, each step on the disk before the
next: the pages that will be copied are noted; SQLite copies; their sums are written. Meanwhile a transaction keeps the
log from being begun anew, so that a process that dies on the way leaves what it copied in the log, or noted.

While the log is copied others go on writing to it. Where that made it too long, the rest is copied while nobody
writes: only then can it be begun anew. That rest is small.
"""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pushboat.store.database import page_sums, seal, write_ahead_log
from pushboat.store.database.page_sums import Sums
from pushboat.store.database.write_ahead_log import Frames

LONG, TOO_LONG = 1000, 2000
"""Pages of a log that is copied, and of one for which writers wait until all of it is copied."""

_OFTEN = 16
"""Commits of this process between two looks at the log."""

_PATIENCE = 4.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Copied:
    salts: bytes
    frames: int
    whole: bool


class Checkpoints:
    """When the log of an open store is copied: told by the one who writes, once before and once after."""

    def __init__(self, file: Path, turn: AbstractContextManager[Any]) -> None:
        """Begin with a log of unknown length.

        Args:
            file: the store's.
            turn: the queue of this process' writers.
        """
        self._file, self._turn = file, turn
        self._at_work = threading.Lock()
        self._commits = 0
        self._begun = False
        self._looked: tuple[bytes, int] = (b"", 0)

    def before_writing(self) -> None:
        """Lift the seal; to be called by the holder of the right to write.

        Raises:
            StoreUnavailable: the folder cannot be written.
        """
        if seal.lift(self._file):
            self._begun = True

    def after_commit(self) -> None:
        """Have the log copied where it is long, without waiting for it."""
        self._commits += 1
        if (self._begun or not self._commits % _OFTEN) and self._wanted() and self._at_work.acquire(blocking=False):
            threading.Thread(target=self._work, name="checkpoint", daemon=True).start()

    def copy(self) -> None:
        """Copy the log now where it is long, by somebody who has time."""
        if self._wanted() and self._at_work.acquire(blocking=False):
            self._work()

    def close(self) -> None:
        """Wait for what is being copied."""
        if self._at_work.acquire(timeout=_PATIENCE):
            self._at_work.release()

    def _wanted(self) -> bool:
        copied_of, copied = self._looked
        try:
            return self._begun or write_ahead_log.reaches(self._file, LONG, {copied_of: copied + LONG})
        except OSError:
            return False

    def _work(self) -> None:
        try:
            begun, self._begun = self._begun, False
            if begun:
                bind(self._file)
            elif copied := copy(self._file, self._turn):
                self._looked = copied.salts, copied.frames
        except (OSError, sqlite3.Error) as error:
            logger.warning("the store's log was not copied into its file, and grows: %s", error)
        finally:
            self._at_work.release()


def bind(file: Path) -> None:
    """Say that a sealed store's sums belong to the log that was begun; by whoever lifted the seal, after its commit."""
    with page_sums.only_one(file, _PATIENCE) as ours:
        sums, frames = page_sums.read(file), write_ahead_log.frames(file)
        if ours and sums and sums.log == page_sums.NO_LOG and frames.salts:
            page_sums.write(file, replace(sums, log=frames.salts))


def copy(file: Path, turn: AbstractContextManager[Any] | None = None) -> _Copied | None:
    """Copy what is in the log; None where there is nothing, or another process does it.

    Raises:
        OSError, sqlite3.Error: nothing was copied, or it was and is noted.
    """
    with page_sums.only_one(file) as ours:
        if not ours:
            return None
        copied = _copy(file, "BEGIN")
        if copied and not copied.whole and copied.frames >= TOO_LONG:
            with turn or nullcontext():
                copied = _copy(file, "BEGIN IMMEDIATE")
        return copied


def _copy(file: Path, begin: str) -> _Copied | None:
    with _pinned(file, begin) as connection:
        log = write_ahead_log.frames(file)
        if not log.salts:
            return None
        known = _note(file, log)
        _, there, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        done = _Copied(log.salts, there, there == copied)
        if known:
            page_sums.write(file, _summed(known, log, done, copied))
        return done


@contextmanager
def _pinned(file: Path, begin: str) -> Iterator[sqlite3.Connection]:
    """Give a connection to copy with, beside one whose transaction keeps the log from being begun anew."""
    with closing(_connect(file)) as pin, closing(_connect(file)) as connection:
        pin.execute(begin)
        pin.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        try:
            yield connection
        finally:
            pin.execute("ROLLBACK")


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, timeout=_PATIENCE)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # it stays the log's user until it is closed
    return connection


def _note(file: Path, log: Frames) -> Sums | None:
    """Note what may be copied; None where the sums are of no use, and are made anew at the next start."""
    known = page_sums.read(file)
    if known is None or not known.belong_to(log.salts):
        if file.stat().st_size > log.page_size:
            page_sums.forget(file)
            return None
        known = Sums(page_size=log.page_size, values=b"")  # a new store: what is in its file comes from here
    if known.log != log.salts:
        known = replace(known, log=log.salts, copied=0, whole=False)
    known = replace(known, noted=known.noted.union(log.pages, log.dropped(known.count)))
    page_sums.write(file, known)
    return known


def _summed(known: Sums, log: Frames, done: _Copied, copied: int) -> Sums:
    """Give the sums after so many of the log's frames were copied."""
    changed = {log.pages[frame]: frame for frame in range(copied)}  # a page's last frame is the one in the file
    left = known.noted.difference(log.pages)
    new = dict.fromkeys((page for page in left if page <= known.count), 0)
    new |= {page: page_sums.of_content(log.content(frame)) for page, frame in changed.items()}
    values = page_sums.with_pages(known, new, log.count(copied) if done.whole else None)
    return replace(known, values=values, copied=copied, whole=done.whole, noted=frozenset())
