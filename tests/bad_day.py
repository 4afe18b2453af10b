"""A bad day for programs of ours: their disk is full or read-only, their clock is wrong, no name is found."""

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.compiling import library

DAY = 86_400
_NUMBERS = struct.Struct("3q")
_GOOD, _FULL, _READ_ONLY = 0, 1, 2


@dataclass(frozen=True)
class BadDay:
    """What is bad for whoever runs with `environ`, and for their disk, which is the folder that it was made for."""

    file: Path
    shim: Path

    @classmethod
    def on(cls, disk: Path, tools: Path) -> "BadDay":
        """Prepare one that is still good; what it takes is compiled into `tools`."""
        day = cls(disk / ".day", library(Path(__file__).with_name("bad_day.c"), tools))
        day._write()
        return day

    @property
    def environ(self) -> Mapping[str, str]:
        """Give what makes a program, and those that it starts, have this day."""
        return {"LD_PRELOAD": str(self.shim), "BAD_DAY": str(self.file)}

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """Let no file of theirs grow."""
        yield from self._meanwhile(disk=_FULL)

    @contextmanager
    def read_only_disk(self) -> Iterator[None]:
        """Let them write nothing."""
        yield from self._meanwhile(disk=_READ_ONLY)

    @contextmanager
    def no_names(self) -> Iterator[None]:
        """Let no name of a host be found."""
        yield from self._meanwhile(names_gone=1)

    def set_clock(self, ahead: int) -> None:
        """Put their clock so many seconds before ours; the other troubles are over."""
        self._write(ahead=ahead)

    def _meanwhile(self, **bad: int) -> Iterator[None]:
        self._write(**bad)
        try:
            yield
        finally:
            self._write()

    def _write(self, *, ahead: int = 0, disk: int = _GOOD, names_gone: int = 0) -> None:
        with self.file.open("r+b" if self.file.exists() else "w+b") as file:
            file.write(_NUMBERS.pack(ahead, disk, names_gone))
