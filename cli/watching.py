"""Finds the child that hangs instead of dying, asks it for its stacks, and kills it with all that it started.

Burying it and starting it again is the supervisor's business, as with every other dead child. Stacks come through the
child's standard error, so nobody waits for them in here.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cli.children import Child
from cli.hearing import Silence

WITHSTANDS_SECONDS = 10.0
"""After this long a process that does not die of SIGKILL is stuck in the kernel, and we cannot replace it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silences:
    """How long a child may be silent."""

    first_seconds: float = 120.0
    """Before its first beat: a slow machine imports for long, and a damaged store is looked at whole."""

    next_seconds: float = 45.0
    """Between two beats: three leases. Nothing that a loop does by itself takes a third of that."""

    stacks_seconds: float = 2.0
    """What it gets to write its stacks."""


class Watch:
    """Judges the children after each turn of the supervisor's loop, when all that they said has been heard."""

    def __init__(self, children: Sequence[Child], say: Callable[[str], None], silences: Silences) -> None:
        self._children = children
        self._say = say
        self._silences = silences
        self._turned_at = time.monotonic()

    @property
    def well(self) -> bool:
        """Say whether every child beats, or is being replaced; False where one withstands its kill."""
        limit = self._silences.stacks_seconds + WITHSTANDS_SECONDS
        return all((silence.condemned_seconds or 0.0) < limit for _, silence in self._watched())

    def turn(self) -> None:
        """Let the time of one turn pass, and deal with whom it made too silent."""
        now = time.monotonic()
        passed, self._turned_at = now - self._turned_at, now
        for child, silence in self._watched():
            silence.pass_time(passed)
            if child.question:
                child.question.ask()
            if silence.condemned_seconds is None:
                self._judge(child, silence)
            elif silence.condemned_seconds >= self._silences.stacks_seconds:
                child.strike()

    def _watched(self) -> list[tuple[Child, Silence]]:
        return [(child, child.silence) for child in self._children if child.running and child.silence is not None]

    def _judge(self, child: Child, silence: Silence) -> None:
        limit = self._silences.next_seconds if silence.was_broken else self._silences.first_seconds
        if silence.seconds < limit:
            return
        silence.condemned_seconds = 0.0
        since = "for" if silence.was_broken else "since its start, for"
        words = f"{child.program.name} hangs: its work loop did not turn {since} {limit:g} s"
        self._say(f"{words}; killing it and starting it again{self._look_inside(child)}")

    def _look_inside(self, child: Child) -> str:
        """Ask one of ours for its stacks, and say what to expect."""
        if child.stopped():
            return "; it is stopped (SIGSTOP), so it cannot say where"
        if not child.program.beats:
            return ""
        child.ask_for_stacks()
        return "; where it hangs should follow"
