"""Refuses a damaged SQLite store before anything is done with it: never half-used, never silently made anew.

The order matters: the log first, because SQLite forgets what is broken in it when it opens the store; then the seal;
then SQLite's own check of pages, rows and indexes (1.1 s for 200 MB, measured; a start can afford it); then the sums of
the pages, for what SQLite cannot see. Until all have passed this only reads. Postgres looks after itself.
"""

import logging
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from pushboat.errors import StoreDamaged, StoreUnavailable
from pushboat.store.database import page_sums, seal, write_ahead_log
from pushboat.store.database.engine import LONGEST_WAIT, Store
from pushboat.store.database.write_ahead_log import Log

logger = logging.getLogger(__name__)

_WHAT_TO_DO = (
    "Pushboat has changed nothing in it. Stop whatever uses it, then put your newest backup in its place, or move it "
    "away to begin with an empty store; `pushboat explain store-damaged` says more"
)


def seal_at_rest(store: Store) -> None:
    """Remember what the store is, now that no process has it open; the next start compares."""
    if store.postgres or not store.engine.url.database:
        return
    file = Path(store.engine.url.database)
    if not seal.of(file).exists():  # nobody has written since there was one
        seal.put(file)


def refuse_damaged(store: Store) -> None:
    """Look at the store's files; an absent store is sound where nothing of an earlier one is left.

    Raises:
        StoreDamaged: naming the file, what is wrong and what to do.
        StoreUnavailable: it cannot be read at all.
    """
    if store.postgres or not store.engine.url.database:
        return
    file = Path(store.engine.url.database)
    try:
        trouble = _trouble(file)
    except OSError as error:
        raise StoreUnavailable(f"the store {file} cannot be read: {error.strerror}") from error
    if trouble:
        raise StoreDamaged(f"the store {file} is damaged: {trouble}", _WHAT_TO_DO)
    if _size(file):
        with suppress(OSError, sqlite3.Error):  # a folder that cannot be written may still be read
            _keep_sums(file)


def _trouble(file: Path) -> str:
    if not _size(file):
        # Without log and seal it is new, or its first process was killed before it had written anything.
        left = [name for name in ("-wal", "-seal") if _size(file.with_name(file.name + name))]
        state = "empty (0 bytes)" if file.exists() else "gone"
        return f"it is {state}, and its {file.name}{left[0]} is still there" if left else ""
    log = write_ahead_log.examine(file)
    return log.trouble or _seal(file) or _pages(file) or _sums(file, log)


def _seal(file: Path) -> str:
    trouble = seal.broken(file)
    return trouble and f"{trouble} (if you put it there yourself, remove {seal.of(file)})"


def _sums(file: Path, log: Log) -> str:
    with page_sums.only_one(file, LONGEST_WAIT) as ours:
        if not ours or not _differing(file, log):
            return ""
        # Another process may have written since the log was read, or have ended as the last one, so that SQLite copied
        # what was left. What differs stays so.
        trouble = _differing(file, write_ahead_log.examine(file))
    return trouble and f"{trouble} (if another program wrote to it or put it there, remove {page_sums.of(file)})"


def _differing(file: Path, log: Log) -> str:
    sums = page_sums.read(file)
    if sums is None or not sums.belong_to(log.salts):
        return ""
    if log.salts == sums.log and len(log.pages) < sums.copied:
        return f"its log (-wal) is sound for {len(log.pages)} pages only, and had {sums.copied}"
    page = page_sums.differing(file, sums, sums.noted.union(log.pages), log.count)
    return f"page {page} is not what Pushboat wrote" if page else ""


def _keep_sums(file: Path) -> None:
    """Make the sums anew where they are of no use, of what the checks have passed, so that the next start has some."""
    with page_sums.only_one(file, LONGEST_WAIT) as ours:
        log, sums = write_ahead_log.frames(file), page_sums.read(file)
        useful = sums and (sums.belong_to(log.salts) or (seal.of(file).exists() and sums.log == page_sums.NO_LOG))
        if not ours or (useful and sums and not sums.gaps):
            return
        if log.salts:
            made = page_sums.made_anew(file, log.page_size, log.salts)
            page_sums.write(file, replace(made, copied=sums.copied, whole=sums.whole) if sums and useful else made)
    if not log.salts:
        seal.put(file)
    logger.info("the sums of the pages of %s were made anew: there were none for this file and its log", file)


def _pages(file: Path) -> str:
    """Ask SQLite; a connection that may not write leaves log and file as they are, also when it is the last one."""
    try:
        address = f"{file.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=LONGEST_WAIT)) as connection:
            connection.text_factory = lambda text: text.decode(errors="replace")  # it quotes what is broken
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)")]
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
            raise StoreUnavailable(f"the store {file} does not answer: {error}") from error
        return str(error)
    except UnicodeDecodeError:
        return "the description of its tables cannot be read"
    return "" if found == ["ok"] else "; ".join(" ".join(line.split()) for line in found)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
