"""Bring what was locked: charts and files by digest, each only from where the operator lists it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pushboat.config.sources import Source, allowing, canonical
from pushboat.errors import RenderFailed
from pushboat.model.outside import CHART, Locked, Outside
from workers.source.outside.downloading import download
from workers.source.outside.keeping import kept
from workers.source.outside.registries import blob
from workers.source.outside.words import LOCK, Bring, Brought


def bringing(lock: Mapping[Outside, Locked], sources: Iterable[Source], folder: Path) -> Bring:
    """Bring what a lock file pins, from where the operator lists it."""

    def bring(outside: Outside) -> Brought:
        locked = lock.get(outside)
        if locked is None:
            raise RenderFailed(f"{outside} is not locked: {LOCK}")
        version = f" {locked.version}" if locked.version else ""
        shown = f"{outside.name or outside.kind}{version} of {outside.address}"
        return Brought(content=content(locked, sources, folder), shown=shown)

    return bring


def demand_allowed(outside: Outside, address: str, sources: Iterable[Source]) -> Source:
    """Find the entry that allows an address.

    Raises:
        RenderFailed: the operator lists none; with the line to add.
    """
    found = allowing(address, sources)
    if found is None:
        raise RenderFailed(
            f"{outside}: the operator does not allow to fetch from there: add `sources: [{address}]` to pushboat.yaml"
        )
    return found


def content(locked: Locked, sources: Iterable[Source], folder: Path) -> bytes:
    """Give a chart's archive or a file, from `folder` where it was fetched before.

    Raises:
        RenderFailed: nobody may fetch from there, it is gone, or what came is not what was locked.
        ForgeUnavailable, ForgeRefused: it cannot be had now, or wants another login.
    """
    outside, allowed = locked.outside, tuple(sources)
    source = demand_allowed(outside, outside.address, allowed)
    if outside.kind == CHART and outside.address.startswith("oci:"):
        whence = f"{outside.address}/{outside.name}"
        return kept(folder, locked.digest, whence, lambda: blob(outside, locked.digest, source), str(outside))
    at = locked.at or outside.address
    source = demand_allowed(outside, canonical(at.partition("?")[0]), allowed)
    return kept(folder, locked.digest, at, lambda: download(at, source), str(outside))
