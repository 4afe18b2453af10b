"""One deployment or plan with everything that belongs to it as JSON, for `pushboat show` here and from elsewhere."""

from typing import Any

from pushboat.model.deployment import Deployment
from pushboat.model.json_forms import change_form, explained_form, progress_form
from pushboat.reading import headlines
from pushboat.reading.single import Single
from pushboat.routing.holds import told


def whole_form(found: Single, public_url: str, *, with_logs: bool) -> dict[str, Any]:
    """Write it; what is said of it in words stands in `headline`, `told`, and `words`, where an empty one says nothing.

    `changes` begin with what changed, or is warned of.
    """
    row = found.deployment
    runs = found.runs if found.runs is not None and found.runs.id != row.id else None
    said = [told(each) for each in row.holds] or [found.reason]
    return {
        **explained_form(row, public_url, with_logs=with_logs, hooks=found.hooks, images=found.images),
        "changes": [change_form(each) for each in (*found.objects.changed, *found.objects.unchanged)],
        "progress": [progress_form(line) for line in found.lines],
        "headline": found.headline,
        "told": [line for line in (*said, headlines.who_acts(row), headlines.unheard(found.unheard)) if line],
        "words": {
            "asked_by": headlines.asked_by(row),
            "release": headlines.release_of(row),
            "drift": found.drift.sentence if found.drift else "",
            "again": headlines.try_again(row),
        },
        "followed_by": _named(found.successor),
        "runs_now": _named(runs),
    }


def _named(other: Deployment | None) -> dict[str, Any] | None:
    return {"id": other.id, "sha": other.sha} if other is not None else None
