"""Run other programs on hostile input: a list and no shell, a clean environment, limits, and no orphan.

Every process that the worker starts goes through `run`. The launcher beside this file starts them, sets the limits and
kills; here are the deadline and the cap on what a program may print. A non-zero exit is the caller's to judge.
"""

import functools
import json
import os
import selectors
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import astuple, dataclass, field
from pathlib import Path

from pushboat.errors import Stopping
from pushboat.machine import KILLED, ended
from workers.running.launching import launch

_MIB = 1 << 20
_ERRORS_KEPT = 64 << 10
_PIECE = 1 << 18
_LONGEST_DEATH = 10.0
"""Seconds; a program that is killed and still there waits for a disk, and the kernel will get to it."""
_LONGEST_CODE = 16
_LOOK_EVERY = 0.2
ENDING = threading.Event()
"""Is set when this process was told to end: what can be begun anew at no cost is not waited for any more."""
NETWORK_NOT_CUT = 126
"""Exit code: the network could not be cut, and the command was not run."""
NOT_FOUND = 127
"""Exit code: there is no such command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one process may use; the data limit stands for memory, because Go reserves far more than it uses."""

    cpu_seconds: int = 120
    file_size: int = 2048 * _MIB
    open_files: int = 512
    data: int = 4096 * _MIB


@dataclass(frozen=True, slots=True)
class Finished:
    """How a process ended; a signal's number plus 128 is the code of a killed one. Of stderr the end is kept."""

    code: int
    stdout: bytes
    stderr: bytes

    @property
    def errors(self) -> str:
        """Read stderr as text."""
        return self.stderr.decode(errors="replace").strip()


class Stopped(Exception):
    """We ended the process before it was done; `said` is what it had printed by then, where its caller may want it."""

    def __init__(self, sentence: str, said: bytes = b"") -> None:
        super().__init__(sentence)
        self.said = said


class TimedOut(Stopped):
    """It was still running at its deadline."""


class TooMuchOutput(Stopped):
    """It printed more than the caller accepts."""


def run(
    argv: Sequence[str],
    *,
    environ: Mapping[str, str],
    timeout: float,
    cwd: Path | None = None,
    network: bool = True,
    stdin: bytes = b"",
    max_output: int = 64 * _MIB,
    limits: Limits | None = None,
    ending: threading.Event | None = None,
) -> Finished:
    """Run a command to its end and give its code and output; not waited for any more once `ending` is set.

    Raises:
        Stopping: this process is to end, and the next one may as well run it.
        TimedOut: it took longer than `timeout` seconds.
        TooMuchOutput: stdout grew beyond `max_output` bytes.
        MachineUnavailable: it failed for want of room or memory, which is nobody's fault who wrote its input.
    """
    words = Words(argv=argv, environ=environ, network=network, limits=limits or Limits())
    # a file, so that a long input never waits for a slow reader, and in memory, for there may be keys in it
    with os.fdopen(os.memfd_create("given"), "r+b") as given:
        given.write(stdin)
        given.seek(0)
        with launched(words, given.fileno(), cwd or Path()) as program:
            finished = _collect(program, argv[0], timeout, max_output, ending)
    if finished.code and (trouble := ended(Path(argv[0]).name, finished.code, finished.errors)):
        raise trouble
    return finished


@functools.cache
def network_can_be_cut() -> bool:
    """Say whether `network=False` works here; asked once, for `doctor` and for those who would go on without."""
    return run(["true"], environ={"PATH": os.defpath}, timeout=10, network=False).code != NETWORK_NOT_CUT


@dataclass(frozen=True, slots=True)
class Program:
    """A program that was started: our ends of its output, and of the line on which its exit code comes."""

    stdout: int
    stderr: int
    line: socket.socket


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a program is started with: its command, its environment, and what it may use."""

    argv: Sequence[str]
    environ: Mapping[str, str]
    network: bool = True
    limits: Limits = field(default_factory=Limits)

    def line(self) -> bytes:
        """Write it as the launcher reads it."""
        limits = astuple(self.limits)
        said = {"argv": list(self.argv), "environ": dict(self.environ), "network": self.network, "limits": limits}
        return json.dumps(said).encode() + b"\n"


@contextmanager
def launched(words: Words, stdin: int, cwd: Path) -> Iterator[Program]:
    """Have a program started; however the block ends, the program has ended then, with what it started."""
    with ExitStack() as ours, ExitStack() as theirs:
        (stdout, out), (stderr, err) = _pipe(ours, theirs), _pipe(ours, theirs)
        folder = os.open(cwd, os.O_PATH | os.O_DIRECTORY)
        theirs.callback(os.close, folder)
        line, its = socket.socketpair()
        ours.callback(_hang_up, line)
        with its:
            launch((stdin, out, err, folder, its.fileno()))
        theirs.close()
        with suppress(BrokenPipeError):  # killed already: then no code comes
            line.sendall(words.line())
        yield Program(stdout, stderr, line)


def _pipe(ours: ExitStack, theirs: ExitStack) -> tuple[int, int]:
    reading, writing = os.pipe()
    ours.callback(os.close, reading)
    theirs.callback(os.close, writing)
    return reading, writing


def _hang_up(line: socket.socket) -> None:
    """Have what still runs killed, and wait until it is gone."""
    with line, suppress(OSError):
        line.shutdown(socket.SHUT_WR)
        line.settimeout(_LONGEST_DEATH)
        while line.recv(_LONGEST_CODE):
            pass


def _collect(program: Program, name: str, timeout: float, max_output: int, ending: threading.Event | None) -> Finished:
    deadline = time.monotonic() + timeout
    stdout, stderr, code = bytearray(), bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(program.stdout, selectors.EVENT_READ, stdout)
        selector.register(program.stderr, selectors.EVENT_READ, stderr)
        selector.register(program.line, selectors.EVENT_READ, code)
        while selector.get_map():
            if ending and ending.is_set():
                raise Stopping(f"Pushboat was told to stop while {Path(name).name} ran; it goes on when it is back")
            left = max(0.0, deadline - time.monotonic())
            ready = selector.select(min(left, _LOOK_EVERY) if ending else left)
            if not ready and time.monotonic() >= deadline:
                raise TimedOut(f"{Path(name).name} was stopped after {timeout:g} s", bytes(stdout))
            for key, _ in ready:
                chunk = _read(key.fd)
                if not chunk:
                    selector.unregister(key.fileobj)
                key.data.extend(chunk)
            if len(stdout) > max_output:
                raise TooMuchOutput(f"{Path(name).name} printed more than {max_output} bytes", bytes(stdout))
            del stderr[:-_ERRORS_KEPT]
    return Finished(exit_code(bytes(code)), bytes(stdout), bytes(stderr))


def exit_code(said: bytes) -> int:
    """Read what comes on a program's line at its end.

    Raises:
        OSError: it was never started, as the machine takes no more.
    """
    code = int(said or KILLED)  # who says none was killed by the kernel, when somebody killed the launcher
    if code < 0:
        raise OSError(-code, f"no program can be started on this machine: {os.strerror(-code)}")
    return code


def _read(file: int) -> bytes:
    """Read what is there; a line ends in one way or the other."""
    try:
        return os.read(file, _PIECE)
    except ConnectionResetError:  # the launcher was killed before the program knew its words
        return b""
