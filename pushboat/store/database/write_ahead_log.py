"""Finds commits that SQLite would silently forget: those in its write-ahead log behind a broken frame.

At a broken frame SQLite takes the log for ended. After a power cut that is right: only what was never synced, and so
never promised, can be broken there. With `synchronous=FULL` a second commit behind the broken frame cannot come from a
cut, since the first one was synced before it; nor can a frame be missing that the log's index (-shm, written after the
sync) counts. https://sqlite.org/walformat.html has the layout.
What cannot be told apart is a log whose last commit alone is broken, or that was shortened, when its index is gone too.
"""

import os
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from pushboat.store.database.log_sums import WORD, frame_sums

_HEADER, _FRAME, _SUM, _INDEX = 32, 24, 16, 48
_MAGIC, _VERSION = 0x377F0682, 3007000


@dataclass(frozen=True, slots=True)
class _Frame:
    page: int
    count: int  # how many pages the store has after this one commits; 0: it does not
    sound: bool  # as the one that follows its predecessor, whether or not that one is sound


@dataclass(frozen=True, slots=True)
class Log:
    """What SQLite will take out of a log."""

    trouble: str = ""
    """What is wrong with it."""
    page_size: int = 0
    salts: bytes = b""
    """What tells this log from all others; empty: there is none."""
    pages: tuple[int, ...] = ()
    """Which page each of its frames is, up to the last commit."""
    count: int | None = None
    """How many pages the store has then."""


def examine(file: Path) -> Log:
    """Look at the log of the store at `file`; to be done before SQLite opens it and forgets."""
    index, log = _read(file, "-shm"), _read(file, "-wal")  # in this order: the log may grow meanwhile
    found = _examined(index, log)
    if not found.trouble:
        return found
    # Somebody may have been writing while we read; what is broken stays so.
    return _examined(_read(file, "-shm"), _read(file, "-wal"))


@dataclass(frozen=True, slots=True)
class Frames:
    """What is in a log that is in use, or in its end, as far as can be told without summing it."""

    salts: bytes = b""
    """What tells this log from all others; empty: there is none."""
    page_size: int = 0
    first: int = 0
    """The number of the first frame here; that of a log is 0."""
    pages: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()

    def count(self, frames: int) -> int | None:
        """Say how many pages the store has after so many frames of the log, where one of these commits."""
        return next((count for count in reversed(self.counts[: max(0, frames - self.first)]) if count), None)

    def dropped(self, count: int) -> range:
        """Give the pages that a file of `count` pages may lose when this is copied."""
        return range(min(filter(None, self.counts), default=count) + 1, count + 1)


def frames(file: Path, salts: bytes = b"", skip: int = 0) -> Frames:
    """Look at a log that is in use, without its first `skip` frames if it is the one with these salts."""
    try:
        log = _open(file)
    except FileNotFoundError:
        return Frames()
    with log:
        head = log.read(_HEADER)
        if len(head) < _HEADER or not _header_is_sound(head):
            return Frames()
        first, size = skip if salts == salts_of(head) else 0, page_size_of(head)
        heads = list(_heads(log.fileno(), _HEADER + first * (_FRAME + size), salts_of(head), size))
    pages, counts = tuple(page for page, _ in heads), tuple(count for _, count in heads)
    return Frames(salts_of(head) if first or pages else b"", size, first, pages, counts)


def _heads(log: int, place: int, salts: bytes, size: int) -> Iterator[tuple[int, int]]:
    """Give page and count of each frame of this log: one by one, for behind them there may be much of an older one."""
    while (head := os.pread(log, _FRAME, place))[8:16] == salts:
        yield struct.unpack_from(">II", head)
        place += _FRAME + size


def contents(file: Path, page_size: int, frames: Iterable[int]) -> Iterator[bytes]:
    """Give the pages in these frames of a log that is not begun anew meanwhile."""
    with _open(file) as log:
        for frame in frames:
            yield os.pread(log.fileno(), page_size, _HEADER + frame * (_FRAME + page_size) + _FRAME)


def reaches(file: Path, length: int, of: Mapping[bytes, int]) -> bool:
    """Say whether a log in use has so many pages, or those with these salts as many as is said of them.

    Raises:
        OSError: it cannot be read.
    """
    with _open(file) as log:
        head = log.read(_HEADER)
        if len(head) < _HEADER:
            return False
        last = of.get(salts_of(head), length) - 1
        log.seek(_HEADER + last * (_FRAME + page_size_of(head)))
        return log.read(_FRAME)[8:16] == salts_of(head)


def _examined(index: bytes, log: bytes) -> Log:
    counted = _counted(index, log)
    if len(log) <= _HEADER + _FRAME:
        return Log(f"its log (-wal) has lost {counted} pages") if counted else Log()
    if not _header_is_sound(log):
        return Log("the header of its log (-wal) is broken")
    frames = list(_frames(log))
    sound = next((number for number, frame in enumerate(frames) if not frame.sound), len(frames))
    forgotten = sum(frame.count > 0 for frame in frames[sound:] if frame.sound)
    if forgotten > 1:
        return Log(f"page {sound + 1} of its log (-wal) is broken, with {forgotten} commits behind it")
    if counted > sound:
        return Log(f"its log (-wal) is sound for {sound} pages only, and had {counted}")
    return _taken(log, frames[:sound])


def _taken(log: bytes, frames: Sequence[_Frame]) -> Log:
    end = max((number for number, frame in enumerate(frames, 1) if frame.count), default=0)
    pages = tuple(frame.page for frame in frames[:end])
    return Log("", page_size_of(log), salts_of(log), pages, frames[end - 1].count if end else None)


def _counted(index: bytes, log: bytes) -> int:
    """Give how many frames the index counts; 0 where it is of no use, or where all of an absent log are in the file.

    Frames that were copied to the file count as long as the log is there: the ones before them would cover the copies.
    """
    head = index[:_INDEX]
    if len(index) < 2 * _INDEX + 4 or head != index[_INDEX : 2 * _INDEX]:
        return 0
    version, _, _, initialised, _, _, frames = struct.unpack_from("=IIIBBHI", head)
    if version != _VERSION or not initialised or _sum(head[:40], (0, 0), "=") != struct.unpack_from("=II", head, 40):
        return 0
    (done,) = struct.unpack_from("=I", index, 2 * _INDEX)
    if len(log) < _HEADER:
        return 0 if frames <= done else int(frames)
    return int(frames) if log[16:24] == head[32:40] else 0


def _header_is_sound(log: bytes) -> bool:
    magic, version = struct.unpack_from(">II", log)
    if magic & ~1 != _MAGIC or version != _VERSION or page_size_of(log) not in {2**power for power in range(9, 17)}:
        return False
    return _sum(log[:24], (0, 0), _order(log)) == struct.unpack_from(">II", log, 24)


def _frames(log: bytes) -> Iterator[_Frame]:
    """Give the frames of this round of the log, each judged from the sum that stands in the one before it."""
    length, ours = _FRAME + page_size_of(log), salts_of(log)
    places = range(_HEADER, len(log) - length + 1, length)
    written = [struct.unpack_from(">II", log, place + _SUM) for place in places]
    before = [struct.unpack_from(">II", log, 24), *written][: len(places)]
    right = frame_sums(log[_HEADER:], length, range(2, _FRAME // 4), before, _order(log))
    for place, said, found in zip(places, written, right, strict=True):
        number, pages = struct.unpack_from(">II", log, place)
        follows = number > 0 and log[place + 8 : place + _SUM] == ours
        yield _Frame(number, pages, follows and said == found)


def _sum(data: bytes, start: tuple[int, ...], order: str) -> tuple[int, int]:
    first, second = start
    words = iter(struct.unpack(f"{order}{len(data) // 4}I", data))
    for one, two in zip(words, words, strict=True):
        first = (first + one + second) & WORD
        second = (second + two + first) & WORD
    return first, second


def _order(log: bytes) -> str:
    return ">" if log[3] & 1 else "<"


def page_size_of(log: bytes) -> int:
    """Read a log's page size from its header."""
    return int(struct.unpack_from(">I", log, 8)[0])


def salts_of(log: bytes) -> bytes:
    """Read from a log's header what its frames carry, and those of no earlier one in the same file."""
    return log[16:24]


def _open(file: Path) -> FileIO:
    return file.with_name(f"{file.name}-wal").open("rb", buffering=0)


def _read(file: Path, ending: str) -> bytes:
    try:
        return file.with_name(file.name + ending).read_bytes()
    except FileNotFoundError:
        return b""
