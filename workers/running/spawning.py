"""Run other programs on hostile input: a list and no shell, a clean environment, limits, and no orphan.

Every process that the worker starts goes through `run`. The launcher beside this file sets the limits; here are the
deadline and the cap on what a program may print. A non-zero exit is the caller's to judge.
"""

import functools
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_LAUNCHER = str(Path(__file__).with_name("launcher.py"))
_PYTHON = os.path.realpath(sys.executable)
"""The Python behind a virtual environment: the launcher needs none, and looking for one takes 4 ms."""
_MIB = 1 << 20
_ERRORS_KEPT = 64 << 10
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
    """We ended the process before it was done."""


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
) -> Finished:
    """Run a command to its end and give its code and output.

    The calling thread must live as long as the command, which is so because this call blocks: the kernel ties the
    parent-death signal to the thread.

    Raises:
        TimedOut: it took longer than `timeout` seconds.
        TooMuchOutput: stdout grew beyond `max_output` bytes.
    """
    with tempfile.TemporaryFile() as given:  # a file, so that a long input never waits for a slow reader
        given.write(stdin)
        given.seek(0)
        with subprocess.Popen(
            [*launched(limits or Limits(), network=network), *argv],
            cwd=cwd,
            env=dict(environ),
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            try:
                return _collect(process, argv[0], timeout, max_output)
            except BaseException:
                _kill(process)
                raise


@functools.cache
def network_can_be_cut() -> bool:
    """Say whether `network=False` works here; asked once, for `doctor` and for those who would go on without."""
    return run(["true"], environ={"PATH": os.defpath}, timeout=10, network=False).code != NETWORK_NOT_CUT


def launched(limits: Limits, *, network: bool = True) -> list[str]:
    """Write what stands in front of a command, to start it behind limits."""
    figures = (os.getpid(), int(network), limits.cpu_seconds, limits.file_size, limits.open_files, limits.data)
    return [_PYTHON, "-I", "-S", _LAUNCHER, *(str(figure) for figure in figures)]


def _collect(process: subprocess.Popen[bytes], name: str, timeout: float, max_output: int) -> Finished:
    deadline = time.monotonic() + timeout
    assert process.stdout is not None
    assert process.stderr is not None
    stdout, stderr = bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, stdout)
        selector.register(process.stderr, selectors.EVENT_READ, stderr)
        while selector.get_map():
            ready = selector.select(max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimedOut(f"{Path(name).name} was stopped after {timeout:g} s")
            for key, _ in ready:
                chunk = os.read(key.fd, 1 << 18)
                if not chunk:
                    selector.unregister(key.fileobj)
                key.data.extend(chunk)
            if len(stdout) > max_output:
                raise TooMuchOutput(f"{Path(name).name} printed more than {max_output} bytes")
            del stderr[:-_ERRORS_KEPT]
    try:
        code = process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise TimedOut(f"{Path(name).name} was stopped after {timeout:g} s") from error
    return Finished(code, bytes(stdout), bytes(stderr))


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:  # not reaped yet, so its number still names this group
        os.killpg(process.pid, signal.SIGKILL)
