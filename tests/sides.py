"""Runs files of tests side by side, each side a fork of the process that has collected them: `pytest --sides 6`.

Ten thousand tests take a process ten seconds of CPU to collect, before that two to load what they test, and 400 MB.
Forks have all of that from the start. A file's tests run on one side, in their order; the next file goes to whoever
asks first. What a side is does tests/one_side.py.
"""

import os
import signal
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path

import pytest

from tests import one_side
from tests.one_control_plane import Shared

CONTROL_PLANE = pytest.StashKey[Shared]()
ON_FEW_SIDES = {"stories": 2, "store": 3, "house": 1}
"""On how many sides at most a folder's files run, as long as others have something else to do: each side of stories
starts a Pushboat of its own, for four seconds of CPU and a twelfth of a core from then on; each of the store starts a
Postgres, and has all statements compiled for it; each of the house reads all of our sources."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let somebody ask for several sides."""
    parser.addoption("--sides", type=int, default=1, help="how many processes run files of tests side by side")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Write no file's name before each result: results of several files come in turn."""
    if config.option.sides > 1:
        config.pluginmanager.getplugin("terminalreporter").showfspath = False


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run all tests on several sides, or leave it to pytest."""
    option = session.config.option
    if option.sides < 2 or option.collectonly or option.usepdb or session.testsfailed:
        return None
    threads = len(list(Path("/proc/self/task").iterdir()))
    assert threads == 1, "a thread runs before the first test: a fork would have its locks and not itself"
    _Table(session).play()
    return True


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what all shared."""
    if shared := config.stash.get(CONTROL_PLANE, None):
        shared.end()


@dataclass(eq=False)
class _Side:
    """A process that runs tests, and how far it is."""

    line: Connection
    pid: int
    given: deque[int] = field(default_factory=deque)
    """What it has not begun."""
    runs: int | None = None
    since: float = 0.0
    folders: set[str] = field(default_factory=set)
    """Whose files it had."""


class _Table:
    """Where files are dealt out and results come in."""

    def __init__(self, session: pytest.Session) -> None:
        self._session, self._items = session, session.items
        self._hook = session.config.hook
        files: dict[object, list[int]] = {}
        for number, item in enumerate(session.items):
            files.setdefault(item.path, []).append(number)
        self._stock = sorted(files.values(), key=self._begins_early, reverse=True)
        self._left = set(range(len(session.items)))
        self._sides: list[_Side] = []
        self._forked = 0
        self._mishaps: list[str] = []

    def play(self) -> None:
        """Run everything, or as much as is wished after a failure."""
        session = self._session
        ending, ended = os.pipe()
        before = signal.signal(signal.SIGTERM, lambda *_: os.write(ended, b"."))
        session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]  # theirs are below ours
        try:
            for _ in range(min(session.config.option.sides, len(self._stock))):
                self._fork()
            shared = session.config.stash[CONTROL_PLANE] = Shared()  # not earlier: it has a thread
            for side in self._sides:
                side.line.send(shared.address)
            while self._sides and not (session.shouldfail or session.shouldstop):
                ready = wait([ending, *(side.line for side in self._sides)])
                for side in [each for each in self._sides if each.line in ready]:
                    self._hear(side, shared)
                if ending in ready:
                    self._end_from_outside(shared)
        finally:
            for side in self._sides:
                side.line.close()
            for side in self._sides:
                os.waitpid(side.pid, 0)
            signal.signal(signal.SIGTERM, before)
            os.close(ending)
            os.close(ended)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        assert not self._mishaps, self._mishaps
        assert not self._left, f"nobody ran {len(self._left)} tests, for instance {self._items[min(self._left)].nodeid}"

    def _end_from_outside(self, shared: Shared) -> None:
        """Say at once what runs, and for how long: whoever ends a run that takes too long wants to know why."""
        for side in tuple(self._sides):
            while side in self._sides and side.line.poll():  # what it did meanwhile
                self._hear(side, shared)
        write = self._session.config.pluginmanager.getplugin("terminalreporter").write_line
        for side in self._sides:
            if side.runs is not None:
                write(f"ended after {time.monotonic() - side.since:.0f} s in {self._items[side.runs].nodeid}")
            os.kill(side.pid, signal.SIGINT)
        raise self._session.Interrupted(f"{len(self._left)} tests were not run to their end")

    def _fork(self) -> _Side:
        ours, theirs = Pipe()
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            for line in (ours, *(side.line for side in self._sides)):
                line.close()
            one_side.run(self._session, theirs, self._forked)
        theirs.close()
        self._forked += 1
        self._sides.append(_Side(ours, pid))
        return self._sides[-1]

    def _hear(self, side: _Side, shared: Shared) -> None:
        """Take what a side says; one that died is replaced where there is something left to do."""
        try:
            what, told = side.line.recv()
        except (EOFError, ConnectionResetError):
            if not self._bury(side) and self._stock:
                self._fork().line.send(shared.address)
            return
        if what == one_side.WANTS:
            self._deal(side)
        elif what == one_side.BEGINS:
            self._begin(side, told)
        else:
            read = self._hook.pytest_report_from_serializable
            self._end(side, [read(config=self._session.config, data=each) for each in told])

    def _deal(self, side: _Side) -> None:
        suiting = [each for each in self._stock if self._suits(side, self._folder(each))]
        file = next(iter(suiting or self._stock), [])
        if file:
            self._stock.remove(file)
            side.folders.add(self._folder(file))
        side.given.extend(file)
        side.line.send(file)

    def _begins_early(self, file: Sequence[int]) -> tuple[float, bool]:
        """Rank a file: those that may take longest go first, then those whose folder has few sides, as collected.

        What takes ten minutes and is begun last leaves five sides with nothing to do for as long.
        """
        marks = [self._items[each].get_closest_marker("timeout") for each in file]
        return max(mark.args[0] if mark else 0.0 for mark in marks), self._folder(file) in ON_FEW_SIDES

    def _suits(self, side: _Side, folder: str) -> bool:
        """Say whether a side may have files of a folder without starting too much for itself."""
        had = sum(folder in each.folders for each in self._sides)
        return folder in side.folders or had < ON_FEW_SIDES.get(folder, len(self._sides))

    def _folder(self, file: Sequence[int]) -> str:
        return self._items[file[0]].path.parent.name

    def _begin(self, side: _Side, number: int) -> None:
        side.runs, side.since = number, time.monotonic()
        side.given.remove(number)
        item = self._items[number]
        self._hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)

    def _end(self, side: _Side, reports: Iterable[pytest.TestReport]) -> None:
        assert side.runs is not None
        item = self._items[side.runs]
        self._left.remove(side.runs)
        side.runs = None
        for report in reports:
            self._hook.pytest_runtest_logreport(report=report)
        self._hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)

    def _bury(self, side: _Side) -> bool:
        """Say whether a side ended well, and if not, in which test; what it leaves is somebody else's."""
        self._sides.remove(side)
        side.line.close()
        code = os.waitstatus_to_exitcode(os.waitpid(side.pid, 0)[1])
        if side.given:
            self._stock.insert(0, list(side.given))
        said = f"the process that ran this test ended with code {code} (below zero: that signal)"
        if side.runs is not None:
            item = self._items[side.runs]
            self._end(side, [pytest.TestReport(item.nodeid, item.location, {}, "failed", said, "call")])
        elif code:
            self._mishaps.append(said.replace("this test", "tests"))
        return code == 0
