"""What a plan would change, or what an apply did change, object by object: data that every surface shows alike."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from pushboat.model.deployment import Counts
from pushboat.model.manifest import Ref

Steps = tuple[str | int | tuple[str, str | int], ...]
"""The way to a field: keys, numbers of items, and items by what tells them apart (`("name", "app")`)."""


class Action(StrEnum):
    """What happens to one object.

    A recreated one is deleted and made anew, for a field that cannot change. A refused one is as it was, and so would
    the cluster refuse it in a deployment.
    """

    CREATED = "created"
    CONFIGURED = "configured"
    RECREATED = "recreated"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    REFUSED = "refused"


class Topic(StrEnum):
    """What a warning is about; the word that scripts go by."""

    API = "api"
    SCALED_TO_ZERO = "scaled-to-zero"
    SUSPENDED = "suspended"
    SELECTS_NOTHING = "selects-nothing"
    IMMUTABLE = "immutable"
    RESTARTS = "restarts"
    STALE_CONFIGURATION = "stale-configuration"
    DISRUPTION = "disruption"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWarning:
    """What somebody should know before it is done, in a sentence that stands alone."""

    topic: Topic
    sentence: str

    @property
    def alarming(self) -> bool:
        """Say whether it may be a mistake; that pods restart is what most changes are made for."""
        return self.topic is not Topic.RESTARTS


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field before and after, each as JSON text, and None where there is none; a Secret's values are tokens.

    `steps` are the path, where it was found just now; they are not stored.
    """

    path: str
    old: str | None = None
    new: str | None = None
    steps: Steps = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.path}: {_or_nothing(self.old)} → {_or_nothing(self.new)}"


@dataclass(frozen=True, slots=True)
class Left:
    """A field that is not as git has it and stays so, and who has it instead; nobody where that was not kept."""

    field: str
    whose: str = ""

    def __str__(self) -> str:
        """Name the field."""
        return self.field


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One object's action and all that is known of it.

    `why` says why it is recreated or refused. `diff` is text for people and `fields` the same for programs, both with
    secrets masked. `notes` are sentences such as whose a field was. `intent` is a digest of what is to be written, by
    which a later plan is compared with this one.
    """

    ref: Ref
    action: Action
    why: str = ""
    diff: str = ""
    fields: tuple[FieldChange, ...] = ()
    notes: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    warnings: tuple[PlanWarning, ...] = ()
    intent: str = ""


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """All changes of one deployment."""

    changes: tuple[Change, ...] = ()

    @property
    def counts(self) -> Counts:
        """Count the changes by action."""
        tally = dict.fromkeys(Action, 0)
        for change in self.changes:
            if change.action in tally:  # else a later version wrote it
                tally[change.action] += 1
        return Counts(**{action.value: number for action, number in tally.items()})

    @property
    def alarming(self) -> tuple[PlanWarning, ...]:
        """List the warnings that may be about mistakes."""
        return tuple(each for change in self.changes for each in change.warnings if each.alarming)


def as_they_are(made: Iterable[Change]) -> tuple[Change, ...]:
    """List what a deployment left there: its objects, and what it knew of those that it let stay."""
    return tuple(
        replace(each, action=Action.UNCHANGED, why="", diff="", fields=(), warnings=(), intent="")
        for each in made
        if each.action is not Action.DELETED
    )


def _or_nothing(value: str | None) -> str:
    return "nothing" if value is None else value
