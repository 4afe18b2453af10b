"""This process's launcher: started with the first program, replaced where somebody killed it, gone when we are."""

import atexit
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

_PROGRAM = str(Path(__file__).with_name("launcher.py"))
_PYTHON = os.path.realpath(sys.executable)
"""The Python behind a virtual environment: the launcher needs none, and looking for one takes 4 ms."""
_REQUEST = b"!"


class _Launcher:
    """A process that forks programs for us; see `launcher.py`."""

    def __init__(self) -> None:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [_PYTHON, "-I", "-S", _PROGRAM],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd="/",
                env={},
                start_new_session=True,
            )

    def ask(self, files: Sequence[int]) -> bool:
        """Have a program forked that gets these files; False where the launcher is gone."""
        try:
            socket.send_fds(self._requests, [_REQUEST], files)
        except ConnectionError:  # it was killed
            return False
        return True

    def leave(self) -> None:
        """Have no more to do with it; whoever started it still has."""
        self._requests.close()
        self._process.returncode = 0  # it is no child of ours: nobody is to be waited for

    def end(self) -> None:
        """Let it and all that it started end, and wait until they have."""
        self._requests.close()
        self._process.wait()


_lock = Lock()
_launchers: list[_Launcher] = []


def launch(files: Sequence[int]) -> None:
    """Have a program forked with these files: stdin, stdout, stderr, a folder, and the line that `launcher.py` reads.

    Raises:
        OSError: no process can be started.
    """
    with _lock:
        for launcher in _launchers:
            if launcher.ask(files):
                return
        _end()
        _launchers.append(_Launcher())
        atexit.register(_end)
        if not _launchers[0].ask(files):
            raise ChildProcessError("the process that starts programs ended as soon as it began")


def _end() -> None:
    while _launchers:
        _launchers.pop().end()


def _begin_anew() -> None:
    """Leave the launcher to the process that forked us: there, its answers are about its own children and files."""
    global _lock  # another thread of that process may have held the one that we got
    _lock = Lock()
    while _launchers:
        _launchers.pop().leave()


os.register_at_fork(after_in_child=_begin_anew)
