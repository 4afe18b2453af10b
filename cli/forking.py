"""Begins our own programs as forks of `serve`, which has loaded their modules once: none of them loads its own again.

A program loads for one to two seconds of CPU. Forked, it begins at once, also after its death, and shares the memory of
what was loaded. It is like one that was executed: its own group, files, environment, streams, signals and command line,
and it ends without a look at what `serve` had open. Only what cannot be had twice forbids a fork: another thread's
locks, and SQLite's knowledge of files that it has open (https://sqlite.org/howtocorrupt.html). Then, and elsewhere than
on Linux, programs are executed.
"""

import atexit
import faulthandler
import importlib
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, NoReturn, TextIO

from cli.titles import be_called
from pushboat.collecting import loading
from pushboat.parent_death import die_with

MAY_FORK = sys.platform == "linux"
"""Elsewhere the system's own libraries do not survive it."""

TASKS, OPEN = Path("/proc/self/task"), Path("/proc/self/fd")
STREAMS = {0, 1, 2}
STORE = ".sqlite3"
"""What the names of SQLite's files have in them."""


class Forked:
    """A fork of ours, as far as its keeper asks: what `subprocess.Popen` would be."""

    def __init__(self, pid: int, stdout: IO[bytes]) -> None:
        self.pid, self.stdout = pid, stdout
        self.returncode: int | None = None

    def wait(self) -> int:
        """Reap it, and give its exit code, below zero the signal that ended it."""
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode

    def terminate(self) -> None:
        """Ask it to end."""
        if self.returncode is None:
            os.kill(self.pid, signal.SIGTERM)


def load(modules: Collection[str]) -> None:
    """Load what will be forked, while no thread runs and no store is open."""
    if MAY_FORK:
        with loading():
            for name in modules:
                importlib.import_module(name)


def may_fork() -> bool:
    """Say whether a fork would be whole: with one thread, its three streams, and no store that SQLite has open here."""
    if not MAY_FORK or len(list(TASKS.iterdir())) > 1:
        return False
    opened = {int(entry.name): target for entry in OPEN.iterdir() if (target := _target(entry))}
    return opened.keys() >= STREAMS and not any(STORE in target for target in opened.values())


def fork(argv: Sequence[str], environment: Mapping[str, str], passes: Collection[int]) -> Forked:
    """Begin `python -m MODULE WORDS…` as a fork.

    Args:
        argv: the command that it is.
        environment: all of it.
        passes: open files that it keeps.

    Raises:
        OSError: there is no room for one more process.
    """
    reading, writing = os.pipe()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()  # or the fork would say it again
    ourselves = os.getpid()
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # the fork would answer in our name
    try:
        pid = os.fork()
        if pid == 0:
            _become(argv, environment, {*passes}, writing, ourselves, heard)
    except OSError:
        os.close(reading)
        raise
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)
        os.close(writing)
    with suppress(OSError):  # it does so itself; whoever is first, its group is there when we come back
        os.setpgid(pid, pid)
    return Forked(pid, open(reading, "rb"))  # noqa: PTH123  # its keeper closes it


def _target(entry: Path) -> str:
    try:
        return str(entry.readlink())
    except OSError:  # the folder itself, while it was listed
        return ""


def _become(
    argv: Sequence[str],
    environment: Mapping[str, str],
    passes: set[int],
    output: int,
    parent: int,
    heard: Collection[int],
) -> NoReturn:
    """Be the program and end with it: nothing may go on in what was `serve` here."""
    code = 1
    try:
        die_with(parent)()
        os.setpgid(0, 0)
        _forget_signals(heard)
        _take_files(passes, output)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = list(argv[2:])
        be_called(argv)
        importlib.import_module(argv[2]).main(*argv[3:])
    except BaseException as end:  # noqa: BLE001  # as at the end of any Python
        code = _told(end)
    else:
        code = 0
    finally:
        _end(code)


def _forget_signals(heard: Collection[int]) -> None:
    faulthandler.disable()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, heard)


def _take_files(passes: set[int], output: int) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, file in enumerate((nothing, output, output)):
        os.dup2(file, number)
    for number in {int(entry.name) for entry in OPEN.iterdir()} - passes - STREAMS:
        with suppress(OSError):  # the folder itself, while it was listed
            os.close(number)
    sys.stdout, sys.stderr = _stream(1, sys.stdout), _stream(2, sys.stderr)


def _stream(number: int, like: TextIO) -> io.TextIOWrapper:
    """Open an output so that last words get out."""
    raw = open(number, "wb", buffering=0, closefd=False)  # noqa: SIM115
    return io.TextIOWrapper(raw, like.encoding, like.errors, write_through=True)


def _told(end: BaseException) -> int:
    """Give the exit code; what is no code is said first."""
    if isinstance(end, SystemExit) and (end.code is None or isinstance(end.code, int)):
        return end.code or 0
    if isinstance(end, SystemExit):
        print(end.code, file=sys.stderr)
    else:
        traceback.print_exception(end)
    return 1


def _end(code: int) -> NoReturn:
    try:
        # As at the end of any Python, which offers it nowhere else.
        threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001
        atexit._run_exitfuncs()  # noqa: SLF001
    finally:
        os._exit(code)
