"""All that a render reads of a commit, found in git's trees: the places it begins at, and what their files refer to.

Nothing is written here. A kustomization may build on folders beside its own (`../../base`): those are followed, inside
the repository, until nothing new is asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pushboat.errors import CheckoutFailed
from workers.running.spawning import TooMuchOutput
from workers.source.git import screening, trees
from workers.source.git.command import Repository
from workers.source.git.entry import Entry

MOST_FILES = 5_000
MOST_REFERENCES = 200
"""Outside of the folder itself; git is asked for each, and a file of some bytes may name a hundred thousand."""
MOST_BYTES_THAT_REFER = 8 << 20
"""Of all files together that name others; the largest that people keep are some ten thousand bytes."""
_MOST_ROUNDS = 20
"""Each round follows the references of the last one; twenty bases on top of each other is a mistake or an attack."""


class References(Protocol):
    """What renderers know of files that name others."""

    def reads(self, path: str) -> bool:
        """Say whether a file of this path may name others."""

    def of(self, path: str, content: bytes) -> list[str]:
        """List the paths in the repository that it names; a file that cannot be read names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """What was found. Two commits whose `roots` are equal hold the same closure, to the last byte.

    `roots` has every path that was asked for, with the object there by its name (Entry.named), "" for nothing. `links`
    and `submodules` name what is left out, for the error of a renderer that looks for it.
    """

    roots: Mapping[str, str]
    files: tuple[Entry, ...]
    links: tuple[str, ...]
    submodules: tuple[str, ...]


def gather(
    cached: Repository, sha: str, places: Sequence[str], references: References, *, contents: bool = False
) -> Closure:
    """Follow what is read from these places, the first of which must be a folder; "" is the whole repository.

    With `contents`, a cache without them is given those of every file, in few requests; else of files that refer.

    Raises:
        CheckoutFailed: the folder is missing, a link or a submodule, holds a link or a name that we do not accept, or
            leads to too much.
    """
    return _Gathering(cached, sha, references, contents=contents).all(places)


class _Gathering:
    """One walk under way: what was asked for already, so that limits hold for all rounds together."""

    def __init__(self, cached: Repository, sha: str, references: References, *, contents: bool) -> None:
        self._cached, self._sha, self._references, self._contents = cached, sha, references, contents
        self._files: dict[str, Entry] = {}
        self._roots: dict[str, str] = {}
        self._links: set[str] = set()
        self._submodules: set[str] = set()

    def all(self, places: Sequence[str]) -> Closure:
        """Take the places, then what they refer to, then what that refers to."""
        shown = places[0] or "."
        fresh = self._take(places[0], screening.demand_folder(self._cached, self._sha, places[0]))
        for path in places[1:]:
            fresh += self._take(path, trees.entries(self._cached, self._sha, path, deep=True))
        for _ in range(_MOST_ROUNDS):
            outside = sorted(self._outside(fresh))
            if not outside:
                break
            if len(self._roots) + len(outside) > MOST_REFERENCES:
                raise CheckoutFailed(f"{shown}: its kustomizations refer to more than {MOST_REFERENCES} places")
            fresh = []
            for path in outside:
                fresh += self._take(path, trees.entries(self._cached, self._sha, path, deep=True))
        else:
            raise CheckoutFailed(f"{shown}: its kustomizations lead through more than {_MOST_ROUNDS} folders")
        return Closure(
            roots=dict(sorted(self._roots.items())),
            files=tuple(self._files[path] for path in sorted(self._files)),
            links=tuple(sorted(self._links)),
            submodules=tuple(sorted(self._submodules)),
        )

    def _take(self, path: str, found: list[Entry]) -> list[Entry]:
        """Judge what stands at a path; give the files that were not known before."""
        self._roots[path] = self._object_at(path, found)
        screened = screening.screen(self._cached, self._sha, found)
        self._links.update(screened.links)
        self._submodules.update(screened.submodules)
        fresh = [entry for entry in screened.files if entry.path not in self._files]
        if len(self._files) + len(fresh) > MOST_FILES:
            raise CheckoutFailed(f"{path or '.'} holds more than {MOST_FILES:,} files: deploy a smaller folder")
        if any(entry.is_folder and entry.path == path for entry in found) or not path:
            wanted = fresh if self._contents else [entry for entry in fresh if self._references.reads(entry.path)]
            trees.fetch_missing(self._cached, self._sha, path, wanted)
        self._files.update((entry.path, entry) for entry in fresh)
        return fresh

    def _object_at(self, path: str, found: list[Entry]) -> str:
        if not path:
            return trees.name_of(self._cached, self._sha)
        return next((entry.named for entry in found if entry.path == path), "")

    def _outside(self, files: Iterable[Entry]) -> set[str]:
        """Name the paths that these files refer to and that were not taken yet."""
        reading = [entry for entry in files if self._references.reads(entry.path)]
        if not reading:
            return set()
        try:
            contents = trees.contents(self._cached, self._sha, reading, MOST_BYTES_THAT_REFER)
        except TooMuchOutput as error:
            raise CheckoutFailed(
                f"{reading[0].path}: such files are larger than {MOST_BYTES_THAT_REFER >> 20} MiB together: split them"
            ) from error
        named = {
            path
            for entry, content in zip(reading, contents, strict=True)
            for path in self._references.of(entry.path, content)
        }
        return {path for path in named if path not in self._files and not self._covered(path)}

    def _covered(self, path: str) -> bool:
        return any(path == root or not root or path.startswith(f"{root}/") for root in self._roots)
