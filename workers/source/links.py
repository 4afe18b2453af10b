"""Where a path of a commit leads over symbolic links: by git's trees alone, so that no disk ever follows one.

As an operating system has it, but for what leads out of the repository: a link counts from the folder that it lies in,
at the end of a path or in the middle of it, and a link may lead to a link. How many is bounded, as is what one may say.
"""

import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice

from pushboat.errors import CheckoutFailed
from workers.source.git.entry import Entry
from workers.source.git.screening import escape

MOST_ON_THE_WAY = 40
"""Links that one path may lead over; Linux has the same bound."""

OUTSIDE = "out of the repository"
HOW = "commit the file itself, or correct the link"

At = Callable[[str], Entry | None]
"""What stands at a path of the commit, which leads over no link."""
Names = Callable[[str], Iterable[str]]
"""The names in a folder, for a hint at a near miss."""
Said = Callable[[Entry], bytes]
"""What a link says."""


@dataclass(frozen=True, slots=True)
class Led:
    """Where a path leads: its own place in the commit, what stands there, and the links on the way, as places.

    Without `whole`, the path goes on behind that, where nothing can be.
    """

    path: str
    entry: Entry | None
    links: tuple[str, ...] = ()
    whole: bool = True


class Astray(CheckoutFailed):
    """A link that we do not follow; the sentence names it, and where it leads. `led` is how far it was followed."""

    def __init__(self, summary: str, led: Led) -> None:
        super().__init__(summary)
        self.led = led


class Links:
    """The links of one commit, each read once."""

    def __init__(self, at: At, names: Names, said: Said) -> None:
        self._at, self._names, self._said = at, names, said
        self._read: dict[str, str] = {}
        """What each link says, by its own place."""

    def lead(self, path: str) -> Led:
        """Go along a path, over whatever links there are; where no link leads to nothing, nothing is no error.

        A path that goes on behind a file or a submodule ends there.

        Raises:
            Astray: a link on the way, or at the end, that leads where we do not follow.
        """
        todo, here, entry = path.split("/")[::-1], "", None
        passed: list[Entry] = []
        while todo:
            name = todo.pop()
            if name == "..":
                here = self._above(here, passed)
                entry = self._at(here) if here else None
            elif name not in ("", "."):
                step = f"{here}/{name}" if here else name
                entry = self._at(step)
                if entry is not None and entry.is_link:
                    passed.append(entry)
                    todo += self._followed(passed)[::-1]
                    entry = self._at(here) if here else None
                    continue
                here = step
                if entry is None or not (entry.is_folder or (entry.is_file and not todo)):
                    self._demand_no_link(step, entry, passed)
                    return Led(here, entry, tuple(each.path for each in passed), whole=not todo)
        return Led(here, entry, tuple(each.path for each in passed))

    def _above(self, here: str, passed: list[Entry]) -> str:
        if here:
            return posixpath.dirname(here)
        raise self.astray(passed[-1], OUTSIDE, passed) if passed else CheckoutFailed("'..' is above the repository")

    def _followed(self, passed: list[Entry]) -> list[str]:
        """Give the names that the last of these links leads along, from the folder that it lies in."""
        link = passed[-1]
        said = self.said(link)
        if len(passed) > MOST_ON_THE_WAY:
            circle = len(set(passed)) < len(passed)
            raise self.astray(link, "in a circle" if circle else f"over more than {MOST_ON_THE_WAY} links", passed)
        if said.startswith("/"):
            raise self.astray(link, OUTSIDE, passed)
        if not said or not said.isprintable():
            raise self.astray(link, "to a name that no file can have" if said else "nowhere", passed)
        names = said.split("/")
        if any(name.casefold() == ".git" for name in names):
            raise self.astray(link, "into git's own folder", passed)
        return names

    def _demand_no_link(self, step: str, entry: Entry | None, passed: list[Entry]) -> None:
        """Let a path end where it cannot go on, but for a link's: whoever made it meant something to be there."""
        if not passed:
            return
        if entry is None:
            why = f"to nothing: {escape(step)} is not in this commit{self._near_miss(step)}"
        elif entry.is_submodule:
            why = f"into the submodule {escape(step)}, which Pushboat does not fetch"
        else:
            why = f"through {escape(step)}, which is a file"
        raise self.astray(passed[-1], why, passed, Led(step, entry))

    def _near_miss(self, step: str) -> str:
        folder, _, wanted = step.rpartition("/")
        near = (name for name in self._names(folder) if name.casefold() == wanted.casefold())
        return "".join(f" ({escape(name)} is: capital letters count)" for name in islice(near, 1))

    def said(self, link: Entry) -> str:
        """Give a link's own words."""
        if link.path not in self._read:
            self._read[link.path] = self._said(link).decode("utf-8", "surrogateescape")
        return self._read[link.path]

    def astray(self, link: Entry, whither: str, passed: Iterable[Entry] = (), end: Led | None = None) -> Astray:
        """Make the error of a link, with the links on the way to where it ended, if it came to an end."""
        return Astray(
            f"{escape(link.path)} is a symbolic link (to {escape(self.said(link))}) that leads {whither}: {HOW}",
            replace(end or Led("", None), links=tuple(dict.fromkeys(each.path for each in passed)), whole=False),
        )
