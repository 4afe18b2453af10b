"""What the waits of one attempt saw, kept now and then while they go on, and once more at their end."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pushboat.model.manifest import Ref
from pushboat.model.observed import Observed, written
from workers.cluster.explaining.evidence import Evidence
from workers.cluster.waiting.looking import Look
from workers.cluster.waiting.observing import See, observed

KEEPS_EVERY = 2.0
"""Seconds between two that are kept while a wait goes on: an open page asks no more often."""


@dataclass(slots=True)
class Observing:
    """What was seen so far, over all waves: what came up first is told beside what comes up now."""

    known: dict[Ref, Observed] = field(default_factory=dict)
    kept: str = ""
    due_at: float = 0.0

    @contextmanager
    def each_look(self, keep: Callable[[str], None]) -> Iterator[See]:
        """Give what one wait shows its looks to; `keep` is handed what is to be stored, where it is news."""
        last: tuple[Look, Evidence] | None = None
        self.due_at = time.monotonic() + KEEPS_EVERY

        def see(look: Look, evidence: Evidence) -> None:
            nonlocal last
            last = look, evidence
            if time.monotonic() >= self.due_at:
                self._keep(look, evidence, keep)

        try:
            yield see
        finally:
            if last:
                self._keep(*last, keep)

    def _keep(self, look: Look, evidence: Evidence, keep: Callable[[str], None]) -> None:
        self.due_at = time.monotonic() + KEEPS_EVERY
        self.known |= {each.ref: each for each in observed(look, evidence)}
        text = written(tuple(self.known.values()))
        if self.known and text != self.kept:
            self.kept = text
            keep(text)
