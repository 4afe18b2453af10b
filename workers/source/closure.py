"""All that a render reads of a commit, found in git's trees: the places it begins at, and what their files refer to.

Nothing is written here. A kustomization may build on folders beside its own (`../../base`): those are followed, inside
the repository, until nothing new is asked for; symbolic links are followed by walking.py.
"""

import hashlib
import posixpath
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pushboat.errors import CheckoutFailed
from pushboat.model.deployment import short
from workers.running.spawning import TooMuchOutput
from workers.source.git import trees
from workers.source.git.command import Repository
from workers.source.git.commit_tree import CommitTree
from workers.source.git.entry import Entry
from workers.source.links import Led
from workers.source.walking import Choice, Walk

MOST_REFERENCES = 200
"""Outside of the folder itself; git is asked for each, and a file of some bytes may name a hundred thousand."""
MOST_BYTES_THAT_REFER = 8 << 20
"""Of all files together that name others; the largest that people keep are some ten thousand bytes."""
_MOST_ROUNDS = 20
"""Each round follows the references of the last one; twenty bases on top of each other is a mistake or an attack."""


class References(Protocol):
    """What renderers know of files that name others, and of what they read in a folder."""

    def reads(self, path: str) -> bool:
        """Say whether a file of this path may name others."""

    def of(self, path: str, content: bytes) -> list[str]:
        """List the paths in the repository that it names; a file that cannot be read names none."""

    def begins_at(self, path: str) -> str:
        """Give the folder that a file stands for, or the file itself."""

    def choice(self, names: Collection[str]) -> Choice | None:
        """Say what is read of a folder in which these names lie; None for everything. A chosen file names no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """What was found. Two commits whose `roots` are equal hold the same closure, to the last byte.

    `asked` are the paths that were asked for; `roots` has them and what was led over, with the object there by its name
    (Entry.named), "" for nothing. `begins` is the folder or the file that all begins at; `all_is_read` says that a
    renderer reads every file, and not only those that others name. `files` are under the paths that they are read by,
    and `linked` says where those that a symbolic link led to stand themselves. `left_out` has links that we do not
    follow, with a sentence for the error of who looks for them; `submodules` are named too, and `chosen_out` is what
    somebody's choice leaves out of a folder.
    """

    roots: Mapping[str, str]
    asked: Collection[str]
    begins: str
    all_is_read: bool
    files: tuple[Entry, ...]
    linked: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    submodules: tuple[str, ...] = ()
    chosen_out: tuple[str, ...] = ()

    @property
    def content(self) -> str:
        """Name all that a renderer gets: where it is equal, what is left out may have changed, and nothing else."""
        files = ((entry.mode, entry.oid, entry.path) for entry in self.files)
        told = (self.begins, *files, *self.linked.items(), *self.left_out, *self.submodules)
        return hashlib.sha256("\n".join(map(repr, told)).encode("utf-8", "surrogateescape")).hexdigest()


def gather(cached: Repository, sha: str, places: Sequence[str], references: References) -> Closure:
    """Follow what is read from these places, the first of which must be there; "" is the whole repository.

    Contents are read of files that refer, and of no other.

    Raises:
        CheckoutFailed: the first place is missing or a submodule, there is a name that we do not accept, a symbolic
            link that leads where we do not follow, or too much.
    """
    return _Gathering(cached, sha, references).all(places)


class _Gathering:
    """One gathering under way: what was asked for already, so that limits hold for all rounds together."""

    def __init__(self, cached: Repository, sha: str, references: References) -> None:
        self._cached, self._sha, self._references = cached, sha, references
        self._tree = CommitTree(cached, sha)
        self._walk = Walk(self._tree)
        self._asked: set[str] = set()
        self._seen: set[str] = set()

    def all(self, places: Sequence[str]) -> Closure:
        """Take the places, then what they refer to, then what that refers to."""
        begins, choice = self._begin(places[0])
        for path in places[1:]:
            self._take(path, path)
        fresh = [] if choice else self._fresh()
        for _ in range(_MOST_ROUNDS):
            outside = self._outside(fresh)
            if not outside:
                break
            if len(self._asked) + len(outside) > MOST_REFERENCES:
                raise CheckoutFailed(f"{begins or '.'}: its files refer to more than {MOST_REFERENCES} places")
            for path, stands_at in sorted(outside.items()):
                self._take(path, stands_at)
            fresh = self._fresh()
        else:
            raise CheckoutFailed(f"{begins or '.'}: its files lead through more than {_MOST_ROUNDS} folders")
        found = self._walk.found
        return Closure(
            roots=dict(sorted(found.roots.items())),
            asked=frozenset(self._asked),
            begins=begins,
            all_is_read=choice is not None,
            files=tuple(found.files[path] for path in sorted(found.files)),
            linked=dict(sorted(found.places.items())),
            left_out=dict(sorted(found.left_out.items())),
            submodules=tuple(sorted(found.submodules)),
            chosen_out=tuple(sorted(found.chosen_out)),
        )

    def _begin(self, place: str) -> tuple[str, Choice | None]:
        """Take the first place, and say which it is; a file may stand for the folder that it lies in."""
        led = self._lead(place)
        if led.entry is not None and led.entry.is_file and led.whole:
            folder = self._references.begins_at(place)
            if folder != place:
                return self._begin(folder)
            self._asked.add(place)
            self._walk.file(place, led.entry)
            return place, None
        if (led.path and led.entry is None) or (led.entry is not None and not led.entry.is_folder):
            raise self._no_place(place, led)
        self._asked.add(place)
        choice = self._references.choice(self._tree.names(led.path))
        self._walk.folder(place, led.path, choice)
        return place, choice

    def _take(self, path: str, stands_at: str) -> None:
        """Take what stands at one path of the commit as if it stood at another; mostly they are the same."""
        self._asked.add(path)
        led = self._lead(stands_at)
        if led.entry is not None and led.entry.is_submodule:
            self._walk.found.submodules.add(led.path)
        elif led.entry is not None and led.entry.is_file:
            if led.whole:
                self._walk.file(path, led.entry)
        elif led.entry is not None or not led.path:
            self._walk.folder(path, led.path)

    def _lead(self, place: str) -> Led:
        self._tree.below(place)  # all of it at once, where no link is on the way
        led = self._walk.links.lead(place)
        self._walk.note(led.path, led.entry, led.links)
        if not led.path:
            self._walk.found.roots[""] = trees.name_of(self._cached, self._sha)
        return led

    def _no_place(self, place: str, led: Led) -> CheckoutFailed:
        if led.entry is None:
            return CheckoutFailed(
                f"{place} is not in commit {short(self._sha)}: create it, or correct `path` in .pushboat.yaml"
            )
        if led.entry.is_submodule:
            return CheckoutFailed(
                f"{led.path} is a submodule, which Pushboat does not fetch: commit the manifests to this repository"
            )
        return CheckoutFailed(f"{led.path} is a file, and {place} is not in it: correct `path` in .pushboat.yaml")

    def _fresh(self) -> list[Entry]:
        """Give the files that have come up since the last time."""
        fresh = [entry for path, entry in self._walk.found.files.items() if path not in self._seen]
        self._seen.update(entry.path for entry in fresh)
        return fresh

    def _outside(self, files: Iterable[Entry]) -> dict[str, str]:
        """Name the paths that these files refer to and that were not taken yet, with where that stands."""
        reading = [entry for entry in files if self._references.reads(entry.path)]
        if not reading:
            return {}
        try:
            places = self._walk.found.places
            contents = trees.contents(self._cached, self._sha, reading, MOST_BYTES_THAT_REFER, places)
        except TooMuchOutput as error:
            raise CheckoutFailed(
                f"{reading[0].path}: such files are larger than {MOST_BYTES_THAT_REFER >> 20} MiB together: split them"
            ) from error
        named: dict[str, str] = {}
        for entry, content in zip(reading, contents, strict=True):
            named.update(self._named(entry.path, content))
        return named

    def _named(self, path: str, content: bytes) -> dict[str, str]:
        """Say what a file names; in a linked folder it names what lies beside its own place, as renderers have it."""
        wanted = self._references.of(path, content)
        link = self._linked_folder_of(path)
        if not link:
            return {each: each for each in wanted if each not in self._walk.found.files and not self._covered(each)}
        own = f"{self._walk.found.folders[link]}{path[len(link) :]}".removeprefix("/")
        pairs = zip(wanted, self._references.of(own, content), strict=False)
        outside = {shown: at for shown, at in pairs if not f"{shown}/".startswith(f"{link}/")}
        return {shown: at for shown, at in outside.items() if self._is_new(path, shown, at)}

    def _linked_folder_of(self, path: str) -> str:
        """Give the nearest folder over a link that a file lies in, as it is shown; empty where there is none."""
        while path := posixpath.dirname(path):
            if path in self._walk.found.folders:
                return path
        return ""

    def _is_new(self, path: str, shown: str, stands_at: str) -> bool:
        """Say whether what a linked folder's file names is to be taken; refuse it where something else stands."""
        here, there = self._lead(shown), self._lead(stands_at)
        if here.path and not here.entry:
            return shown not in self._asked
        if (here.path, here.whole) != (there.path, there.whole):
            raise CheckoutFailed(
                f"{path} is reached over a symbolic link and means {stands_at or 'the root'}, where {shown or '.'} "
                "stands too: name the folder itself instead of the link"
            )
        return shown not in self._walk.found.files and not self._covered(shown)

    def _covered(self, path: str) -> bool:
        return any(path == asked or not asked or path.startswith(f"{asked}/") for asked in self._asked)
