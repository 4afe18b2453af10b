"""How an environment stands: what runs there, what was tried last, what has not ended yet, and what holds it."""

from dataclasses import dataclass

from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold
from pushboat.model.unmerged import Unmerged


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One environment: `runs` got through last, `latest` was asked for last, `unfinished` waits or runs.

    `holds` let nothing new start there, also while nothing waits, in the order in which they will end; `drift` says
    what is not as it was brought, or that nobody knows. `destroyed`: what got through last was its removal. `halfway`
    has written something since the newest release and did not get through. `left_with` is the commit with which it left
    the repository's file, where it did. `unmerged` says whose commit runs before its merge, where one does.
    """

    environment: str
    runs: Deployment | None = None
    latest: Deployment | None = None
    unfinished: tuple[Deployment, ...] = ()
    holds: tuple[Hold, ...] = ()
    drift: str = ""
    destroyed: bool = False
    halfway: Deployment | None = None
    left_with: str = ""
    unmerged: Unmerged | None = None
