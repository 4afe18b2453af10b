"""Drift: where a cluster is not as the release that runs there has it, and who made it so, as far as that is kept."""

from dataclasses import dataclass
from enum import StrEnum

from pushboat.model.manifest import Ref
from pushboat.model.wording import printable

LONGEST_VALUE = 80


class Sort(StrEnum):
    """What became of an object: somebody changed it, deleted it, or made one of ours that the release does not have."""

    CHANGED = "changed"
    DELETED = "deleted"
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDrift:
    """One field: its value in the release and in the cluster as JSON text (None: not there), and who wrote it when.

    A Secret's values are tokens. `by` and `at` are empty where the API server keeps no name, as for what was removed.
    """

    path: str
    release: str | None
    cluster: str | None
    by: str = ""
    at: str = ""

    def __str__(self) -> str:
        """Say it in one line."""
        who = f", by {printable(self.by)}" if self.by else ""
        when = f" at {self.at}" if self.at else ""
        return f"{self.path} is {_shown(self.cluster)} instead of {_shown(self.release)}{who}{when}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What is not as it should be with one object."""

    ref: Ref
    sort: Sort
    fields: tuple[FieldDrift, ...] = ()

    def __str__(self) -> str:
        """Say it in one line."""
        if self.sort is Sort.DELETED:
            return f"{self.ref} was deleted"
        if self.sort is Sort.ADDED:
            return f"{self.ref} is not in this release"
        more = f" (and {len(self.fields) - 1} more)" if len(self.fields) > 1 else ""
        return f"{self.ref}: {self.fields[0]}{more}" if self.fields else f"{self.ref} was changed"


def _shown(value: str | None) -> str:
    return "nothing" if value is None else printable(value, LONGEST_VALUE)
