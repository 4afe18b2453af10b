"""One supervised child process: how it starts, speaks and ends, and that nothing of it outlives us.

Linux sends each child SIGKILL the moment we are gone; elsewhere a kill -9 of the supervisor leaves children behind,
and the next `serve` says so. A child leads its own process group: Ctrl-C in the terminal is
for the supervisor alone, and what a child started goes with it.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cli.forking import Forked, fork, may_fork
from cli.hearing import Pipe, Question, Silence
from pushboat.parent_death import die_with
from pushboat.pulse import PULSE_FD, SHOW_STACKS

FIRST_DELAY = 0.2
LONGEST_DELAY = 10.0
HEALTHY_AFTER = 30.0
"""A child that ran this many seconds is not the one that kept failing: its next restart is quick again."""

LONGEST_LINE = 64 * 1024
"""What a child may say without a line's end before we pass it on as it is."""

LAST_PIECES = 32
"""How often we read a dead child's pipe: more than it holds, and an end where a stranger kept it open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to run: a name for people, the command, its whole environment, and whether its work loop beats."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    beats: bool = False
    passes: Sequence[int] = ()
    """Open files of ours that it gets too."""
    answers_at: Path | None = None
    """Where a process that does not beat answers PING."""
    loaded: bool = False
    """It is `python -m MODULE WORDS…`, and the module is loaded here: a fork of ours is it."""


class Child:
    """One program and the process that is it at the moment."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.start_at = 0.0
        self.silent = False
        self.silence: Silence | None = None
        self.pipe: Pipe | None = None
        self.question: Question | None = None
        self._process: subprocess.Popen[bytes] | Forked | None = None
        self._started = 0.0
        self._delay = FIRST_DELAY
        self._rest = b""

    @property
    def running(self) -> bool:
        """Say whether there is a process that has not been buried."""
        return self._process is not None

    @property
    def output(self) -> IO[bytes] | None:
        """Give the pipe that it speaks into, while anyone listens."""
        return None if self._process is None or self.silent else self._process.stdout

    def start(self) -> IO[bytes]:
        """Start it and return the pipe that it speaks into.

        Raises:
            OSError: the program is not there or cannot be run.
        """
        self._started = time.monotonic()
        self._prepare_to_hear()
        try:
            self._process = self._spawn()
        except OSError:
            self._forget()
            raise
        finally:
            if self.pipe:
                self.pipe.give_away()
        assert self._process.stdout is not None
        os.set_blocking(self._process.stdout.fileno(), False)
        self._rest, self.silent = b"", False
        return self._process.stdout

    def _prepare_to_hear(self) -> None:
        silence = Silence()
        self.pipe = Pipe(silence) if self.program.beats else None
        self.question = Question(silence, self.program.answers_at) if self.program.answers_at else None
        self.silence = silence if self.pipe or self.question else None

    def _spawn(self) -> subprocess.Popen[bytes] | Forked:
        pipes = (*self.program.passes, *([self.pipe.writing] if self.pipe else ()))
        named = {PULSE_FD: str(self.pipe.writing)} if self.pipe else {}
        environment = {**self.program.environment, **named}
        if self.program.loaded and may_fork():
            return fork(self.program.argv, environment, pipes)
        return subprocess.Popen(
            list(self.program.argv),
            env=environment,
            pass_fds=pipes,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
            preexec_fn=die_with(os.getpid()),
        )

    def ended(self) -> str | None:
        """Bury it if it died, with everything that it started, and say how it ended."""
        if self._process is None or self._process.returncode is not None:
            return None
        # First look, then kill its group, then reap: as long as it is not reaped, nobody else can have its number.
        if os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return None
        self._kill_group()
        code = self._process.wait()
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    def lines(self) -> Iterator[str]:
        """Read what waits in the pipe, one piece of it, and give its whole lines."""
        if self.output is None:
            return
        try:
            piece = os.read(self.output.fileno(), LONGEST_LINE)
        except BlockingIOError:
            return
        self.silent = not piece
        *whole, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            whole, self._rest = [*whole, self._rest], b""
        yield from (_text(line) for line in whole)

    def last_lines(self) -> Iterator[str]:
        """Read what a dead child still had to say, then forget it."""
        for _ in range(LAST_PIECES):
            yield from self.lines()
        if self._rest:
            yield _text(self._rest)
        self._forget()

    def terminate(self) -> None:
        """Ask it to end; what it started hears it from it."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.terminate()

    def hang_up(self) -> None:
        """Send it SIGHUP, if its loop has turned: before, it has no answer to that, and would end."""
        if self._process is not None and self.program.beats and self.silence and self.silence.was_broken:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGHUP)

    def stopped(self) -> bool:
        """Say whether it is frozen by SIGSTOP."""
        if self._process is None:
            return False
        return os.waitid(os.P_PID, self._process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None

    def ask_for_stacks(self) -> None:
        """Have it, and what it forked, write where each thread is."""
        self._signal_group(SHOW_STACKS)

    def strike(self) -> None:
        """Kill it and what it started, and wait for nothing: it is buried when it has died."""
        if self._process is not None and self._process.returncode is None:
            self._kill_group()

    def kill(self) -> None:
        """End it and what it started, at once."""
        if self._process is None:
            return
        if self._process.returncode is None:
            self._kill_group()
            self._process.wait()
        self._forget()

    def back_off(self) -> float:
        """Plan the next start and return in how many seconds it is."""
        if time.monotonic() - self._started >= HEALTHY_AFTER:
            self._delay = FIRST_DELAY
        delay, self._delay = self._delay, min(self._delay * 2, LONGEST_DELAY)
        self.start_at = time.monotonic() + delay
        return delay

    def _kill_group(self) -> None:
        self._signal_group(signal.SIGKILL)

    def _signal_group(self, number: signal.Signals) -> None:
        assert self._process is not None
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def _forget(self) -> None:
        for ear in (self.pipe, self.question):
            if ear is not None:
                ear.close()
        self.silence = self.pipe = self.question = None
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()
        self._process, self._rest = None, b""


def _text(line: bytes) -> str:
    return line.rstrip(b"\r").decode(errors="replace")
