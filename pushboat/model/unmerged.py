"""An environment that runs a pull request's commit before its merge: which one, and since when."""

from dataclasses import dataclass

from pushboat.model.deployment import Deployment, short
from pushboat.model.proposal import named
from pushboat.model.times import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerged:
    """What runs is not in the branch that the environment follows; `since` is in seconds, by the store's clock."""

    pull_request: int
    sha: str
    since: float

    @property
    def sentence(self) -> str:
        """Say it."""
        return f"runs an unmerged commit, {short(self.sha)} of {named(self.pull_request)}, since {clock(self.since)}"


def unmerged(runs: Deployment | None, *, merged: bool) -> Unmerged | None:
    """Say whether what runs was a pull request's and is not `merged` since; None where it is not, or nothing runs."""
    if runs is None or not runs.pull_request or merged:
        return None
    return Unmerged(pull_request=runs.pull_request, sha=runs.sha, since=runs.finished_at or runs.created_at)
