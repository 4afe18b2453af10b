"""One of several processes that run tests side by side: it takes files, runs their tests and tells how they ended.

It is a fork of the process that collected the tests, and leaves it nothing but its words: what it prints of a test goes
into that test's report, and its temporary files lie below a folder of its own.
"""

import atexit
import os
import traceback
import warnings
from collections.abc import Iterator
from itertools import chain, pairwise
from multiprocessing.connection import Connection
from typing import Any, NoReturn

import pytest

WANTS, BEGINS, ENDED = "wants", "begins", "ended"
ADDRESS = pytest.StashKey[str]()
"""Where the control plane is asked for that all sides share."""


def run(session: pytest.Session, line: Connection, number: int) -> NoReturn:
    """Be a side until there are no more files, and end."""
    code = 1
    try:
        _settle(session.config, number)
        session.config.stash[ADDRESS] = line.recv()
        side = _Side(session, line)
        session.config.pluginmanager.register(side)
        side.play()
        code = 0
    except BaseException:  # noqa: BLE001  # whoever deals the files tells of it
        traceback.print_exc()
    finally:
        warnings.simplefilter("ignore")  # as where Python ends by itself, which pytest's own end is not
        atexit._run_exitfuncs()
        os._exit(code)


def _settle(config: pytest.Config, number: int) -> None:
    """Part from what the process before us goes on using: its terminal, its captured output, its temporary folder."""
    plugins = config.pluginmanager
    reporter = plugins.unregister(name="terminalreporter")
    plugins.register(_Terminal(reporter), "terminalreporter")
    for name in ("terminalprogress", "junitxml"):
        if plugins.has_plugin(name):
            plugins.unregister(name=name)
    capture = plugins.getplugin("capturemanager")
    capture.stop_global_capturing()
    capture.start_global_capturing()
    capture.suspend_global_capture()
    ours = config._tmp_path_factory.getbasetemp() / f"side-{number}"  # type: ignore[attr-defined]
    config.option.basetemp = str(ours)
    config._tmp_path_factory = pytest.TempPathFactory.from_config(config, _ispytest=True)  # type: ignore[attr-defined]


class _Terminal:
    """What is left of pytest's reporter: where a test that takes too long shows its stacks."""

    def __init__(self, reporter: Any) -> None:
        self._tw = reporter._tw


class _Side:
    """Runs tests and tells of them."""

    def __init__(self, session: pytest.Session, line: Connection) -> None:
        self._session, self._line = session, line
        self._reports: list[Any] = []

    def play(self) -> None:
        """Run one file after the other."""
        items = self._session.items
        try:
            for number, following in pairwise(chain(self._dealt(), (None,))):
                assert number is not None
                self._line.send((BEGINS, number))
                after = None if following is None else items[following]
                items[number].config.hook.pytest_runtest_protocol(item=items[number], nextitem=after)
                self._line.send((ENDED, self._reports))
                self._reports = []
        except (BrokenPipeError, ConnectionResetError, EOFError, KeyboardInterrupt):  # nobody wants to know the rest
            self._session._setupstate.teardown_exact(None)

    def _dealt(self) -> Iterator[int]:
        """Give what is to run; a new file is asked for when the last test of one is about to run, never earlier."""
        while True:
            self._line.send((WANTS, None))
            if not (file := self._line.recv()):
                return
            yield from file

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep how a test went."""
        hook = self._session.config.hook
        self._reports.append(hook.pytest_report_to_serializable(config=self._session.config, report=report))
