"""What a plan would change, or what an apply did change, object by object."""

from dataclasses import dataclass
from enum import StrEnum

from pushboat.model.deployment import Counts
from pushboat.model.manifest import Ref


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One object's action; `notes` are sentences such as a field left to an autoscaler; `diff` is masked text.

    `left` names the fields that are not as git has them and stay so.
    """

    ref: Ref
    action: Action
    diff: str = ""
    notes: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """All changes of one deployment."""

    changes: tuple[Change, ...] = ()

    @property
    def counts(self) -> Counts:
        """Count the changes by action."""
        tally = dict.fromkeys(Action, 0)
        for change in self.changes:
            tally[change.action] += 1
        return Counts(**{action.value: number for action, number in tally.items()})
