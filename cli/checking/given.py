"""What somebody gives `pushboat check` in files: a cluster's policies, and definitions of kinds that others bring."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest
from workers.manifests.decoding import decode
from workers.manifests.reading import read_manifests

_ENDS = {".yaml", ".yml", ".json"}


def given(places: Iterable[Path]) -> tuple[Manifest, ...]:
    """Read what stands in files and folders.

    Raises:
        UsageError: one cannot be read.
    """
    return tuple(each for file in _files(places) for each in _read(file))


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        yield from sorted(each for each in place.rglob("*") if each.suffix in _ENDS) if place.is_dir() else [place]


def _read(file: Path) -> list[Manifest]:
    try:
        return read_manifests(decode(file.read_bytes(), str(file)), str(file))
    except InvalidManifest as error:
        raise click.UsageError(error.summary) from error
