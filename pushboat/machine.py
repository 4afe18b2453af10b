"""What the machine that we run on has none of any more, told apart from what a commit, a forge or we did wrong."""

import errno
import os
import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pushboat.errors import MachineUnavailable

_FULL = "the disk of the machine that Pushboat runs on is full: make room in the folder `state` and in its temp folder"
_FILES = "the machine that Pushboat runs on lets it open no more files: raise the limit (LimitNOFILE=, ulimit -n)"
_TASKS = "the machine that Pushboat runs on starts no more programs or threads: raise the limit (TasksMax=, ulimit -u)"
_MEMORY = "the machine that Pushboat runs on has no memory left: give it more, or lower `workers`"
_TROUBLES: Mapping[int, str] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: "the disk of the machine that Pushboat runs on is read-only: mount it anew, its log may say why",
    errno.EIO: "the disk of the machine that Pushboat runs on is failing: its log says more",
    errno.EMFILE: _FILES,
    errno.ENFILE: _FILES,
    errno.ENOMEM: _MEMORY,
    errno.EAGAIN: _TASKS,
}
KILLED = 128 + signal.SIGKILL
"""The exit code of a program that was killed with -9. Our own limits and deadlines have other signs."""
_NO_THREAD = "can't start new thread"
_OF_OTHERS = re.compile(r"^remote:.*|execution error at \((?s:.*)", re.MULTILINE)
"""What a forge says of its own disk, and a chart's template what its author wants to be said, in lines of his own."""
_CLOSING = " \t'\"`)].,;"
_SAID_BY_PROGRAMS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""Of these programs complain in the system's words, and never for a limit that we put on them ourselves."""


@contextmanager
def troubles() -> Iterator[None]:
    """Turn what the machine has none of into MachineUnavailable; all else is raised as it is.

    Raises:
        MachineUnavailable: no room, no files, no memory.
    """
    try:
        yield
    except MemoryError as error:
        raise MachineUnavailable(_MEMORY) from error
    except RuntimeError as error:
        if _NO_THREAD not in str(error):
            raise
        raise MachineUnavailable(_TASKS, str(error)) from error
    except OSError as error:
        said = _TROUBLES.get(error.errno or 0)
        if said is None:
            raise
        raise MachineUnavailable(said, str(error)) from error


def ended(program: str, code: int, errors: str) -> MachineUnavailable | None:
    """Say that it was the machine that made a program fail, by its exit code and its stderr; None where it was not."""
    if code == KILLED:
        said = f"{program} was killed by somebody outside, perhaps because the machine has no memory left: try again"
        return MachineUnavailable(said)
    ends = [line.lower().rstrip(_CLOSING) for line in _OF_OTHERS.sub("", errors).splitlines()]
    found = next(
        (each for each in _SAID_BY_PROGRAMS if any(end.endswith(f": {os.strerror(each).lower()}") for end in ends)),
        None,
    )
    return None if found is None else MachineUnavailable(_TROUBLES[found], f"{program}: {errors.strip()[-500:]}")
