"""What a case is made of: its steps, and what must hold after each. Frozen data, and nothing that acts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Paths = Mapping[str, Any] | None
"""Path to value within an object; None for an object that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A `then`; durations are seconds."""

    context: str = "pushboat/staging"
    status: str = ""
    statuses: Mapping[str, str] = field(default_factory=dict)
    of: Mapping[str, "Promise"] = field(default_factory=dict)
    says: tuple[tuple[str, ...], ...] = ()
    says_not: tuple[str, ...] = ()
    quotes: str = ""
    longest: int | None = None
    objects: Mapping[str, int] = field(default_factory=dict)
    within: float | None = None
    cluster: Mapping[str, Paths] = field(default_factory=dict)
    same: tuple[str, ...] = ()
    always: Mapping[str, Paths] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    settle: float = 0.0
    either: tuple["Promise", ...] = ()

    def whole(self) -> Iterator["Promise"]:
        """Give this promise and those that it offers as alternatives."""
        yield self
        for one in self.either:
            yield from one.whole()

    @property
    def contexts(self) -> frozenset[str]:
        """Name the statuses that it is about: those of `statuses`, and that of `context` where it is meant too."""
        own = frozenset(self.statuses)
        if self.status or self.objects or not self.statuses:
            own |= {self.context}
        return own.union(*(one.contexts for one in self.either))

    @property
    def present(self) -> frozenset[str]:
        """Name the objects whose state at the end it is about."""
        return frozenset(name for one in self.whole() for name in (*one.cluster, *one.same, *one.always))

    @property
    def past(self) -> frozenset[str]:
        """Name the objects of which it matters what they were before, or went through."""
        return frozenset(name for one in self.whole() for name in (*one.same, *one.always, *one.order))


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """A command that runs while a push is being deployed."""

    command: str
    after: float = 0.0
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A folder becomes the work tree and is pushed."""

    folder: str
    to: str = "main"
    fill: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    meanwhile: Meanwhile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """One push brings several tags, each with a folder of its own."""

    folders: Mapping[str, str]
    delivered: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A branch begins."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A folder is proposed; without one it is the branch of the proposal before."""

    folder: str | None
    base: str = "main"
    branch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A pull request is merged."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A pull request enters the merge queue."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """The operator's file changes: a repository's name, keys of environments, or an environment that goes (None)."""

    environments: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    rename: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kubectl:
    """An administrator runs commands."""

    commands: tuple[str, ...]
    after: float = 0.0
    settle: float = 0.0


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing happens: the promise is about the last push."""


Act = Push | Tags | Branch | PullRequest | Merge | Queue | Operator | Kubectl | Nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happens, and what must hold before the next step begins."""

    place: str
    act: Act
    then: Promise | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One promise, with the repository that shows it."""

    folder: Path
    about: str
    forge: str
    repository: str
    forge_says: str
    environments: Mapping[str, Mapping[str, Any]]
    steps: tuple[Step, ...]

    @property
    def name(self) -> str:
        """Give the folder's name, which is the namespace's too."""
        return self.folder.name

    @property
    def changes_the_operators_file(self) -> bool:
        """Say whether it needs a Pushboat of its own."""
        return any(isinstance(step.act, Operator) for step in self.steps)

    @property
    def past(self) -> frozenset[str]:
        """Name the objects to be looked at before each push."""
        return frozenset().union(*(step.then.past for step in self.steps if step.then))
