"""Keep a few child processes running, in order, and take every one of them down again, however we end.

Single-threaded on purpose: a parent-death signal follows the thread that started the child, and `preexec_fn` is only
safe without threads. What the children are is `cli/serving.py`'s business, their start and end `cli/children.py`'s.
"""

import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from cli.children import Child, Program
from cli.hearing import Pipe
from cli.systemd import Systemd
from cli.watching import Silences, Watch

STOPPING_SECONDS = 15.0
"""Seconds that all children together get to end by themselves."""

LOOK_EVERY_SECONDS = 1.0
"""How often we look whether a child hangs, and tell systemd that we do not."""

Say = Callable[[str, str], None]
"""Takes a child's name (or `pushboat` for ourselves) and one line."""

Tick = Callable[[], float | None]
"""Called between events; returns in how many seconds it wants to be called again, None for never again."""


class Supervisor:
    """Start programs in order, replace what dies or hangs, stop in the opposite order on SIGTERM, SIGINT or SIGHUP.

    Where somebody `passes_on_hangup`, SIGHUP is for the children, each of which knows what to do about it.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        say: Say,
        *,
        patience: float = STOPPING_SECONDS,
        silences: Silences | None = None,
        systemd: Systemd | None = None,
        stopping: Callable[[], None] = lambda: None,
        passes_on_hangup: bool = False,
    ) -> None:
        self._children = [Child(program) for program in programs]
        self._say = say
        self._patience = patience
        self._selector = selectors.DefaultSelector()
        self._asked_to_stop = 0
        self._watch = Watch(self._children, lambda line: say("pushboat", line), silences or Silences())
        self._systemd = systemd or Systemd({})
        self._stopping = stopping
        self._passes_on_hangup = passes_on_hangup

    def run(self, tick: Tick | None = None) -> bool:
        """Run until asked to stop; True when every child ended by itself in time, False when some had to be killed."""
        with self._signals(), self._selector:
            try:
                self._supervise(tick)
                return self._stop_in_order()
            finally:
                for child in self._children:
                    child.kill()

    def _supervise(self, tick: Tick | None) -> None:
        tick_at = time.monotonic() if tick else None
        while not self._asked_to_stop:
            now = time.monotonic()
            for child in self._children:
                if not child.running and child.start_at <= now:
                    self._start(child)
            if tick and tick_at is not None and tick_at <= time.monotonic():
                again = tick()
                tick_at = None if again is None else time.monotonic() + again
            due = [child.start_at for child in self._children if not child.running]
            self._wait_until(min([*due, *([] if tick_at is None else [tick_at]), *self._look_at()], default=None))
            self._bury(restart=True)
            self._watch.turn()
            if self._watch.well and not self._asked_to_stop:
                self._systemd.alive([child.program.name for child in self._children if not child.running])

    def _look_at(self) -> list[float]:
        """Say when to turn at the latest, where anybody counts on our turns."""
        counts = self._systemd.wants_a_beat or any(child.silence for child in self._children)
        return [time.monotonic() + LOOK_EVERY_SECONDS] if counts else []

    def _stop_in_order(self) -> bool:
        deadline = time.monotonic() + self._patience
        for child in reversed(self._children):
            child.terminate()
            while child.running:
                if self._asked_to_stop > 1 or time.monotonic() >= deadline:
                    return self._give_up()
                self._wait_until(deadline)
                self._bury(restart=False)
        return True

    def _give_up(self) -> bool:
        left = [child for child in self._children if child.running]
        why = "as you asked twice" if self._asked_to_stop > 1 else f"not ended after {self._patience:.0f} s"
        self._say("pushboat", f"killing {', '.join(child.program.name for child in left)}: {why}")
        return False

    def _start(self, child: Child) -> None:
        try:
            output = child.start()
        except OSError as error:
            self._say(child.program.name, f"cannot start {child.program.argv[0]}: {error.strerror}")
            child.back_off()
            return
        self._selector.register(output, selectors.EVENT_READ, child)
        if child.pipe:
            self._selector.register(child.pipe.reading, selectors.EVENT_READ, child.pipe)

    def _bury(self, *, restart: bool) -> None:
        """Notice who died; outside a stop, say so and plan the restart."""
        for child in self._children:
            ending = child.ended()
            if ending is None:
                continue
            self._drain(child)
            if restart:
                delay = child.back_off()
                self._say("pushboat", f"{child.program.name} {ending}; starting it again in {delay:.1f} s")

    def _drain(self, child: Child) -> None:
        """Pass on what a dead child still had to say, and let go of its pipe."""
        if child.output is not None:
            self._selector.unregister(child.output)
        if child.pipe is not None and child.pipe.reading in self._selector.get_map():
            self._selector.unregister(child.pipe.reading)
        for line in child.last_lines():
            self._say(child.program.name, line)

    def _wait_until(self, moment: float | None) -> None:
        timeout = None if moment is None else max(0.0, moment - time.monotonic())
        for key, _ in self._selector.select(timeout):
            if isinstance(key.data, Child):
                for line in key.data.lines():
                    self._say(key.data.program.name, line)
                if key.data.silent:  # it closed its output and lives on: nothing left to watch
                    self._selector.unregister(key.fileobj)
            elif isinstance(key.data, Pipe):
                if not key.data.listen():
                    self._selector.unregister(key.fileobj)
            else:
                self._read_signals(key.data)

    def _read_signals(self, mailbox: socket.socket) -> None:
        heard = mailbox.recv(64)
        if self._passes_on_hangup and signal.SIGHUP in heard:
            for child in self._children:
                child.hang_up()
        for number in heard:
            if number == signal.SIGCHLD or (self._passes_on_hangup and number == signal.SIGHUP):
                continue
            self._asked_to_stop += 1
            if self._asked_to_stop == 1:
                self._stopping()
                self._systemd.stopping()
                self._say("pushboat", "stopping (Ctrl-C again to stop at once)")

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Have signals arrive as bytes in the selector, and put everything back afterwards."""
        ours, theirs = socket.socketpair()
        ours.settimeout(0)
        theirs.settimeout(0)
        self._selector.register(ours, selectors.EVENT_READ, ours)
        numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
        before = {number: signal.signal(number, _heard) for number in numbers}
        wakeup = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)
            ours.close()
            theirs.close()


def _heard(_number: int, _frame: object) -> None:
    """Do nothing: the byte in the mailbox is what counts, and without a handler Python would not write it."""
