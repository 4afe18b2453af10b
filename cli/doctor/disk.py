"""How much room Pushboat takes, and whether there is enough left: a full disk takes no delivery in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from cli import configuration
from cli.opening import opened_store
from pushboat.config.operator import Operator
from pushboat.errors import StoreUnavailable
from pushboat.store.database.vacuuming import size
from workers.checks.words import Line, passed, skipped, warned

LEAST_FREE = 2**30
LEAST_SHARE = 0.05
"""Bytes, and of the whole disk: below either of them an operator wants to know."""


def check_disk(operator: Operator) -> Iterator[Line]:
    """Measure store, git caches and broker, and what is free in the state folder."""
    try:
        disk = shutil.disk_usage(operator.state)
    except OSError as error:
        yield skipped("disk", f"{operator.state} cannot be looked at: {error.strerror}")
        return
    caches, broker = _below(operator.state / "git"), _below(operator.state / "broker")
    parts = [f"store {_store(operator)}", f"git caches {_shown(caches)}", f"broker {_shown(broker)}"]
    sentence = f"{', '.join(parts)}; {_shown(disk.free)} of {_shown(disk.total)} free in {operator.state}"
    if disk.free < LEAST_FREE or disk.free < LEAST_SHARE * disk.total:
        yield warned("disk", f"nearly full: {sentence}", "make room, or shorten `retention` and run pushboat db vacuum")
    else:
        yield passed("disk", sentence)


def _store(operator: Operator) -> str:
    try:
        with opened_store(operator) as store:
            return _shown(size(store))
    except (StoreUnavailable, configuration.NotSetUp):
        return "unknown"


def _below(folder: Path) -> int:
    """Add up the files below a folder; what is removed while we look counts nothing."""
    return sum(_blocks(path) for path in folder.rglob("*"))


def _blocks(path: Path) -> int:
    try:
        return path.lstat().st_blocks * 512
    except OSError:
        return 0


def _shown(size_in_bytes: int) -> str:
    mebibytes = size_in_bytes / 2**20
    return f"{mebibytes / 1024:,.1f} GiB" if mebibytes >= 1024 else f"{mebibytes:,.1f} MiB"
