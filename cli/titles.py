"""What `ps` and `pgrep -f` show of a fork: written over the words that its parent was started with, as Linux allows."""

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path

_FIRST_WORD, _WORDS_END, _ENVIRONMENT_END = 45, 46, 48
"""Where /proc/self/stat, after the process' name, has these addresses: see proc_pid_stat(5), fields 48, 49 and 51."""


def be_called(argv: Sequence[str]) -> None:
    """Show this command, and no environment; only after `os.environ` was filled anew, since the old one lies there."""
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    first, end, farthest = (int(fields[place]) for place in (_FIRST_WORD, _WORDS_END, _ENVIRONMENT_END))
    words = [os.fsencode(word) for word in argv]
    shown = b"\0".join(words)
    if len(shown) >= end - first:  # without an end where words ended, Linux reads on, to the first one
        shown = b" ".join(words)[: farthest - first - 1]
    ctypes.memset(first, 0, farthest - first)
    ctypes.memmove(first, shown, len(shown))
