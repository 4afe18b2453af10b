"""Globs over the files of a folder, as `.gitignore` has them: `include` and `exclude` of a plain folder.

Both the globs and the names are a stranger's. So a glob is walked name by name beside the path, and of the standard
library's patterns, which never go back, only within one name; what turns a whole glob into one regular expression takes
years for `**/a/**/a/…` (ADR 0045). Signs that are read in several ways elsewhere are refused instead of guessed at.
"""

import fnmatch
import re
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator

MOST_GLOBS, LONGEST_GLOB, MOST_NAMES = 30, 200, 20
"""Of one list; characters of a glob, and names between its slashes: a path is looked at by each of them."""
MOST_FOLDERS = 1_000
"""That are remembered at once: an exemption's globs live as long as this process, and folders are a stranger's."""
_ANY = "**"
_BRACKETS = re.compile(r"\[!?[^\]!^/][^\]/]*\]")
_CLASS = re.compile(r"\[[:.=]")


def glob(written: str) -> str:
    """Accept a glob, relative to the folder that it is about."""
    if not written.strip() or not written.isprintable() or written != written.strip() or "\\" in written:
        raise ValueError("must be globs over the folder's files: printable, with '/' between names, such as **/*.yaml")
    if written.startswith(("!", "#")):
        raise ValueError(f"takes no '{written[0]}': what is taken stands in include, what is left out in exclude")
    bare = _BRACKETS.sub("", written)
    if set("{}") & set(bare):
        raise ValueError("takes no braces: write a glob for each of them")
    if "[" in bare or _CLASS.search(written):
        raise ValueError("takes '[' for one of some characters only: [abc], [a-z] or [!a-z]")
    names = written.strip("/").split("/")
    if {"", ".", ".."} & set(names):
        raise ValueError("must stay inside the folder, written plainly: no '..', './' or '//'")
    if len(written) > LONGEST_GLOB or len(names) > MOST_NAMES:
        raise ValueError(f"takes globs of at most {LONGEST_GLOB} characters and {MOST_NAMES} names")
    return written


Glob = Annotated[str, AfterValidator(glob)]


class Globs:
    """Some globs, asked about path after path: a folder that many paths share is looked at once."""

    def __init__(self, written: Sequence[str]) -> None:
        self._globs = tuple(_Glob(each) for each in written)
        self._folders: dict[str, tuple[frozenset[int], ...] | None] = {}

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self._globs)

    def match(self, path: str, *, folder: bool = False) -> bool:
        """Say whether one of them takes a file or folder, or a folder that it lies in."""
        if folder:
            return self._in(path) is None
        parent, _, name = path.rpartition("/")
        reached = self._in(parent)
        return reached is None or any(
            one.done(one.after(at, name), folder=False) for one, at in zip(self._globs, reached, strict=True)
        )

    def _in(self, folder: str) -> tuple[frozenset[int], ...] | None:
        """Say how far each glob has come at a folder; None where one of them takes the folder, and all below it."""
        if not folder:
            return tuple(one.start for one in self._globs)
        with suppress(KeyError):
            return self._folders[folder]
        parent, _, name = folder.rpartition("/")
        before = self._in(parent)
        if before is not None:
            here = tuple(one.after(at, name) for one, at in zip(self._globs, before, strict=True))
            taken = any(one.done(at, folder=True) for one, at in zip(self._globs, here, strict=True))
            before = None if taken else here
        if len(self._folders) >= MOST_FOLDERS:
            self._folders.clear()
        self._folders[folder] = before
        return before


class _Glob:
    """One glob as a row of names; a place in it is how many of them stand behind."""

    def __init__(self, written: str) -> None:
        anchored = "/" in written.rstrip("/")
        names = written.strip("/").split("/")
        row = names if anchored else [_ANY, *names]
        if row[-1] == _ANY:  # takes what is inside of a folder: one name at least
            row = [*row, "*"]
        self._row = [name for place, name in enumerate(row) if name != _ANY or row[place - 1 : place] != [_ANY]]
        self._folders_only = written.endswith("/")
        self.start = self._with_skipped({0})

    def after(self, places: frozenset[int], name: str) -> frozenset[int]:
        """Go one name further from each place."""
        further = {
            place if self._row[place] == _ANY else place + 1
            for place in places
            if place < len(self._row) and (self._row[place] == _ANY or _fits(self._row[place], name))
        }
        return self._with_skipped(further)

    def done(self, places: frozenset[int], *, folder: bool) -> bool:
        """Say whether all of it stands behind."""
        return len(self._row) in places and (folder or not self._folders_only)

    def _with_skipped(self, places: set[int]) -> frozenset[int]:
        """Add what comes after `**`, which may stand for nothing."""
        return frozenset(places | {place + 1 for place in places if self._row[place : place + 1] == [_ANY]})


def _fits(pattern: str, name: str) -> bool:
    return pattern in ("*", name) or _compiled(pattern).match(name) is not None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern))
