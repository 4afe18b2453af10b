"""Files of one commit: a single one for routing, a folder with what it builds upon for rendering.

What a render reads is found in git's trees first (closure.py), names, kinds and sizes are judged, and then we write
plain files ourselves from git's objects, also where links stand. So no symbolic link, attribute, filter or hook of a
pushed commit acts on this machine, and the bytes are those that were committed. A Git LFS pointer is never written as
if it were the file. There is no work tree to reuse; the caller removes the target.
"""

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pushboat.errors import CheckoutFailed
from pushboat.model.remote import Remote
from workers.running.spawning import TooMuchOutput
from workers.source import closure
from workers.source.closure import Closure, References
from workers.source.git import cache, screening, trees
from workers.source.git.command import Repository
from workers.source.git.remembering import Remembered
from workers.source.pointers import kept_elsewhere

LARGEST_FILE = 1 << 20
MOST_BYTES = 50 << 20
_REMEMBERED = Remembered()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedOut:
    """A folder's files below `root`, laid out as in the repository; the rest is as its closure says.

    `file` is the one file that was asked for instead of a folder, with its folder, or empty.
    """

    root: Path
    folder: str
    sha: str
    files: tuple[str, ...]
    file: str = ""
    linked: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    submodules: tuple[str, ...] = ()
    chosen_out: tuple[str, ...] = ()
    roots: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Say where the folder is on this machine."""
        return self.root / self.folder

    @property
    def shown(self) -> str:
        """Name the folder or the file for people."""
        return self.file or self.folder or "."


def fetch(cache_root: Path, remote: Remote, repository: str, sha: str) -> None:  # noqa: ARG001 (see read_file)
    """Bring a commit into the cache; no network is used when it is there already.

    Raises:
        CheckoutFailed: the forge does not have the commit any more.
        ForgeUnavailable: the forge does not answer.
        ForgeRefused: the forge does not let us in, or the URL is of a kind that we do not use.
    """
    cache.reading(cache_root, remote, sha, lambda _: None)


def tree_of(cache_root: Path, remote: Remote, sha: str) -> str:
    """Name all that a commit holds: two commits of one name hold the same files.

    Raises:
        CheckoutFailed, ForgeUnavailable, ForgeRefused: as `fetch`.
    """
    return cache.reading(cache_root, remote, sha, lambda cached: trees.name_of(cached, sha))


def objects_at(cache_root: Path, remote: Remote, sha: str, paths: Iterable[str]) -> dict[str, str]:
    """Name what stands at each of these paths, as a closure's roots do; "" for nothing, {} where that is not known.

    Raises:
        CheckoutFailed, ForgeUnavailable, ForgeRefused: as `fetch`.
    """
    return cache.reading(cache_root, remote, sha, lambda cached: trees.objects_at(cached, sha, paths))


def changed_since(cache_root: Path, remote: Remote, sha: str, before: str) -> tuple[str, frozenset[str] | None]:
    """Name a commit's tree, and every path at which it differs from the tree `before`; None where that is not known.

    Raises:
        CheckoutFailed, ForgeUnavailable, ForgeRefused: as `fetch`.
    """
    return cache.reading(cache_root, remote, sha, lambda cached: trees.changed_since(cached, sha, before))


def commit_object(cache_root: Path, remote: Remote, sha: str) -> bytes:
    """Read a commit as git stores it: what a signature covers, and the signature.

    Raises:
        CheckoutFailed, ForgeUnavailable, ForgeRefused: as `fetch`.
    """
    return cache.reading(cache_root, remote, sha, lambda cached: trees.commit_object(cached, sha))


def read_file(cache_root: Path, remote: Remote, repository: str, sha: str, path: str) -> bytes | None:
    """Read one file of a commit, or None where it does not exist.

    Raises:
        CheckoutFailed: it is a link, a folder or larger than 1 MiB; otherwise as `fetch`.
    """

    def look(cached: Repository) -> bytes | None:
        found = [entry for entry in trees.entries(cached, sha, path, deep=False) if entry.path == path]
        if not found:
            return None
        screening.demand_file(cached, sha, found[0])
        return trees.read_blob(cached, sha, found[0], LARGEST_FILE)

    _demand_inside(path, repository)
    return cache.reading(
        cache_root, remote, sha, lambda cached: _REMEMBERED.read((cached.path, sha, path), lambda: look(cached))
    )


def gathered(
    cache_root: Path,
    remote: Remote,
    repository: str,
    sha: str,
    place: str,
    references: References,
    beside: Sequence[str] = (),
) -> Closure:
    """Find what a folder or one file is rendered from: nothing is written, and contents are fetched of few files.

    Raises:
        CheckoutFailed, ForgeUnavailable, ForgeRefused: as `check_out`.
    """
    places = _places(repository, place, beside)
    return cache.reading(cache_root, remote, sha, lambda cached: closure.gather(cached, sha, places, references))


def write(cache_root: Path, remote: Remote, sha: str, found: Closure, target: Path) -> CheckedOut:
    """Write what was gathered of this commit.

    Raises:
        CheckoutFailed, ForgeUnavailable, ForgeRefused: as `check_out`.
    """
    return cache.reading(cache_root, remote, sha, lambda cached: _written(cached, sha, found, target))


def check_out(
    cache_root: Path,
    remote: Remote,
    repository: str,
    sha: str,
    place: str,
    target: Path,
    references: References,
    beside: Sequence[str] = (),
) -> CheckedOut:
    """Write a folder's files or one file, what stands `beside` it in the repository, and what they refer to.

    Raises:
        CheckoutFailed: the place is missing or a submodule, holds a link that leads astray, a Git LFS pointer or a name
            that we do not accept, or is too large; otherwise as `fetch`.
    """
    found = gathered(cache_root, remote, repository, sha, place, references, beside)
    return write(cache_root, remote, sha, found, target)


def _written(cached: Repository, sha: str, found: Closure, target: Path) -> CheckedOut:
    contents = dict(zip(found.files, _contents(cached, sha, found), strict=True))
    pointers = kept_elsewhere(found, contents)
    file = found.begins if any(entry.path == found.begins for entry in found.files) else ""
    folder = posixpath.dirname(file) if file else found.begins
    (target / folder).mkdir(parents=True, exist_ok=True)
    for entry, content in contents.items():
        if entry.path not in pointers:
            at = target / entry.path
            at.parent.mkdir(parents=True, exist_ok=True)
            at.write_bytes(content)
    return CheckedOut(
        root=target,
        folder=folder,
        sha=sha,
        files=tuple(entry.path for entry in found.files if entry.path not in pointers),
        file=file,
        linked=found.linked,
        left_out={**found.left_out, **pointers},
        submodules=found.submodules,
        chosen_out=found.chosen_out,
        roots=found.roots,
    )


def _places(repository: str, folder: str, beside: Sequence[str]) -> tuple[str, ...]:
    wanted = "" if folder in ("", ".", "./") else folder.strip("/").removeprefix("./")
    for place in (wanted, *beside):
        if place:
            _demand_inside(place, repository)
    return (wanted, *beside)


def _contents(cached: Repository, sha: str, found: Closure) -> list[bytes]:
    try:
        return trees.contents(cached, sha, found.files, MOST_BYTES, found.linked)
    except TooMuchOutput as error:
        raise CheckoutFailed(
            f"{found.begins or '.'} is larger than {MOST_BYTES >> 20} MiB: deploy a smaller folder"
        ) from error


def _demand_inside(path: str, repository: str) -> None:
    parts = path.split("/")
    if not path or path.startswith("/") or {"", ".", "..", ".git"} & set(parts):
        raise CheckoutFailed(f"{path[:80]!r} is not a path inside the repository {repository}")
