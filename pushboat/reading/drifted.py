"""What is known of an environment's drift, for every surface alike: drifted, not, or not known, and never a guess.

What was found counts for the release that runs, and only as long as the timer comes round.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pushboat.model.deployment import Deployment
from pushboat.model.drift import Drift, sentence
from pushboat.model.inspection import Inspection
from pushboat.model.json_forms import moment
from pushboat.model.state import State
from pushboat.model.times import ago, clock
from pushboat.routing.drifting import broke_off, ends_with_a_deployment

LATE = 300.0
"""Seconds beyond three rounds of the timer after which what it found last says nothing of today."""


class Known(StrEnum):
    """What is known: it differs, it does not, nobody can say today, or the timer is off."""

    DRIFTED = "drifted"
    NONE = "none"
    UNKNOWN = "unknown"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifted:
    """What is known of one environment, and since when; `why` says why it is not known, or not all of it.

    `loud` says that people should read it where environments are listed: that a new release was not compared yet in its
    first minutes is no news.
    """

    known: Known
    inspection: Inspection | None = None
    why: str = ""
    loud: bool = False

    @property
    def found(self) -> tuple[Drift, ...]:
        """List the first of what had drifted when it was last compared."""
        return self.inspection.found if self.inspection and self.known in (Known.DRIFTED, Known.UNKNOWN) else ()

    @property
    def lines(self) -> tuple[str, ...]:
        """Say it field by field; nothing where the sentence says it all."""
        lines = tuple(line for each in self.found for line in each.lines)
        return lines if len(lines) > 1 else ()

    @property
    def sentence(self) -> str:
        """Say it in one sentence, where there is something to say."""
        words = []
        if self.inspection and self.found and self.inspection.since:
            words.append(f"{sentence(self.found, self.inspection.count)}, since {clock(self.inspection.since)}")
        if self.inspection and self.inspection.unhealed:
            words.append(self.inspection.unhealed)
        if self.why and self.loud:
            words.append(self.why)
        return "; ".join(words)


def drifted(
    inspection: Inspection | None, runs: Deployment | None, latest: Deployment | None, every: float, now: float
) -> Drifted:
    """Say what is known of an environment's drift."""
    if not every:
        return Drifted(known=Known.OFF, why="not compared by itself: drift.every is 0 in pushboat.yaml")
    if runs is None or inspection is None:
        return Drifted(known=Known.UNKNOWN, why="nothing was compared yet")
    heals = latest is not None and latest.heals
    changing = latest is not None and not heals and (latest.state is State.RUNNING or broke_off(latest))
    old = changing or inspection.deployment != runs.id
    if old:
        inspection = _without_findings(inspection)
        began = inspection.trouble_since or 0.0
        if ends_with_a_deployment(inspection.trouble) and (runs.finished_at or 0.0) > began:  # and here it is
            inspection = replace(inspection, trouble="", trouble_since=None)
    elif latest and heals and inspection.found:
        inspection = replace(inspection, unhealed=f"deployment {latest.id} puts it back")
    return _judged(inspection, now, every, old=old, fresh=_age(runs, now) < 2 * every)


def _judged(inspection: Inspection, now: float, every: float, *, old: bool, fresh: bool) -> Drifted:
    late = not old and now - inspection.compared_at > 3 * every + LATE
    if inspection.trouble:
        since = f", since {clock(inspection.trouble_since)}" if inspection.trouble_since else ""
        why, loud = f"drift is not known: {inspection.trouble}{since}", True
    elif late:
        why, loud = f"drift is not known: last compared {ago(inspection.compared_at, now)}; is the worker alive?", True
    elif old:
        why, loud = "what runs now was not compared yet", not fresh
    else:
        return Drifted(known=Known.DRIFTED if inspection.found else Known.NONE, inspection=inspection)
    known = Known.DRIFTED if inspection.found and not late else Known.UNKNOWN
    return Drifted(known=known, inspection=inspection, why=why, loud=loud)


def drift_form(drift: Drifted) -> dict[str, Any]:
    """Write it as JSON; `objects` are the first of `count`, and `why` stands where not everything is known."""
    one = drift.inspection
    return {
        "state": str(drift.known),
        "since": moment(one.since) if one else None,
        "compared_at": moment(one.compared_at) if one and one.compared_at else None,
        "release": (one.release or None) if one else None,
        "why": drift.why,
        "not_put_back": one.unhealed if one else "",
        "count": one.count if one else 0,
        "objects": [object_form(each) for each in drift.found],
    }


def object_form(each: Drift) -> dict[str, Any]:
    """Write the drift of one object; secrets are masked already."""
    return {
        "ref": str(each.ref),
        "drift": str(each.sort),
        "fields": [
            {"path": one.path, "release": one.release, "cluster": one.cluster, "by": one.by, "at": one.at}
            for one in each.fields
        ],
    }


def _without_findings(inspection: Inspection) -> Inspection:
    return Inspection(lane=inspection.lane, trouble=inspection.trouble, trouble_since=inspection.trouble_since)


def _age(runs: Deployment, now: float) -> float:
    return now - (runs.finished_at or runs.created_at)
