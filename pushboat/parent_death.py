"""A process that ends when its parent is gone, however that one ended: Linux' parent-death signal.

Elsewhere a kill -9 of the parent leaves its children behind. The signal follows the thread that started the child, so
only processes with one thread use this. `workers/running/launcher.py` stands alone and has the same few lines.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
"""Loaded at import: between fork and exec there is no safe way to load anything."""


def die_with(parent: int) -> Callable[[], None]:
    """Make what a child runs after the fork: have the kernel kill it when `parent` is gone."""

    def prepare() -> None:
        if _LIBC is not None:
            _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:  # gone already, before the kernel knew of our wish
                os._exit(1)

    return prepare
