"""What was seen of a push: statuses, the deployments behind them, and objects, then and now. Frozen data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]

LETTERS_SHOWN = 400
"""Of a text that was seen; what was expected of a longer one is to be read in its beginning."""


def shown(text: str) -> str:
    """Quote a text, at most its beginning."""
    return repr(text if len(text) <= LETTERS_SHOWN else f"{text[:LETTERS_SHOWN]}…")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The newest status of a context, and what its deployment says for itself."""

    state: str
    description: str
    reason: str = ""
    ended: bool = True
    counts: Mapping[str, int] | None = None

    def __str__(self) -> str:
        more = f" (its deployment: {shown(self.reason)})" if self.reason and self.reason != self.description else ""
        return f"{self.state}{'' if self.ended else ', not the end'}: {shown(self.description)}{more}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An object as it was at one moment, by the cluster's own clock; None once it had gone."""

    revision: int
    name: str
    found: Json | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The objects of one name as they were before a push, and each of their moments since."""

    before: Mapping[str, Json]
    since: tuple[Moment, ...] = ()

    def pictures(self) -> Iterator[Mapping[str, Json]]:
        """Give all objects at each moment, from the one before the push on."""
        picture = dict(self.before)
        yield dict(picture)
        for moment in self.since:
            picture.pop(moment.name, None)
            if moment.found is not None:
                picture[moment.name] = moment.found
            yield dict(picture)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that a promise can be judged by."""

    said: Mapping[str, Said] = field(default_factory=dict)
    elapsed: float = 0.0
    objects: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    history: Mapping[str, History] = field(default_factory=dict)
    of: Mapping[str, "Seen"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Broken:
    """A key of a promise that does not hold."""

    key: str
    expected: str
    seen: str

    def __str__(self) -> str:
        return f"{self.key}: expected {self.expected}; seen {self.seen}"
