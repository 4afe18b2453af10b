"""A pin: the tag or digest by which a folder's files name an image; and what moves from one folder to another."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A pin that goes to what the other folder has: `what` it belongs to, where it stands, the image before and after.

    `line` is 1-based.
    """

    what: str
    file: str
    line: int
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A pin that differs and is not moved, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What moving one folder's pins to another one comes to: files of `branch`, as they are to be on top of `tip`.

    `why` says why the two cannot be compared; then there is nothing else. `files` are whole, by their paths.
    """

    branch: str = ""
    tip: str = ""
    moved: tuple[Moved, ...] = ()
    left: tuple[Left, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRequest:
    """The pull request that moves pins: its branch, what it is merged into and changes there, and its words."""

    branch: str
    base: str
    tip: str
    files: Mapping[str, bytes] = field(repr=False)
    message: str
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A pull request as the forge knows it; `new` says that it was not there before."""

    number: int
    url: str
    new: bool
