"""What whoever watches a deployment is told: its new lines, what it waits for, and whether it has ended."""

from typing import Any

from pushboat.model import status
from pushboat.model.deployment import Deployment
from pushboat.model.json_forms import held_form, moment, progress_form
from pushboat.model.state import State
from pushboat.routing.holds import told
from pushboat.store import deployments, mending, observations, progress_lines
from pushboat.store.database.engine import Store


def progress_of(store: Store, number: int, after: int = 0) -> dict[str, Any] | None:
    """Tell what is new of a deployment since the line `after`; nothing where there is no such deployment."""
    row = deployments.find(store, number)
    return None if row is None else progress_since(store, row, after)


def progress_since(store: Store, row: Deployment, after: int = 0) -> dict[str, Any]:
    """Tell what is new of a deployment that was read a moment ago."""
    # After the row: where that says ended, these are all the lines there will ever be.
    lines = progress_lines.listed(store, row.id, after)
    return {
        "items": [progress_form(line) for line in lines],
        "state": str(row.state),
        "reason": row.reason or status.of(row).description,
        "waits": row.waits if row.state is State.QUEUED else "",  # its lines say what a running one waits for
        "held": row.held,
        "ends_by": row.ends_by,
        "holds": [held_form(each) for each in row.holds],
        "told": [told(each) for each in row.holds],  # a line each, for the terminal that pushed
        "ended": row.state.ended,
        "answered_by": [back.id] if row.aftermath and (back := mending.answered_by(store, row.id)) else [],
        "aftermath": row.aftermath,
        "followed_by": _followed_by(row),
        "observed_at": moment(observations.seen_at(store, row.id) or None),
    }


def _followed_by(row: Deployment) -> dict[str, Any] | None:
    """Name what took its place and contains it, so that its end is this one's too."""
    follows = row.state is State.SUPERSEDED and row.successor and row.successor_contains
    return {"id": row.successor, "sha": row.successor_sha} if follows else None
