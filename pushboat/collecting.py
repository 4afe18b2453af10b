"""Keeps Python's garbage collector away from what a program loads at its start, and keeps until its end.

A process of ours loads half a million objects with its modules. Looking for garbage among them finds nothing, and costs
a third of a short command, at its start and once more at its end.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = (50_000, 20, 20)
"""New objects between two looks at the youngest, and looks between those at older ones. Python's own first number is
700: reading the 2,000 objects of an environment then costs a third more, for garbage that is not there."""


@contextmanager
def loading() -> Iterator[None]:
    """Load without collecting, and set aside for good what was loaded."""
    gc.disable()
    try:
        yield
    finally:
        set_loaded_aside()
        gc.enable()


def set_loaded_aside() -> None:
    """Never look for garbage among what is there now."""
    gc.freeze()


def collect_rarely() -> None:
    """Look for garbage as is right for a process that reads much at once and keeps it for a moment."""
    gc.set_threshold(*RARELY)
