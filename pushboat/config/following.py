"""The operator's file of a running process, read again when it changes: taken whole, or not at all.

A thread looks every second whether the file, or one that it names, is another than before; SIGHUP makes it look now.
What was written a moment ago may not be whole yet, so it must have been left alone for a while. What has a mistake, or
needs a restart, changes nothing, and is said. See docs/adr/0087-the-configuration-is-read-again.md.
"""

import logging
import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG

from pushboat.config.operator import Operator, load
from pushboat.errors import ConfigurationError, Mistake
from pushboat.model.times import exact
from pushboat.model.wording import counted, listed

LOOK_EVERY = 1.0
_RINGS = 65536
"""Bytes: as many as a pipe holds, so that one look answers a storm."""
NEEDS_A_RESTART = "needs a restart"
MOST_NAMED = 3
"""Mistakes that one sentence names."""
_FROM_THE_START: Mapping[str, Callable[[Operator], object]] = {
    "listen": lambda operator: (operator.host, operator.port),
    "dashboard": lambda operator: operator.dashboard,
    "state": lambda operator: operator.state,
    "workers": lambda operator: operator.workers,
    "store": lambda operator: operator.store,
    "broker": lambda operator: operator.broker,
    "encryption_key": lambda operator: operator.encryption_key,
    "notifications": lambda operator: bool(operator.receivers),
}
"""What a process begins with and keeps: sockets, connections, threads, the key of what it stores; and whether anything
is written down for receivers, of which only the first and the last matter here."""

Stamp = tuple[int, int, int, int] | None
Stamps = Mapping[Path, Stamp]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """For how many seconds files must have been left alone, and for how many once somebody sent SIGHUP."""

    calm: float
    asked: float = 0.0


ENGINE = Patience(calm=1.0)
DOORS = Patience(calm=3.0, asked=1.0)
"""The doors are the last to take a file: what they let in by it, the engine room knows already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The file that counts: its digest, since when, and why a newer one does not; empty where there is none."""

    digest: str
    since: float
    trouble: str = ""

    @property
    def sentence(self) -> str:
        """Say what a newer file lacks, and what counts instead."""
        return f"running on the configuration of {exact(self.since)}; {self.trouble}" if self.trouble else ""


class _Named(set[Path]):
    """The files that one reading opens, each with its state from just before: what is saved later is another one."""

    def __init__(self, first: Iterable[Path]) -> None:
        super().__init__(first)
        self.stamps: dict[Path, Stamp] = {path: _stamp(path) for path in self}

    def add(self, path: Path) -> None:
        self.stamps.setdefault(path, _stamp(path))
        super().add(path)


class Following:
    """The operator's file of this process; `now` may be asked by any thread."""

    def __init__(self, path: Path, environ: Mapping[str, str], patience: Patience) -> None:
        """Read it for the first time.

        Raises:
            ConfigurationError: with every mistake.
        """
        self._path, self._environ, self._patience = path, environ, patience
        self._named: set[Path] = {path}
        self._read: Stamps = {}
        self._operator = self._load()
        self._decided: Stamps = self._read
        self._seen: Stamps = self._read
        self._seen_at = time.monotonic()
        self._standing = Standing(digest=self._operator.digest, since=time.time())
        self._asked_at: float | None = None
        self._stopping = False
        self._hearing, self._ringing = os.pipe()
        for end in (self._hearing, self._ringing):
            os.set_blocking(end, False)

    def now(self) -> Operator:
        """Give the file that counts."""
        return self._operator

    def standing(self) -> Standing:
        """Say how the file that counts stands to the one that is there."""
        return self._standing

    def hurry(self, *_signal: object) -> None:
        """Look now: a handler of SIGHUP."""
        self._asked_at = self._asked_at or time.monotonic()  # the first of many: a storm must not put it off
        self._ring()

    def listen(self) -> None:
        """Hurry at SIGHUP; for the main thread."""
        signal.signal(signal.SIGHUP, self.hurry)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look every second as long as the block runs."""
        self.begin()
        try:
            yield
        finally:
            self._stopping = True
            self._ring()

    def begin(self) -> None:
        """Look every second from now on, until the process ends."""
        threading.Thread(target=self._run, name="operator's file", daemon=True).start()

    def look(self) -> None:
        """Take what is there, if it is another one, whole, and left alone for long enough."""
        stamps, now = self._stamps(), time.monotonic()
        if stamps != self._seen:
            self._seen, self._seen_at = stamps, now
        asked = self._asked_at
        if stamps == self._decided and asked is None:
            return
        if asked is not None and now - asked < self._patience.asked:
            return
        if asked is None and not self._is_calm(stamps, now):
            return
        self._asked_at = None
        self._decide(stamps)

    def _ring(self) -> None:
        """Wake the thread, without a lock: a signal may come while the one before is answered in the same thread."""
        with suppress(BlockingIOError):
            os.write(self._ringing, b".")

    def _run(self) -> None:
        waiting = select.poll()
        waiting.register(self._hearing, select.POLLIN)
        while not self._stopping:
            waiting.poll(LOOK_EVERY * 1000)
            with suppress(BlockingIOError):
                os.read(self._hearing, _RINGS)
            try:
                self.look()
            except Exception:  # the last door: without this thread no file would ever count again
                log.exception("the operator's file could not be looked at")

    def _is_calm(self, stamps: Stamps, now: float) -> bool:
        """Say whether nobody has written for a while: by the files' times, or ours where they lie ahead."""
        ages = [time.time() - max(stamp[0], stamp[1]) / 1e9 for stamp in stamps.values() if stamp]
        youngest = min(ages, default=self._patience.calm)
        if youngest >= 0:
            return youngest >= self._patience.calm
        return now - self._seen_at >= self._patience.calm

    def _decide(self, stamps: Stamps) -> None:
        named = set(self._named)
        try:
            operator = self._load()
        except ConfigurationError as wrong:
            self._settle(stamps, named, _mistakes(wrong.mistakes))
            return
        fixed = [name for name, of in _FROM_THE_START.items() if of(operator) != of(self._operator)]
        if fixed:
            self._settle(stamps, named, f"{NEEDS_A_RESTART}: {listed(fixed)}; until then nothing of the file counts")
            return
        if not self._is_decided(stamps):
            return
        if operator != self._operator or operator.digest != self._operator.digest:
            self._operator = operator
            self._standing = Standing(digest=operator.digest, since=time.time())
            log.warning("the operator's file has changed, and counts from now on (%s)", operator.digest)
        elif self._standing.trouble:
            self._standing = Standing(digest=operator.digest, since=self._standing.since)
            log.warning("the operator's file is again the one that counts (%s)", operator.digest)

    def _settle(self, stamps: Stamps, named: set[Path], trouble: str) -> None:
        """Keep what counts, and say once why nothing else does."""
        self._named |= named
        if not self._is_decided(stamps):
            return
        told = Standing(digest=self._operator.digest, since=self._standing.since, trouble=trouble)
        if told != self._standing:
            self._standing = told
            log.warning("%s", told.sentence)

    def _is_decided(self, stamps: Stamps) -> bool:
        """Note that all is decided about what was read; False where somebody wrote since it was looked at.

        What was seen then is noted, and nothing newer: a file that is saved at this moment is another one still.
        """
        seen = {**self._read, **stamps}
        if any(_stamp(path) != stamp for path, stamp in seen.items()):
            return False
        self._decided = self._seen = {path: seen[path] for path in self._named}
        return True

    def _load(self) -> Operator:
        named = _Named([self._path])
        try:
            return load(self._path, self._environ, named=named)
        finally:
            self._named, self._read = set(named), named.stamps

    def _stamps(self) -> Stamps:
        return {path: _stamp(path) for path in self._named}


def _stamp(path: Path) -> Stamp:
    """Tell one state of a file from another, through whatever links lead there; None where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    if not S_ISREG(found.st_mode):
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _mistakes(found: Iterable[Mistake]) -> str:
    told = list(map(str, found))
    more = f" (and {len(told) - MOST_NAMED} more)" if len(told) > MOST_NAMED else ""
    return f"the file has {counted(len(told), 'mistake')}: {'; '.join(told[:MOST_NAMED])}{more}"
