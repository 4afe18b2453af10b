"""Bring from outside what a work tree's lock file pins: loaded by who wants that fetched."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from cli.checking.looking import Supply
from cli.checking.snapshot import Snapshot
from pushboat.config import locked
from pushboat.config.locked import LOCK_NAME
from pushboat.config.sources import Source
from pushboat.model.outside import Locked, Outside
from workers.source import checkout
from workers.source.bases import planting
from workers.source.outside.fetching import bringing


def fetching(made: Snapshot, sources: Iterable[Source] | None, scratch: Path) -> Supply:
    """Bring what the lock file pins: from where the operator lists it, or, without one, from wherever it names."""
    content = checkout.read_file(made.caches, made.remote, str(made.top), made.sha, LOCK_NAME)
    lock = locked.parse(content) if content is not None else {}
    allowed = tuple(_named(lock)) if sources is None else tuple(sources)
    plant = planting(lock, allowed, scratch / "bases")
    return Supply(bring=bringing(lock, allowed, scratch / "outside"), plant=plant)


def _named(lock: Mapping[Outside, Locked]) -> Iterator[Source]:
    for each in lock.values():
        for address in (each.outside.address, each.at):
            parts = urlsplit(address)
            if parts.netloc:
                yield Source(address=f"{parts.scheme}://{parts.netloc}")
