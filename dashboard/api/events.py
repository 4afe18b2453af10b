"""A deployment's progress as it comes: `/api/v1/deployments/{id}/events`, for pages and whoever else watches."""

from dataclasses import replace

from flask import Request, Response, request

from dashboard import seeing
from dashboard.api import deployments
from dashboard.api.routes import Asked, Room
from dashboard.taking_over import Watch, goes_on
from dashboard.watchers import first_event

STREAM = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would keep what is said until there is more of it
}


def stream(room: Room, asked: Asked) -> Response:
    """Begin to tell of a deployment."""
    asked = replace(asked, after=max(asked.after, _read_already(request)))
    story = deployments.progress(room, asked)
    if isinstance(story, Response):
        return story
    goes_on(request, Watch(asked.number, story, asked.after, seeing.lasting(room.store), seeing.visitor()))
    return Response(first_event(story, asked.after), headers=STREAM)


def _read_already(request: Request) -> int:
    """Give the last line that a browser had read before its connection ended."""
    text = request.headers.get("Last-Event-ID", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
