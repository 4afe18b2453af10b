"""Files of one commit: a single one for routing, a folder with what it builds upon for rendering.

We list a folder first, judge names, kinds and sizes, and then write plain files ourselves from git's objects. So no
symbolic link, attribute, filter or hook of a pushed commit acts on this machine, and the bytes are those that were
committed. A kustomization may build on folders beside its own (`../../base`): those are followed, inside the
repository, until nothing new is asked for. There is no work tree to reuse; the caller removes the target.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pushboat.errors import CheckoutFailed
from pushboat.forges.protocol import Remote
from workers.running.spawning import TooMuchOutput
from workers.source.git import cache, screening, trees
from workers.source.git.command import Repository
from workers.source.git.remembering import Remembered

LARGEST_FILE = 1 << 20
MOST_FILES = 5_000
MOST_BYTES = 50 << 20
MOST_REFERENCES = 200
"""Outside of the folder itself; git is asked for each, and a file of some bytes may name a hundred thousand."""
_REMEMBERED = Remembered()
_MOST_ROUNDS = 20
"""Each round follows the references of the last one; twenty bases on top of each other is a mistake or an attack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedOut:
    """A folder's files below `root`, laid out as in the repository.

    `links` and `submodules` name what we left out, for the error of a renderer that looks for it.
    """

    root: Path
    folder: str
    sha: str
    files: tuple[str, ...]
    links: tuple[str, ...] = ()
    submodules: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """Say where the folder is on this machine."""
        return self.root / self.folder


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


References = Callable[[str, Path], list[str]]
"""From a file's path in the repository, and where it was written, to the paths that it refers to outside of itself."""


def check_out(
    cache_root: Path,
    remote: Remote,
    repository: str,
    sha: str,
    folder: str,
    target: Path,
    references: References,
) -> CheckedOut:
    """Write a folder's files, and what they refer to, below `target`.

    Raises:
        CheckoutFailed: the folder is missing, a link or a submodule, holds a link or a name that we do not accept, or
            is too large; otherwise as `fetch`.
    """
    wanted = "" if folder in ("", ".", "./") else folder.strip("/").removeprefix("./")
    if wanted:
        _demand_inside(wanted, repository)
    return cache.reading(
        cache_root, remote, sha, lambda cached: _Gathering(cached, sha, wanted, target, references).all()
    )


class _Gathering:
    """One check-out under way: what is written already, so that limits hold for all rounds together."""

    def __init__(self, cached: Repository, sha: str, folder: str, target: Path, references: References) -> None:
        self._cached, self._sha, self._folder, self._target = cached, sha, folder, target
        self._references = references
        self._written: dict[str, int] = {}
        self._asked: set[str] = set()
        self._links: set[str] = set()
        self._submodules: set[str] = set()

    def all(self) -> CheckedOut:
        """Take the folder, then what it refers to, then what that refers to."""
        found = screening.demand_folder(self._cached, self._sha, self._folder)
        (self._target / self._folder).mkdir(parents=True, exist_ok=True)
        fresh = self._take(self._folder, found)
        for _ in range(_MOST_ROUNDS):
            outside = sorted(self._outside(fresh))
            if not outside:
                break
            if len(self._asked) + len(outside) > MOST_REFERENCES:
                raise CheckoutFailed(
                    f"{self._folder or '.'}: its kustomizations refer to more than {MOST_REFERENCES} places"
                )
            fresh = []
            for path in outside:
                fresh += self._take(path, trees.entries(self._cached, self._sha, path, deep=True))
        else:
            raise CheckoutFailed(
                f"{self._folder or '.'}: its kustomizations lead through more than {_MOST_ROUNDS} folders"
            )
        return CheckedOut(
            root=self._target,
            folder=self._folder,
            sha=self._sha,
            files=tuple(sorted(self._written)),
            links=tuple(sorted(self._links)),
            submodules=tuple(sorted(self._submodules)),
        )

    def _take(self, path: str, found: list[trees.Entry]) -> list[str]:
        """Judge and write what stands at a path; give the files that were not written before."""
        self._asked.add(path)
        screened = screening.screen(self._cached, self._sha, found)
        self._links.update(screened.links)
        self._submodules.update(screened.submodules)
        files = [entry for entry in screened.files if entry.path not in self._written]
        if len(self._written) + len(files) > MOST_FILES:
            raise CheckoutFailed(f"{path or '.'} holds more than {MOST_FILES:,} files: deploy a smaller folder")
        if any(entry.is_folder and entry.path == path for entry in found) or not path:
            trees.fetch_missing(self._cached, self._sha, path, files)
        left = MOST_BYTES - sum(self._written.values())
        try:
            contents = trees.contents(self._cached, self._sha, files, left) if files else []
        except TooMuchOutput as error:
            raise CheckoutFailed(
                f"{path or '.'} is larger than {MOST_BYTES >> 20} MiB: deploy a smaller folder"
            ) from error
        for entry, content in zip(files, contents, strict=True):
            self._write(entry.path, content)
        return [entry.path for entry in files]

    def _write(self, path: str, content: bytes) -> None:
        at = self._target / path
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_bytes(content)
        self._written[path] = len(content)

    def _outside(self, files: Iterable[str]) -> set[str]:
        """Name the paths that these files refer to and that were not taken yet."""
        wanted = set()
        for file in files:
            for path in self._references(file, self._target / file):
                known = path in self._written or any(
                    path == asked or not asked or path.startswith(f"{asked}/") for asked in self._asked
                )
                if not known:
                    wanted.add(path)
        return wanted


def _demand_inside(path: str, repository: str) -> None:
    parts = path.split("/")
    if not path or path.startswith("/") or {"", ".", "..", ".git"} & set(parts):
        raise CheckoutFailed(f"{path[:80]!r} is not a path inside the repository {repository}")
