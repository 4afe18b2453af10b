"""The sum of each page of a store's file, kept beside it: a flipped bit is noticed also after a kill or a power cut.

SQLite keeps no checksum of its pages. Its log is summed, and the file changes only where the log is copied into it
(checkpointing.py), which notes here what it is about to copy, and then the sums of what it copied. So every page
that is neither in the log nor noted must have its sum. The sums belong to one log, known by its salts, and to the one
that follows when all of it was copied. Beside any other log they say nothing: somebody else wrote, or another file
was put in the store's place.
"""

import fcntl
import hashlib
import json
import os
import struct
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pushboat.store.database import whole_files

_WORD = 4
_ROUND = 1 << 32
NO_LOG = b""
"""The log of sums that were made while there was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What is known of a store's file."""

    page_size: int
    values: bytes  # a word for each page; 0: not known
    log: bytes = NO_LOG  # the salts of the log that they belong to
    copied: int = 0  # how many of its pages are in the file
    whole: bool = False  # whether those were all of it
    noted: frozenset[int] = frozenset()  # pages that were about to be copied

    def of(self, page: int) -> int:
        """Give one page's sum; 0 where it is not known."""
        place = (page - 1) * _WORD
        return int.from_bytes(self.values[place : place + _WORD], "little")

    @property
    def count(self) -> int:
        """Say for how many pages there is a place."""
        return len(self.values) // _WORD

    @property
    def gaps(self) -> bool:
        """Say whether some page is not known."""
        return bool(self.noted) or 0 in memoryview(self.values).cast("I")

    def belong_to(self, salts: bytes) -> bool:
        """Say whether these are the sums of the file beside this log; SQLite counts the first salt up each time."""
        if NO_LOG in (self.log, salts):
            return False
        follows = (int.from_bytes(self.log[:_WORD]) + 1) % _ROUND == int.from_bytes(salts[:_WORD])
        return self.log == salts or (self.whole and follows)


def of(file: Path) -> Path:
    """Say where a store's sums are."""
    return file.with_name(f"{file.name}-sums")


def read(file: Path) -> Sums | None:
    """Read the sums of a store; None where there are none, or they are broken: they can be made anew."""
    try:
        digest, head, values = of(file).read_bytes().split(b"\n", 2)
        if digest.decode() != hashlib.sha256(head + values).hexdigest():
            return None
        known = json.loads(head)
        return Sums(
            page_size=known["page_size"],
            values=values,
            log=bytes.fromhex(known["log"]),
            copied=known["copied"],
            whole=known["whole"],
            noted=frozenset(known["noted"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(file: Path, sums: Sums) -> None:
    """Keep these; when this returns, they are on the disk.

    Raises:
        OSError: those of before are kept.
    """
    known = {"page_size": sums.page_size, "log": sums.log.hex(), "copied": sums.copied, "whole": sums.whole}
    head = json.dumps({**known, "noted": sorted(sums.noted)}).encode()
    digest = hashlib.sha256(head + sums.values).hexdigest().encode()
    whole_files.replace(of(file), b"\n".join((digest, head, sums.values)))


def forget(file: Path) -> None:
    """Keep none, because the file is about to change by another hand than ours."""
    whole_files.remove(of(file))


def of_content(page: bytes) -> int:
    """Sum a page; a single flipped bit never goes unnoticed."""
    return zlib.crc32(page) or 1


@contextmanager
def only_one(file: Path, patience: float = 0.0) -> Iterator[bool]:
    """Let one process at a time copy the log or read file and sums together; False: another one does, for that long."""
    deadline = time.monotonic() + patience
    descriptor = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        while not (ours := _locked(descriptor)) and time.monotonic() < deadline:
            time.sleep(0.01)
        yield ours
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def made_anew(file: Path, page_size: int, log: bytes) -> Sums:
    """Sum all pages of a file as they are: 0.2 s for 200 MB."""
    values = bytearray()
    with file.open("rb") as content:
        while page := content.read(page_size):
            values += struct.pack("<I", of_content(page))
    return Sums(page_size=page_size, values=bytes(values), log=log)


def with_pages(sums: Sums, changed: Mapping[int, int], count: int | None) -> bytes:
    """Give the values with these pages' sums, for a file of `count` pages; None: at least as many as before."""
    values = bytearray(sums.values)
    longest = max((*changed, sums.count))
    values.extend(bytes(_WORD * (longest - sums.count)))
    for page, value in changed.items():
        struct.pack_into("<I", values, (page - 1) * _WORD, value)
    if count is not None:
        del values[count * _WORD :]
        values.extend(bytes(count * _WORD - len(values)))
    return bytes(values)


def differing(file: Path, sums: Sums, but: Iterable[int], count: int | None) -> int | None:
    """Find the first page that is not what its sum says.

    Args:
        but: pages that need not be.
        count: how many pages the store has, where its log says so; what is behind them need not be either.
    """
    free = frozenset(but)
    last = sums.count if count is None else min(count, sums.count)
    with file.open("rb") as content:
        for number in range(1, last + 1):
            page = content.read(sums.page_size)
            known = sums.of(number)
            if known and number not in free and of_content(page) != known:
                return number
    return None
