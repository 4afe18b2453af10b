"""A disk whose power can be cut: what was synced is there, and of the rest whatever chance leaves.

The model is the harsh one. Data of a file are safe once a sync of that file, begun after they were written, has ended.
A name (a file made, a file removed) is safe once a sync of its folder has; a file's own sync does not carry its name.
What is not safe may be there or not: names in the order in which they were made, because file systems keep a journal
of those; data in any order and in part, sector by sector, because a disk's cache knows no order.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.power.recording import CREATED, CUT, FOLDER, RENAMED, Record, Recording

SECTOR = 512


@dataclass
class Disk:
    """The store's folder on the disk while a recording is played to it."""

    safe: dict[int, bytearray] = field(default_factory=dict)  # a file's content, by the file's number
    entries: dict[str, int] = field(default_factory=dict)  # which file a name means, as far as that is safe
    seen: dict[str, int] = field(default_factory=dict)  # and as the running process sees it
    data: list[tuple[int, int, Record]] = field(default_factory=list)  # (when, which file, what), not yet safe
    names: list[tuple[int, int, Record]] = field(default_factory=list)
    syncs: dict[int, int] = field(default_factory=dict)

    def happen(self, when: int, record: Record) -> None:
        """Take one record in."""
        match record.kind:
            case "C":
                self.seen[record.name] = len(self.safe)
                self.safe[len(self.safe)] = bytearray()
                self.names.append((when, self.seen[record.name], record))
            case "U":
                self.names.append((when, self.seen.pop(record.name), record))
            case "R":
                file = self.seen[record.data.decode()] = self.seen.pop(record.name)
                self.names.append((when, file, record))
            case "W" | "T":
                self.data.append((when, self.seen[record.name], record))
            case "B":
                self.syncs[record.number] = when
            case "S":
                self._synced(record, self.syncs.pop(record.number))
            case "A":
                pass
            case _:
                raise AssertionError(f"the recorder saw what the model does not know: {record}")

    def _synced(self, record: Record, began: int) -> None:
        if record.name == FOLDER:
            for _, file, what in _before(began, self.names):
                _rename(self.entries, file, what)
            self.names = [each for each in self.names if each[0] > began]
            return
        which = self.seen.get(record.name)
        for _, file, what in _before(began, self.data):
            if file == which:
                _write(self.safe[file], what)
        self.data = [each for each in self.data if each[0] > began or each[1] != which]

    def only_synced(self) -> dict[str, bytes]:
        """Give what is there when nothing survives that was not synced."""
        return {name: bytes(self.safe[file]) for name, file in self.entries.items()}

    def all_written(self) -> dict[str, bytes]:
        """Give what is there when everything reached the disk."""
        return self._with(len(self.names), lambda record: [record])

    def by_chance(self, chance: random.Random) -> dict[str, bytes]:
        """Give what is there when chance decides about everything that was not synced."""
        likely = chance.choice((0.1, 0.5, 0.9))

        def survivors(record: Record) -> list[Record]:
            if record.kind == CUT or chance.random() < 0.5:
                return [record] if chance.random() < likely else []
            return [each for each in _sectors(record) if chance.random() < likely]

        return self._with(chance.randint(0, len(self.names)), survivors)

    def _with(self, names: int, survivors: Callable[[Record], list[Record]]) -> dict[str, bytes]:
        entries, files = dict(self.entries), {}
        for _, file, what in self.names[:names]:
            _rename(entries, file, what)
        for _, file, what in self.data:
            content = files.setdefault(file, bytearray(self.safe[file]))
            for record in survivors(what):
                _write(content, record)
        return {name: bytes(files.get(file, self.safe[file])) for name, file in entries.items()}


def play(recording: Recording) -> Iterator[tuple[int, Disk]]:
    """Give the disk before each record, and at the end; it is always the same one, and goes on when asked for more."""
    disk = Disk()
    for name, content in recording.before.items():
        disk.seen[name] = disk.entries[name] = len(disk.safe)
        disk.safe[len(disk.safe)] = bytearray(content)
    for index, record in enumerate(recording.records):
        yield index, disk
        disk.happen(index, record)
    yield len(recording.records), disk


def _before(moment: int, happened: list[tuple[int, int, Record]]) -> list[tuple[int, int, Record]]:
    return [each for each in happened if each[0] < moment]


def _rename(entries: dict[str, int], file: int, what: Record) -> None:
    if what.kind == CREATED:
        entries[what.name] = file
        return
    entries.pop(what.name, None)
    if what.kind == RENAMED:
        entries[what.data.decode()] = file


def _write(content: bytearray, what: Record) -> None:
    end = what.offset + len(what.data)
    if what.kind == CUT:
        del content[what.offset :]
    content.extend(bytes(max(0, end - len(content))))
    content[what.offset : end] = what.data


def _sectors(record: Record) -> Iterator[Record]:
    """Split a write at the borders of the disk's sectors: each of them is written whole or not at all."""
    start = 0
    while start < len(record.data):
        end = start + SECTOR - (record.offset + start) % SECTOR
        yield Record(record.kind, record.name, record.offset + start, record.number, record.data[start:end])
        start = end
