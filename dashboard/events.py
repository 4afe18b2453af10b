"""A deployment's progress as it comes: `/api/v1/deployments/{id}/events`, for pages and whoever else watches."""

from flask import Blueprint, Request, Response, request

from dashboard import absences, queries
from dashboard.queries import NUMBER
from dashboard.taking_over import Watch, goes_on
from dashboard.watchers import first_event
from pushboat.config.operator import Operator
from pushboat.reading.told import progress_of
from pushboat.store.database.engine import Store
from webhook.failures import not_found

STREAM = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would keep what is said until there is more of it
}


def blueprint(operator: Operator, store: Store) -> Blueprint:
    """Open the streams."""
    door = Blueprint("events", __name__, url_prefix="/api/v1")

    @door.get(f"/deployments/{NUMBER}/events")
    def events(number: int) -> Response:
        after = max(queries.number(request, "after", 0), _read_already(request))
        story = progress_of(store, number, after)
        if story is None:
            return not_found(absences.of_deployment(store, operator.retention, number))
        goes_on(request, Watch(number, story, after))
        return Response(first_event(story, after), headers=STREAM)

    return door


def _read_already(request: Request) -> int:
    """Give the last line that a browser had read before its connection ended."""
    text = request.headers.get("Last-Event-ID", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
