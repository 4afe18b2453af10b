"""Files of a commit that no render reads: what lies in an environment's folder beside its manifests, and what changed
elsewhere since the commit that runs. Nothing of it is checked out, and nothing of it reaches a cluster.

It is looked at all the same, for people commit more than they mean to. How many files, and how large, is bounded; what
is left out is named.
"""

import posixpath
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from pushboat.errors import CheckoutFailed
from pushboat.model.remote import Remote
from pushboat.model.wording import counted
from workers.source.closure import Closure
from workers.source.git import cache, trees
from workers.source.git.command import Repository
from workers.source.git.entry import Entry
from workers.source.git.measuring import read_small

MOST_FILES = 1_000
LARGEST_FILE = 1 << 20
MOST_BYTES = 32 << 20
"""Of all such files together."""
_SHOWN = 3
_NO_TEXT = frozenset((
    ".7z", ".avi", ".avif", ".bin", ".bmp", ".bz2", ".class", ".db", ".dll", ".dylib", ".ear", ".eot", ".exe",
    ".flac", ".gif", ".gz", ".ico", ".iso", ".jar", ".jpeg", ".jpg", ".lz4", ".mkv", ".mov", ".mp3", ".mp4", ".o",
    ".ogg", ".onnx", ".otf", ".parquet", ".pdf", ".png", ".pt", ".pyc", ".rar", ".so", ".sqlite", ".tar", ".tgz",
    ".tif", ".tiff", ".ttf", ".war", ".wasm", ".wav", ".webm", ".webp", ".whl", ".woff", ".woff2", ".xlsx", ".xz",
    ".zip", ".zst",
))  # fmt: skip
"""Endings of files that nobody writes by hand; a cache that has them not would fetch them first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrendered:
    """Such files, by their paths, and what was not looked at: too large ones, and how many more there were.

    `folder` is the environment's own; what lies there is in `files` too.
    """

    folder: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    large: tuple[str, ...] = ()
    more: int = 0

    def is_own(self, path: str) -> bool:
        """Say whether a file lies in the environment's own folder."""
        return not self.folder or path.startswith(f"{self.folder}/")

    @property
    def left_out(self) -> str:
        """Say in a sentence what was not looked at; nothing where that is nothing."""
        if not self.large and not self.more:
            return ""
        named = f" ({', '.join(self.large[:_SHOWN])}{', …' if len(self.large) > _SHOWN else ''})" if self.large else ""
        number = counted(len(self.large) + self.more, "file")
        return f"not looked through for credentials: {number}{named}, which no render reads: too large, or too many"


def unrendered(
    cache_root: Path, remote: Remote, sha: str, before: str, found: Closure, *, all_of_folder: bool = False
) -> Unrendered:
    """Read what a commit has beside a closure: changed since the commit `before`; without one, what its folder has.

    With `all_of_folder` that counts either way.

    Raises:
        CheckoutFailed, ForgeUnavailable, ForgeRefused: the commit, or one of these files, cannot be had.
    """
    known = {found.linked.get(each.path, each.path) for each in found.files}
    was = _tree_of(cache_root, remote, before)

    def look(cached: Repository) -> Unrendered:
        changed = trees.files_changed_since(cached, sha, was) if was else None
        one = found.begins in known
        folder = posixpath.dirname(found.begins) if one else found.begins
        if changed is None or all_of_folder:
            # beside a single file there may be all of the repository
            there = trees.inside(cached, sha, folder) if one else trees.entries(cached, sha, folder, deep=True)
            changed = [*(changed or ()), *(there or ())]
        return _looked(cached, sha, folder, {each.path: each for each in changed if _is_wanted(each, known)})

    return cache.reading(cache_root, remote, sha, look)


def _tree_of(cache_root: Path, remote: Remote, before: str) -> str:
    """Name the tree of an earlier commit; "" where there is none, or it is gone."""
    try:
        return cache.reading(cache_root, remote, before, lambda cached: trees.name_of(cached, before)) if before else ""
    except CheckoutFailed:
        return ""


def _looked(cached: Repository, sha: str, folder: str, wanted: Mapping[str, Entry]) -> Unrendered:
    """Read the environment's own first."""
    empty = Unrendered(folder=folder)
    ordered = [wanted[path] for path in sorted(wanted, key=lambda path: (not empty.is_own(path), path))]
    read = read_small(cached, sha, ordered[:MOST_FILES], LARGEST_FILE, MOST_BYTES)
    return replace(empty, files=read.files, large=read.large, more=max(0, len(ordered) - MOST_FILES))


def _is_wanted(entry: Entry, known: Collection[str]) -> bool:
    return entry.is_file and entry.path not in known and PurePosixPath(entry.path).suffix.lower() not in _NO_TEXT
