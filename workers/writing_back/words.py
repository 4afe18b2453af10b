"""The nouns of writing back: a field as it is live, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pushboat.model.changeset import Steps
from pushboat.model.manifest import Ref

GONE: Any = object()
"""The value of a field that is not there."""
Files = Mapping[str, bytes]
"""Files that change, by their path in the repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveField:
    """A field that is not as the release has it: its live value as JSON data, or GONE.

    `path` is how people read its steps. `behind` are the items that an item stands behind, the nearest one first: the
    order of containers or variables means something, and another one would restart pods.
    """

    ref: Ref
    path: str
    steps: Steps
    value: Any
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A field that was written, in which file; `also` are the environments that read that file too.

    `reordered`: an item that comes in another place of its list than it has live, which restarts pods.
    """

    field: LiveField
    file: str
    also: tuple[str, ...] = ()
    reordered: bool = False


@dataclass(frozen=True, slots=True)
class NotWritten:
    """A field, or a whole object where the path is empty, that was not written, and why, with what to do."""

    ref: Ref
    path: str
    why: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.ref}{f' {self.path}' if self.path else ''} is not written: {self.why}"
