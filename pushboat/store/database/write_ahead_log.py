"""Finds commits that SQLite would silently forget: those in its write-ahead log behind a broken frame.

At a broken frame SQLite takes the log for ended. After a power cut that is right: only what was never synced, and so
never promised, can be broken there. With `synchronous=FULL` a second commit behind the broken frame cannot come from a
cut, since the first one was synced before it; nor can a frame be missing that the log's index (-shm, written after the
sync) counts. https://sqlite.org/walformat.html has the layout.
What cannot be told apart is a log whose last commit alone is broken, or that was shortened, when its index is gone too.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEADER, _FRAME, _INDEX = 32, 24, 48
_MAGIC, _VERSION = 0x377F0682, 3007000
_WORD = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class _Frame:
    sound: bool  # as the one that follows its predecessor, whether or not that one is sound
    commits: bool


def trouble(file: Path) -> str:
    """Say what is wrong with the log of the store at `file`; to be asked before SQLite opens it and forgets."""
    index, log = _read(file, "-shm"), _read(file, "-wal")  # in this order: the log may grow meanwhile
    found = _trouble(index, log)
    if not found:
        return ""
    # Somebody may have been writing while we read; what is broken stays so.
    return _trouble(_read(file, "-shm"), _read(file, "-wal"))


def _trouble(index: bytes, log: bytes) -> str:
    counted = _counted(index, log)
    if len(log) <= _HEADER + _FRAME:
        return f"its log (-wal) has lost {counted} pages" if counted else ""
    if not _header_is_sound(log):
        return "the header of its log (-wal) is broken"
    frames = list(_frames(log))
    sound = next((number for number, frame in enumerate(frames) if not frame.sound), len(frames))
    forgotten = sum(frame.commits for frame in frames[sound:])
    if forgotten > 1:
        return f"page {sound + 1} of its log (-wal) is broken, with {forgotten} commits behind it"
    if counted > sound:
        return f"its log (-wal) is sound for {sound} pages only, and had {counted}"
    return ""


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
    if magic & ~1 != _MAGIC or version != _VERSION or _page_size(log) not in {2**power for power in range(9, 17)}:
        return False
    return _sum(log[:24], (0, 0), _order(log)) == struct.unpack_from(">II", log, 24)


def _frames(log: bytes) -> Iterator[_Frame]:
    """Give the frames of this round of the log, each judged from the sum that stands in the one before it."""
    size, order, before = _page_size(log), _order(log), struct.unpack_from(">II", log, 24)
    for place in range(_HEADER, len(log) - _FRAME - size + 1, _FRAME + size):
        head, page = log[place : place + _FRAME], log[place + _FRAME : place + _FRAME + size]
        number, pages = struct.unpack_from(">II", head)
        ours = head[8:16] == log[16:24] and number > 0
        after = struct.unpack_from(">II", head, 16)
        sound = ours and _sum(page, _sum(head[:8], before, order), order) == after
        yield _Frame(sound, sound and pages > 0)
        before = after


def _sum(data: bytes, start: tuple[int, ...], order: str) -> tuple[int, int]:
    first, second = start
    words = iter(struct.unpack(f"{order}{len(data) // 4}I", data))
    for one, two in zip(words, words, strict=True):
        first = (first + one + second) & _WORD
        second = (second + two + first) & _WORD
    return first, second


def _order(log: bytes) -> str:
    return ">" if log[3] & 1 else "<"


def _page_size(log: bytes) -> int:
    return int(struct.unpack_from(">I", log, 8)[0])


def _read(file: Path, ending: str) -> bytes:
    try:
        return file.with_name(file.name + ending).read_bytes()
    except FileNotFoundError:
        return b""
