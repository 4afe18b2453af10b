"""Where a cluster is not as the release that runs there has it: asked now, and nothing in it is changed."""

from collections.abc import Callable, Sequence

from pushboat.config.operator import Limits, Operator
from pushboat.model import wording
from pushboat.model.deployment import Lane, short
from pushboat.model.drift import Drift, same_by
from pushboat.model.inspection import Seen
from pushboat.model.question import Said, Told
from pushboat.reading.drifted import object_form
from pushboat.store import inspections
from pushboat.store.database.engine import Store
from workers.cluster.planning.words import Plan
from workers.questions.comparing import Comparing, NothingToCompare, comparing

Beside = Callable[[Comparing, Sequence[Drift], Plan], None]


def drift_of(
    operator: Operator, store: Store, lane: Lane, limits: Limits, beside: Beside | None = None
) -> tuple[Comparing, Sequence[Drift]]:
    """Compare an environment with its release; `beside` is done while both are open.

    Raises:
        NothingToCompare: there is no release, or something is being deployed.
        ClusterUnavailable: the cluster does not answer.
    """
    before = inspections.looked_at(store, lane)
    with comparing(operator, store, lane, limits, before) as seen:
        found, plan = seen.found()
        if beside:
            beside(seen, found, plan)
    _refuse_overlapped(before, inspections.looked_at(store, lane))
    _pass_on(store, lane, found)
    return seen, found


def told_of(seen: Comparing, found: Sequence[Drift]) -> Told:
    """Say what differs, as terminals do."""
    form = {
        "release": seen.release.number,
        "sha": seen.release.sha,
        "drift": [object_form(each) for each in found],
        "why": seen.unknown,
    }
    code = 1 if found else 3 if seen.unknown else 0
    return Told(code=code, form=form, lines=tuple(_lines(found)), said=tuple(_said(seen, found)))


def _lines(found: Sequence[Drift]) -> list[str]:
    lines = []
    for each in found:
        lines.append(str(each) if len(each.fields) < 2 else f"{each.ref}:")
        lines += [f"  {field}" for field in each.fields] if len(each.fields) > 1 else []
    return lines


def _said(seen: Comparing, found: Sequence[Drift]) -> list[Said]:
    said: list[Said] = []
    which = f"release {seen.release.number} ({short(seen.release.sha)})"
    if found:
        said.append(("✗", f"{wording.counted(len(found), 'object')} not as in {which}"))
        said.append(("", "a deployment puts that back; `--to-git` writes it into the files that it came from"))
    elif not seen.unknown:
        said.append(("✔", f"everything is as in {which}"))
    if seen.unknown:
        said.append(("?", seen.unknown))
    return said


def _refuse_overlapped(before: Seen, after: Seen) -> None:
    """Refuse to say what a look saw of two releases at once."""
    if after.running is not None or after.fence != before.fence:
        raise NothingToCompare(
            "a deployment began meanwhile, so what was seen is neither the one nor the other: ask again"
        )


def _pass_on(store: Store, lane: Lane, found: Sequence[Drift]) -> None:
    """Let the timer come round at once where it knows something else; the commit's status is its to change."""
    known = next((each for each in inspections.listed(store, lane.repository) if each.lane == lane), None)
    if known and same_by(known.found) != same_by(found):
        inspections.wake(store, lane)
    else:  # one that goes on may have read what is over by now
        inspections.look_once_more(store, lane)
