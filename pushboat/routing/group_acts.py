"""What a decision does about merge groups that are deployed before they merge: they enter, and are decided about."""

from dataclasses import dataclass

from pushboat.model.merge_group import MergeGroup
from pushboat.model.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Enter:
    """Let a group wait for its turn in its environment."""

    group: MergeGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Forget a group that is decided about; `deployment` is its newest one (0: it waits), `state` that one's by then.

    `merged`: what its deployment brought is the base branch's from now on. Otherwise what has not ended is stopped.
    """

    group: MergeGroup
    merged: bool = False
    deployment: int = 0
    state: State | None = None
