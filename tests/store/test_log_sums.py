"""The sums of a log's frames, side by side, are those that SQLite's rule gives one word after the other."""

import random
import struct

import pytest

from pushboat.store.database.log_sums import SIDE_BY_SIDE, WORD, Sums, frame_sums

HEAD, SKIPPED = 24, range(2, 6)


def one_by_one(frame: bytes, start: Sums, order: str) -> Sums:
    """Follow https://sqlite.org/fileformat2.html#checksum_algorithm to the letter."""
    first, second = start
    for one, two in struct.iter_unpack(f"{order}II", frame[:8] + frame[HEAD:]):
        first = (first + one + second) & WORD
        second = (second + two + first) & WORD
    return first, second


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("page", [512, 4096, 65536])
@pytest.mark.parametrize("full", [False, True], ids=["any", "every bit is set"])
def test_sums_are_those_of_the_rule(order: str, page: int, full: bool) -> None:
    """Whatever the pages hold, and how many there are: no sum runs into its neighbour."""
    count = 3 if page == 65536 else SIDE_BY_SIDE + 1 if page == 512 else 40
    chance, length = random.Random(page), HEAD + page
    frames = b"\xff" * (count * length) if full else chance.randbytes(count * length)
    before = [(WORD, WORD) if full else (chance.getrandbits(32), chance.getrandbits(32)) for _ in range(count)]
    expected = [
        one_by_one(frames[place * length : (place + 1) * length], start, order) for place, start in enumerate(before)
    ]
    assert frame_sums(frames, length, SKIPPED, before, order) == expected


def test_no_frames_have_no_sums() -> None:
    """An empty log is nothing to add up."""
    assert frame_sums(b"", HEAD + 4096, SKIPPED, [], "<") == []
