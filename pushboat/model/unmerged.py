"""An environment that runs a pull request's commit before its merge into what it follows: which one, since when."""

from dataclasses import dataclass

from pushboat.model.deployment import Deployment, short
from pushboat.model.proposal import named
from pushboat.model.refs import HEADS, TAGS, short_name
from pushboat.model.times import clock
from pushboat.model.wording import printable


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerged:
    """What runs is not in what the environment follows; `since` is in seconds, by the store's clock.

    `into` is the branch that the pull request was merged into, where that is another one than `follows`.
    """

    pull_request: int
    sha: str
    since: float
    into: str = ""
    follows: str = ""

    @property
    def sentence(self) -> str:
        """Say it."""
        of, since = f"{short(self.sha)} of {named(self.pull_request)}", clock(self.since)
        if self.into:
            return f"runs {of}, merged into {printable(self.into, 80)} and not into {self.followed}, since {since}"
        return f"runs an unmerged commit, {of}, since {since}"

    @property
    def way_on(self) -> str:
        """Say what has to be done before it counts as merged."""
        if self.into and self.follows.startswith(TAGS):
            return f"Push {self.followed} that has it first."
        return f"Bring it into {self.followed} first." if self.into else "Merge it first."

    @property
    def followed(self) -> str:
        """Name what the environment follows."""
        name = printable(short_name(self.follows), 80)
        return f"a tag like {name}" if self.follows.startswith(TAGS) else name


def unmerged(runs: Deployment | None, merged_into: str | None) -> Unmerged | None:
    """Say whether what runs was a pull request's and is not merged since into what its environment follows.

    `merged_into` is the branch that it was merged into: None where it is not merged, empty where nobody told which.
    None also where nothing runs.
    """
    if runs is None or not runs.pull_request:
        return None
    known = bool(merged_into and runs.follows)
    if merged_into is not None and (not known or runs.follows == f"{HEADS}{merged_into}"):
        return None
    return Unmerged(
        pull_request=runs.pull_request,
        sha=runs.sha,
        since=runs.finished_at or runs.created_at,
        into=merged_into or "",
        follows=runs.follows,
    )
