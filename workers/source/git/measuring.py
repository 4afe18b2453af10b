"""Contents of many files of which some may be large: those are told apart by their size, and not read.

A blobless cache has no sizes of what it has not fetched, and a forge tells none: what is asked for is fetched first,
all of it in one request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pushboat.recent import Recent
from workers.running.spawning import run
from workers.source.git import trees
from workers.source.git.command import LOCAL_TIMEOUT, Repository
from workers.source.git.entry import Entry

MOST_REMEMBERED = 50_000
"""Sizes that are kept in memory, of all caches together: some fifteen megabytes."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was read, file by file, and the paths of those that are too large to be."""

    files: dict[str, bytes]
    large: tuple[str, ...]


def read_small(repository: Repository, sha: str, wanted: Sequence[Entry], largest: int, most: int) -> Measured:
    """Read files of at most `largest` bytes, in their order, until they are `most` bytes together."""
    sizes = _sizes(repository, wanted)
    if absent := sorted({each.oid for each in wanted} - sizes.keys()):
        trees.fetch_blobs(repository, sha, absent)
        sizes = _sizes(repository, wanted)
    taken: list[Entry] = []
    large: list[str] = []
    for each in wanted:
        size = sizes.get(each.oid, largest + 1)
        if size > min(largest, most):
            large.append(each.path)
        else:
            most -= size
            taken.append(each)
    contents = trees.contents(repository, sha, taken, sum(sizes[each.oid] for each in taken))
    return Measured({each.path: content for each, content in zip(taken, contents, strict=True)}, tuple(large))


def _sizes(repository: Repository, wanted: Sequence[Entry]) -> dict[str, int]:
    """Say how many bytes each content has that the cache has; nothing is fetched for it."""
    oids = sorted({each.oid for each in wanted})
    known = {oid: size for (_, oid), size in _KNOWN.find((repository.path, oid) for oid in oids).items()}
    if unknown := [oid for oid in oids if oid not in known]:
        asked = _asked(repository, unknown)
        _KNOWN.keep({(repository.path, oid): size for oid, size in asked.items()})
        known |= asked
    return known


def _asked(repository: Repository, oids: Sequence[str]) -> dict[str, int]:
    finished = run(
        ["git", "cat-file", "--batch-check"],
        environ=repository.reading,
        cwd=repository.path,
        timeout=LOCAL_TIMEOUT,
        stdin="".join(f"{oid}\n" for oid in oids).encode(),
    )
    words = (line.split() for line in finished.stdout.decode("ascii", "replace").splitlines())
    return {each[0]: int(each[2]) for each in words if len(each) == 3 and each[1] == "blob"}


_KNOWN: Recent[tuple[Path, str], int] = Recent(MOST_REMEMBERED)
"""By cache and content: the environments of a commit ask for the same ones."""
