"""Runs `pushboat` commands by fork from a process that has their modules loaded: a tenth of the work of a start.

Each command has a process of its own, which begins at the command's own door with its own words, folder, environment
and files, and ends as any Python process does; one that serves runs beside the test until somebody ends it. Only the
loading is shared. What a start loads and costs, and what other programs start, tests try with a real start:
tests/cli/test_command.py and all that run `python -m cli.main`.
"""

import atexit
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing.connection import wait
from pathlib import Path
from typing import IO, Any

from cli import forking
from cli import main as command_line
from cli.processes import LOADED
from cli.titles import be_called

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 1 << 20
"""Bytes of a request: words and an environment."""
LONGEST_NUMBER = 32
"""Bytes of a process' number and of an exit code, each in a packet of its own."""

Finished = subprocess.CompletedProcess[str]


def pushboat(
    words: Sequence[str], *, cwd: Path, env: Mapping[str, str], stdin: str = "", within: float = 120
) -> Finished:
    """Run one command and give what it printed and its exit code.

    Raises:
        TimeoutExpired: it did not end within so many seconds; it was killed.
    """
    with (
        tempfile.TemporaryFile("w+") as given,
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
    ):
        given.write(stdin)
        given.seek(0)
        running = _nursery().begin(words, (given, out, err), cwd=cwd, env=env)
        try:
            code = running.wait(within)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
            raise
        return Finished(["pushboat", *words], code, _read(out), _read(err))


def serving(words: Sequence[str], output: IO[bytes], *, cwd: Path, env: Mapping[str, str]) -> "Running":
    """Begin a command that serves, in a session of its own, and let it run."""
    with Path(os.devnull).open("rb") as nothing:
        return _nursery().begin(words, (nothing, output, output), cwd=cwd, env=env, serves=True)


class Running:
    """A command that was begun, as far as tests ask: what `subprocess.Popen` would be."""

    def __init__(self, words: Sequence[str], line: socket.socket) -> None:
        self._words, self._line = words, line
        self.pid = int(line.recv(LONGEST_NUMBER))
        self._code: int | None = None

    def poll(self) -> int | None:
        """Give the exit code, below zero the signal that ended it; None: it runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, within: float | None = None) -> int:
        """Wait for its end.

        Args:
            within: seconds; None: for as long as it takes.

        Raises:
            TimeoutExpired: it did not end within so many seconds.
        """
        if self._code is None:
            if not wait([self._line], within):
                raise subprocess.TimeoutExpired(self._words, within or 0)
            self._code = int(self._line.recv(LONGEST_NUMBER))
            self._line.close()
        return self._code

    def send_signal(self, number: int) -> None:
        """Send it a signal, as long as it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


class _Nursery:
    """The process that forks, one for each process that runs tests; it ends when that one does."""

    def __init__(self) -> None:
        self._line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked"], cwd=ROOT, stdin=other, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        other.close()

    def end(self) -> None:
        """Let it end, and with it the work that it did for others be counted."""
        self._line.close()
        self._process.wait()

    def begin(
        self, words: Sequence[str], files: Sequence[IO[Any]], *, cwd: Path, env: Mapping[str, str], serves: bool = False
    ) -> Running:
        """Have a command forked."""
        request = {"words": list(words), "cwd": str(cwd), "env": dict(env), "serves": serves}
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            fds = [*(file.fileno() for file in files), theirs.fileno()]
            socket.send_fds(self._line, [json.dumps(request).encode()], fds)
        return Running(words, ours)


@cache
def _nursery() -> _Nursery:
    nursery = _Nursery()
    atexit.register(nursery.end)
    return nursery


def _load() -> None:
    for place, _ in command_line.COMMANDS.values():
        importlib.import_module(place.partition(":")[0])
    importlib.import_module("cli.asking")


def _serve(line: socket.socket) -> bool:
    """Fork for each request until nobody is there to ask; True in a process that is to be a command."""
    while True:
        request, fds, _, _ = socket.recv_fds(line, LONGEST, 4)
        if not request:
            return False
        wanted = json.loads(request)
        if wanted["serves"]:
            forking.load(LOADED)  # it would do so itself, and so would the next one
        if os.fork() == 0:
            return _watch(wanted, fds)
        for fd in fds:
            os.close(fd)
        _reap()


def _reap() -> None:
    """Let go of the watchers that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _watch(request: Mapping[str, Any], fds: Sequence[int]) -> bool:
    """Fork the command, tell its number and how it ended; True in the command's process."""
    *files, answer = fds
    pid = os.fork()
    if pid:
        os.write(answer, b"%d\n" % pid)
        _, status = os.waitpid(pid, 0)
        os.write(answer, b"%d\n" % os.waitstatus_to_exitcode(status))
        os._exit(0)
    os.close(answer)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.argv = ["pushboat", *request["words"]]
    if request["serves"]:
        os.setsid()
        be_called([sys.executable, "-m", "cli.main", *request["words"]])
    return True


if __name__ == "__main__":
    _load()
    with socket.socket(fileno=os.dup(0)) as line:
        wanted = _serve(line)
    if wanted:
        command_line.main()
