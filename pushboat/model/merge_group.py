"""A merge group: a commit that a merge queue made of its base and of what waits before, and wants checked before it
merges. Where an environment's operator wants that, the check is its deployment there.
"""

from dataclasses import dataclass

from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold
from pushboat.model.release import Release

MERGE_GROUP = "merge_group"
"""The kind of hold by which an environment belongs to a group that is deployed there and not decided about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeGroup:
    """One group before one environment; `number` is that of its pull request, below zero, as of its proposal.

    `ref` is the branch that the queue made for it, `base` the short name of the branch that it would be merged into,
    `base_sha` the commit that it is built on. `begun` is its deployment there (0: it waits for its turn).
    """

    repository: str
    environment: str
    number: int
    sha: str
    ref: str
    base: str
    base_sha: str
    author: str = ""
    begun: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A group that is not decided about, as it stands when something is routed.

    `new`: nobody has noted it yet. `first`: its base is where the branch stands, and the forge still has its ref.
    `gone`: the forge has its ref no more; `merged`: its base holds it. `waits` says what is on its way there, where
    something is; `pins` hold the environment for somebody else; `behind` waits for nothing but this group.
    `deployment` is its newest one; `runs`: what it brought is what runs there; `answered`: a rollback answers its
    failure already; `halfway`: something was written there that did not get through. `back` is the release of before
    it, None where there was none.
    `holds` are its own, and what its pull request holds there.
    """

    group: MergeGroup
    new: bool = False
    first: bool = False
    gone: bool = False
    merged: bool = False
    waits: str = ""
    pins: tuple[Hold, ...] = ()
    behind: Deployment | None = None
    deployment: Deployment | None = None
    runs: bool = False
    answered: bool = False
    halfway: bool = False
    back: Release | None = None
    holds: tuple[Hold, ...] = ()
