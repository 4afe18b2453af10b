"""Drift: where a cluster is not as the release that runs there has it, and who made it so, as far as that is kept."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pushboat.model.changeset import Steps
from pushboat.model.manifest import Ref
from pushboat.model.wording import printable

LONGEST_VALUE = 80
LONGEST_SENTENCE = 400


class Sort(StrEnum):
    """What became of an object: somebody changed it, deleted it, or made one of ours that the release does not have."""

    CHANGED = "changed"
    DELETED = "deleted"
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDrift:
    """One field: its value in the release and in the cluster as JSON text (None: not there), and who wrote it when.

    A Secret's values are tokens. `by` and `at` are empty where the API server keeps no name, as for what was removed.
    `steps` are the path, where it was found just now; they are not stored.
    """

    path: str
    release: str | None
    cluster: str | None
    by: str = ""
    at: str = ""
    steps: Steps = field(default=(), compare=False, repr=False)

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
        return self._said_of(str(self.ref))

    @property
    def brief(self) -> str:
        """Say it where the environment, and so the namespace, is known."""
        return self._said_of(f"{self.ref.kind} {self.ref.name}")

    @property
    def lines(self) -> tuple[str, ...]:
        """Say all of it, a line for each field."""
        return tuple(f"{self.ref}: {field}" for field in self.fields) or (str(self),)

    def _said_of(self, name: str) -> str:
        if self.sort is Sort.DELETED:
            return f"{name} was deleted"
        if self.sort is Sort.ADDED:
            return f"{name} is not in this release"
        more = f" (and {len(self.fields) - 1} more)" if len(self.fields) > 1 else ""
        return f"{name}: {self.fields[0]}{more}" if self.fields else f"{name} was changed"


def sentence(found: Sequence[Drift], count: int = 0) -> str:
    """Say all of it in one sentence that stands alone: how many objects, and the first of them."""
    objects = max(count, len(found))
    return f"drift{f' in {objects} objects' if objects > 1 else ''}: {printable(found[0].brief, LONGEST_SENTENCE)}"


def same_by(found: Iterable[Drift]) -> str:
    """Name drift by the fields and objects that it is in, whatever their values: so it is known when it comes back."""
    items = sorted(
        [*(str(part) for part in (each.ref.group, each.ref, each.sort)), *sorted(field.path for field in each.fields)]
        for each in found
    )
    return hashlib.sha256(json.dumps(items).encode()).hexdigest()[:20]


def _shown(value: str | None) -> str:
    return "nothing" if value is None else printable(value, LONGEST_VALUE)
