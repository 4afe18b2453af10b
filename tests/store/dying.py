"""`python -m tests.store.dying FOLDER`: processes that are killed while they copy the log, at each step on their way.

Each case is a copy of FOLDER/start below FOLDER/cases. One process copies and dies; another one has the store open
meanwhile, goes on, and is killed as well.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pushboat.store.database.engine import open_store
from tests.store import damage

_MOST_STEPS = 40


def main() -> None:
    """Let the copying process die one step later each time, until it gets through."""
    folder = Path(sys.argv[1])
    for copies in (False, True):
        for step in range(_MOST_STEPS):
            if _case(folder / "start", folder / "cases" / f"{step}-{copies}", step, copies=copies):
                break
        else:
            raise SystemExit("copying never ended")


def _case(start: Path, state: Path, step: int, *, copies: bool) -> bool:
    shutil.copytree(start, state)
    there, gone = os.pipe(), os.pipe()
    survivor = _forked(lambda: _survive(state, there[1], gone[0], copies=copies))
    os.read(there[0], 1)
    _, status = os.waitpid(_forked(lambda: _copy(state, step)), 0)
    os.write(gone[1], b"x")
    os.waitpid(survivor, 0)
    for end in (*there, *gone):
        os.close(end)
    return os.WIFEXITED(status)


def _survive(state: Path, there: int, gone: int, *, copies: bool) -> None:
    store = open_store("", state)
    damage.push(store, range(7001, 7011))
    os.write(there, b"x")
    os.read(gone, 1)
    damage.push(store, range(7011, 7041))
    if copies:
        damage.settle(store)
        damage.push(store, range(7041, 7051))
    _die()


def _copy(state: Path, step: int) -> None:
    store = open_store("", state)
    damage.push(store, range(8001, 8011))
    steps = 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal steps
        if event not in ("open", "os.rename", "sqlite3.connect") or str(state) not in str(arguments[0]):
            return
        if steps == step:
            _die()
        steps += 1

    sys.addaudithook(count)
    damage.settle(store)
    os._exit(0)


def _forked(act: Callable[[], None]) -> int:
    number = os.fork()
    if not number:
        try:
            act()
        finally:
            os._exit(1)
    return number


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
