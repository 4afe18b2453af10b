"""An inspection: how the timer found an environment last, compared with the release that runs there."""

from dataclasses import dataclass

from pushboat.model.deployment import Deployment, Lane
from pushboat.model.drift import Drift
from pushboat.model.release import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the deployed commit shows of it: the sentence (empty: the deployment's own), since when, the how manieth."""

    sentence: str = ""
    at: float = 0.0
    letters: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Healed:
    """What was done about it: how often in a row, when last, by which deployment, and which drift that was for."""

    times: int = 0
    at: float = 0.0
    deployment: int = 0
    of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """How one environment was found. Times are seconds since the epoch, by the store's clock.

    `deployment` made the `release` that it was compared with (0: none yet), at `compared_at`, in the cluster `place`,
    which the operator may have left for `cluster` since. `found` is what had
    drifted, or the first of `count` objects, `since` when. `trouble` says why nobody knows today, `trouble_since` since
    when; what was found before that stands beside it. `unhealed` says why drift is not put back where it should be,
    `unwell` what was not healthy.
    """

    lane: Lane
    cluster: str = ""
    deployment: int = 0
    release: int = 0
    compared_at: float = 0.0
    place: str = ""
    found: tuple[Drift, ...] = ()
    count: int = 0
    since: float | None = None
    trouble: str = ""
    trouble_since: float | None = None
    unhealed: str = ""
    unwell: str = ""
    said: Said = Said()
    healed: Healed = Healed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A lane as it stood at one moment: `fence` tells whether a deployment began since, `running` which one runs.

    `release` is the newest one and `runs` the deployment that made it; `latest` was asked for last, and `halfway` has
    written something since and has not got through. Deployments that only put drift back do not count. `destroyed`:
    everything of it was removed since.
    """

    fence: int
    running: int | None
    release: Release | None
    runs: Deployment | None
    latest: Deployment | None
    halfway: Deployment | None = None
    destroyed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionClaim:
    """A worker's right to inspect one environment, with what was known of it and how its lane stood then."""

    fence: int
    known: Inspection
    seen: Seen

    @property
    def lane(self) -> Lane:
        """Name the environment."""
        return self.known.lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What came of looking: what drifted, what could not be compared, and what is not healthy (empty: nothing).

    `outdated`: the cluster serves something else by now than the charts were rendered for.
    """

    found: tuple[Drift, ...] = ()
    unknown: str = ""
    unwell: str = ""
    heals: bool = False
    outdated: bool = False
