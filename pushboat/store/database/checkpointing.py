"""Copies SQLite's log into the store's file, and sums the pages that it copies: the file changes nowhere else.

No connection does it by itself, so that nobody's commit takes longer for it. Whoever finds the log long after a commit
starts a thread that copies, one at a time among all processes, and in this order, each step on the disk before the
next: the pages that will be copied are noted; SQLite copies; their sums are written. A transaction that began before
keeps SQLite from copying more than was noted. So whoever dies on the way leaves what it copied in the log, or noted.

While the log is copied others go on writing to it. Where that made it too long, the rest is copied while nobody
writes: only then can it be begun anew. That rest is small.
"""

import logging
import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pushboat.store.database import page_sums, seal, write_ahead_log
from pushboat.store.database.page_sums import Sums
from pushboat.store.database.write_ahead_log import Frames

LONG, TOO_LONG = 500, 1000
"""Pages of a log that is copied, and of one for which writers wait until all of it is copied."""

_OFTEN = 16
"""Commits of this process between two looks at the log."""

_PATIENCE = 4.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Copied:
    """A log of which something was copied: what tells it from others, its length, and whether all of it was."""

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
        self._failing = False
        self._next: tuple[bytes, int] = (b"", LONG)
        self._main: int | None = None

    def before_writing(self) -> bool:
        """Lift the seal, by the holder of the right to write; True: there was one, and the log must be begun.

        Raises:
            StoreUnavailable: the folder cannot be written.
        """
        lifted = seal.lift(self._file)
        self._begun |= lifted
        return lifted

    def after_commit(self) -> None:
        """Have the log copied where it is long, without waiting for it."""
        self._commits += 1
        if (self._begun or not self._commits % _OFTEN) and self._wanted() and self._at_work.acquire(blocking=False):
            try:
                threading.Thread(target=self._work, name="checkpoint", daemon=True).start()
            except RuntimeError:  # no thread to be had: what was committed stays so, and a later commit finds one
                self._at_work.release()

    def copy(self) -> None:
        """Copy the log now where it is long, by somebody who has time."""
        if self._wanted() and self._at_work.acquire(blocking=False):
            self._work()

    def settle(self) -> None:
        """Wait for what is being copied."""
        if self._at_work.acquire(timeout=_PATIENCE):
            self._at_work.release()

    def close(self) -> None:
        """Let go of the file; not before the store's last connection is closed."""
        if self._main is not None:
            os.close(self._main)
            self._main = None

    def _wanted(self) -> bool:
        salts, length = self._next
        try:
            if self._begun:
                return write_ahead_log.reaches(self._file, 1, {})
            return write_ahead_log.reaches(self._file, LONG, {salts: length})
        except OSError:
            return False

    def _sync(self) -> None:
        # To close a file takes away all locks that the process has on it, also SQLite's: this one stays open.
        if self._main is None:
            self._main = os.open(self._file, os.O_RDONLY | os.O_CLOEXEC)
        os.fsync(self._main)

    def _work(self) -> None:
        try:
            if self._begun:
                self._begun = not bind(self._file)
            elif copied := copy(self._file, self._turn, self._sync):
                more = LONG if copied.frames < TOO_LONG else LONG // 4  # somebody was reading: soon once more
                self._next = copied.salts, copied.frames + more
            self._failing = False
        except (OSError, sqlite3.Error) as error:
            if not self._failing:
                logger.warning("the store's log was not copied into its file, and grows until it is: %s", error)
            self._failing = True
        finally:
            self._at_work.release()


def bind(file: Path) -> bool:
    """Say that a sealed store's sums belong to the log that was begun; by whoever lifted the seal, after its commit."""
    with page_sums.only_one(file, _PATIENCE) as ours:
        sums, frames = page_sums.read(file), write_ahead_log.frames(file)
        if ours and sums and sums.log == page_sums.NO_LOG and frames.salts:
            page_sums.write(file, replace(sums, log=frames.salts))
        return ours


def copy(file: Path, turn: AbstractContextManager[Any], sync: Callable[[], None]) -> Copied | None:
    """Copy what is in the log; None where there is nothing, or another process does it.

    Args:
        file: the store's.
        turn: the queue of this process' writers.
        sync: syncs the store's file.

    Raises:
        OSError, sqlite3.Error: nothing was copied, or it was and is noted.
    """
    with page_sums.only_one(file) as ours:
        if not ours:
            return None
        with closing(_connect(file)) as pin, closing(_connect(file)) as connection:
            copied = _copy(file, pin, connection, "BEGIN")
            if copied and not copied.whole and copied.frames >= TOO_LONG:
                sync()  # SQLite does it only after all was copied: now, while nobody waits
                with turn:
                    copied = _copy(file, pin, connection, "BEGIN IMMEDIATE")
        return copied


def _copy(file: Path, pin: sqlite3.Connection, connection: sqlite3.Connection, begin: str) -> Copied | None:
    known = page_sums.read(file)
    pin.execute(begin)
    try:
        pin.execute("PRAGMA user_version").fetchone()  # from here on the log is not begun anew
        log = write_ahead_log.frames(file, *((known.log, known.copied) if known else ()))
        if not log.salts:
            return None
        known = _note(file, known, log)
        _, frames, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        done = Copied(log.salts, frames, frames == copied)
        sums = known and _summed(file, known, log, done, copied)
    finally:
        pin.execute("ROLLBACK")
    if sums:
        page_sums.write(file, sums)
    return done


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, timeout=_PATIENCE, check_same_thread=False)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("PRAGMA user_version").fetchone()  # what is opened here is opened while nobody waits
    return connection


def _note(file: Path, known: Sums | None, log: Frames) -> Sums | None:
    """Note what may be copied; None where the sums are of no use: the next start makes them anew."""
    if known is None or not known.belong_to(log.salts):
        if file.stat().st_size > log.page_size:
            page_sums.forget(file)
            return None
        known = Sums(page_size=log.page_size, values=b"")  # a new store: what is in its file comes from here
    if known.log != log.salts:
        known = replace(known, log=log.salts, copied=0)
    # Only when all of it was copied can another log follow this one, and then all of that is noted.
    known = replace(known, whole=True, noted=known.noted.union(log.pages, log.dropped(known.count)))
    page_sums.write(file, known)
    return known


def _summed(file: Path, known: Sums, log: Frames, done: Copied, copied: int) -> Sums:
    """Give the sums after so many of the log's frames were copied."""
    new = {page: 0 for page in known.noted.difference(log.pages) if page <= known.count}
    last = {page: frame for frame, page in enumerate(log.pages, log.first) if frame < copied}
    contents = write_ahead_log.contents(file, log.page_size, last.values())
    new |= {page: page_sums.of_content(content) for page, content in zip(last, contents, strict=True)}
    values = page_sums.with_pages(known, new, log.count(copied) if done.whole else None)
    return replace(known, values=values, copied=max(copied, known.copied), whole=done.whole, noted=frozenset())
