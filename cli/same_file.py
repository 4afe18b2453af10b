"""Whether the workers go by the operator's file that a command has just read, before it asks for something by it.

Each process reads it again some moments after it was saved (docs/adr/0087-the-configuration-is-read-again.md). Asked
before that, a worker would say of what is new there that there is no such thing.
"""

import time
from collections.abc import Callable
from pathlib import Path

from cli import output
from pushboat.config.operator import Operator
from pushboat.store import processes
from pushboat.store.database.engine import Store
from pushboat.store.processes import Beat, goes_by, held_up_by

JUST_SAVED = 10.0
"""Seconds after a file was saved: a second to be left alone, one until the next look, two until a worker says so, and
as much again on a busy machine."""
LIVES = 5.0
"""Seconds after its last sign of life, of which it gives one every two: one that was replaced is not waited for."""
LOOKS_EVERY = 0.2
LOOKS = int(JUST_SAVED / LOOKS_EVERY)
"""No more than these, however often the file is saved meanwhile."""


def await_readers(file: Path, operator: Operator, store: Store, pause: Callable[[float], object] = time.sleep) -> None:
    """Wait for the workers that are about to read the file that was read here; say why one will not."""
    name = output.one_line(file.name)
    for look in range(LOOKS):
        behind = _behind(operator, store)
        if behind is None:
            return
        if why := held_up_by(behind):
            output.say(f"the worker goes by another file than {name}: {why}", glyph="!")
            return
        if not 0 <= _age(file) < JUST_SAVED:  # it may be another file altogether; the doctor says it
            return
        if not look:
            output.say(f"{name} was saved a moment ago; waiting until the worker has read it")
        pause(LOOKS_EVERY)
    output.say(f"{name} was saved again and again meanwhile, and the worker has not read it yet", glyph="!")


def _behind(operator: Operator, store: Store) -> Beat | None:
    """Find a worker that lives and goes by another file."""
    now = store.now()
    workers = (each for each in processes.beats(store) if each.name == "worker" and now - each.at < LIVES)
    return next((each for each in workers if goes_by(each) not in ("", operator.digest)), None)


def _age(file: Path) -> float:
    """Count the seconds since a file was saved last; one that is gone is being replaced, as editors do it."""
    try:
        found = file.stat()
    except OSError:
        return 0.0
    return time.time() - max(found.st_mtime, found.st_ctime)
