"""Everything below a place of a commit, as it is read: symbolic links are followed as if files stood there.

A linked file or folder appears under the link's own path, as often as links lead to it. So a few links can stand for
any number of files: how many are followed, looked at and taken is bounded for all places together.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePosixPath
from typing import Protocol

from pushboat.errors import CheckoutFailed
from workers.source.git import screening
from workers.source.git.commit_tree import CommitTree
from workers.source.git.entry import Entry
from workers.source.links import Astray, Led, Links

MOST_FOLLOWED = 1_000
MOST_SEEN = 100_000
MOST_FILES = 5_000


class Word(Enum):
    """What is done with a file or folder: taken, left out because somebody said so, or never looked at."""

    TAKE = "take"
    LEAVE_OUT = "leave out"
    IGNORE = "ignore"


class Choice(Protocol):
    """Which files of a folder are read; paths are relative to it."""

    def of(self, path: str, *, folder: bool) -> Word:
        """Say what is done with a file, or with a folder and all that lies in it."""


@dataclass(slots=True, kw_only=True)
class Found:
    """What lies at a place and below. `files` are under the paths that they are read by.

    `places` has where each file that a link led to stands itself, `folders` the same for folders, `roots` what was
    looked at for that: the object of each link, and of what it leads to. `left_out` are links that we do not follow
    where nobody may look for them, with the sentence why; `chosen_out` are files and folders that somebody's choice
    leaves out.
    """

    files: dict[str, Entry] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    roots: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    submodules: set[str] = field(default_factory=set)
    chosen_out: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Here:
    """A folder on the way: by which path, where it is itself, and the links that led here, by their own places."""

    shown: str
    real: str
    links: tuple[str, ...] = ()


class Walk:
    """One walk under way, over however many places."""

    def __init__(self, tree: CommitTree) -> None:
        self.found = Found()
        self.links = Links(tree.at, tree.names, tree.said_by)
        self._tree = tree
        self._followed = self._seen = 0

    def folder(self, shown: str, real: str, choice: Choice | None = None) -> None:
        """Take a folder that stands at `real` and is read as `shown`.

        Raises:
            CheckoutFailed: a name that we do not accept, a link that leads astray, or too much of anything.
        """
        todo = [_Here(shown, real)]
        while todo:
            here = todo.pop()
            for entry in self._tree.below(here.real):
                self._seen += 1
                if self._seen > MOST_SEEN:
                    raise CheckoutFailed(f"{shown or '.'} holds too many files: deploy a smaller folder")
                name = entry.path.rpartition("/")[2]
                path = f"{here.shown}/{name}" if here.shown else name
                relative = path[len(shown) + 1 :] if shown else path
                todo += self._take(path, entry, here, _Asked(choice, relative))

    def file(self, shown: str, entry: Entry) -> None:
        """Take one file, which is read as `shown`."""
        screening.demand_plain_name(shown)
        self.found.files.setdefault(shown, Entry(entry.mode, entry.oid, shown))
        if shown != entry.path:
            self.found.places[shown] = entry.path
        if len(self.found.files) > MOST_FILES:
            raise CheckoutFailed(f"{_top(shown)} holds more than {MOST_FILES:,} files: deploy a smaller folder")

    def note(self, place: str, entry: Entry | None, links: tuple[str, ...]) -> None:
        """Keep what a path has led over and to."""
        for link in links:
            stands = self._tree.at(link)
            self.found.roots[link] = stands.named if stands else ""
        if place:
            self.found.roots[place] = entry.named if entry else ""

    def _take(self, path: str, entry: Entry, here: _Here, asked: "_Asked") -> Iterator[_Here]:
        """Take one entry of a folder; give the folder that has to be walked for it."""
        if entry.is_link:
            yield from self._follow(path, entry, here, asked)
            return
        word = asked.about(folder=entry.is_folder or entry.is_submodule)
        if word is Word.LEAVE_OUT:
            self.found.chosen_out.add(f"{path}/" if entry.is_folder else path)
        if word is not Word.TAKE:
            return
        screening.demand_plain_name(path)
        if entry.is_folder:
            yield _Here(path, entry.path, here.links)
        elif entry.is_submodule:
            self.found.submodules.add(path)
        else:
            self.file(path, entry)

    def _follow(self, path: str, link: Entry, here: _Here, asked: "_Asked") -> Iterator[_Here]:
        words = {asked.about(folder=False), asked.about(folder=True)}
        if Word.TAKE not in words:  # whatever it leads to is not read
            self.found.chosen_out |= {path} if Word.LEAVE_OUT in words else set()
            return
        screening.demand_plain_name(path)
        self._followed += 1
        if self._followed > MOST_FOLLOWED:
            raise CheckoutFailed(f"{_top(path)} leads over more than {MOST_FOLLOWED:,} symbolic links: commit files")
        try:
            led = self.links.lead(link.path)
            if led.entry is None or led.entry.is_folder:
                self._demand_no_circle(link, led, here)
        except Astray as astray:
            if screening.may_hold_manifests(path):
                raise
            self.note(astray.led.path, astray.led.entry, astray.led.links)  # another commit may lead it somewhere
            self.found.left_out[path] = astray.summary
            return
        self.note(led.path, led.entry, led.links)
        if led.entry is None or led.entry.is_folder:
            if asked.about(folder=True) is Word.TAKE:
                self.found.folders[path] = led.path
                yield _Here(path, led.path, (*here.links, link.path))
        elif asked.about(folder=False) is Word.TAKE:
            self.file(path, led.entry)

    def _demand_no_circle(self, link: Entry, led: Led, here: _Here) -> None:
        """Refuse a folder in which a link lies that led to it: it would be in itself without an end."""
        real = led.path
        if any(not real or each.startswith(f"{real}/") for each in (*here.links, link.path)):
            passed = [each for place in led.links if (each := self._tree.at(place))]
            raise self.links.astray(link, f"in a circle: {real or 'the whole repository'} holds what led there", passed)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a choice says of one path; without a choice everything is taken."""

    choice: Choice | None
    path: str

    def about(self, *, folder: bool) -> Word:
        return self.choice.of(self.path, folder=folder) if self.choice else Word.TAKE


def _top(path: str) -> str:
    return PurePosixPath(path).parts[0] if path else "."
