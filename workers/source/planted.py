"""A base of another repository as it stands in a checkout, and who plants it: words, for whoever fetches nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pushboat.errors import RenderFailed
from pushboat.model.outside import Outside
from workers.source.closure import References
from workers.source.outside.words import LOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A base's files stand below the folder that was named for them; `shown` is how people call its commit.

    `left_out` has files that are not there though the commit has them, each with a sentence for who looks for it.
    """

    shown: str
    left_out: Mapping[str, str] = field(default_factory=dict)


Plant = Callable[[Outside, str, Path, References], Planted]
"""Writes a folder of another repository, and what it refers to there, below a path of ours; or raises RenderFailed."""


def no_base(outside: Outside, _folder: str, _target: Path, _references: References) -> Planted:
    """Plant nothing: for whoever renders without a lock file."""
    raise RenderFailed(f"{outside} is outside of this repository: {LOCK}")
