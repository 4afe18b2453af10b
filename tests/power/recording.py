"""What the recorder wrote down, read back: every write, sync and answer of a process, in the order of their effect."""

import json
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_HEAD = struct.Struct("=c3xIQQ40s")
_ANSWER = b"HTTP/1.1 "

CREATED, WRITTEN, CUT, UNLINKED, RENAMED, SYNC_BEGINS, SYNC_ENDED, ANSWERED = "CWTURBSA"
FOLDER = "."
"""The name below which the store's folder itself is opened and synced."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that happened; `number` pairs a sync's beginning and end, or is the socket of an answer."""

    kind: str
    name: str
    offset: int
    number: int
    data: bytes

    @property
    def is_head(self) -> bool:
        """Say whether an answer begins here; its body may be sent by itself."""
        return self.kind == ANSWERED and self.data.startswith(_ANSWER)

    def __str__(self) -> str:
        """Say it as a person would read it out of strace."""
        match self.kind:
            case "C":
                return f"create    {self.name}"
            case "W":
                return f"write     {self.name}  {len(self.data)} bytes at {self.offset}"
            case "T":
                return f"truncate  {self.name}  to {self.offset} bytes"
            case "U":
                return f"unlink    {self.name}"
            case "R":
                return f"rename    {self.name} to {self.data.decode()}"
            case "B":
                return f"sync      {self.name}  begins (#{self.number})"
            case "S":
                return f"sync      {self.name}  ended (#{self.number})"
            case "A":
                return f"answer    {self.data[:60].splitlines()[0].decode(errors='replace')}"
        return f"unknown   {self.name}"


@dataclass(frozen=True)
class Recording:
    """A run: the store's files as they were before it, and all that happened to them."""

    before: dict[str, bytes]
    records: Sequence[Record]

    @cached_property
    def promises(self) -> Mapping[int, int]:
        """Give the number of each delivery that was answered 202, and at which record that answer was on its way."""
        promised: dict[int, int] = {}
        begun: dict[int, tuple[int, bytes]] = {}
        for index, record in enumerate(self.records):
            if record.kind != ANSWERED:
                continue
            if record.is_head:
                begun[record.number] = index, b""
            first, text = begun[record.number]
            begun[record.number] = first, text + record.data
            head, _, body = begun[record.number][1].partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            if head.startswith(_ANSWER + b"202") and length and len(body) >= int(length[1]):
                promised[json.loads(body)["delivery"]] = first
        return promised

    def around(self, cut: int, before: int = 40, after: int = 4) -> str:
        """Print what was recorded since the last answer before a cut, or longer, and what would have come next."""
        heads = (index for index in reversed(range(cut)) if self.records[index].is_head)
        first = min(max(0, cut - before), next(heads, cut))
        lines = []
        for index in range(first, min(cut + after, len(self.records))):
            if index == cut:
                lines.append("------- the power is cut here")
            lines.append(f"{index:7d} {self.records[index]}")
        return "\n".join(lines)


def read(log: Path, before: dict[str, bytes]) -> Recording:
    """Read a recorder's log."""
    return Recording(before, list(_records(log.read_bytes())))


def _records(log: bytes) -> Iterator[Record]:
    place = 0
    while place < len(log):
        kind, length, offset, number, name = _HEAD.unpack_from(log, place)
        place += _HEAD.size
        yield Record(kind.decode(), name.rstrip(b"\0").decode(), offset, number, log[place : place + length])
        place += length
