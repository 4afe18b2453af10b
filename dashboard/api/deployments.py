"""What the API tells of deployments and plans."""

from flask import Response

from dashboard import absences, seeing
from dashboard.api.routes import Asked, Json, Room, listed
from pushboat.model.deployment import Deployment
from pushboat.model.json_forms import change_form, deployment_form, explained_form
from pushboat.model.reach import EVERYTHING
from pushboat.reading import single
from pushboat.reading.lists import Page, list_deployments
from pushboat.reading.told import progress_since
from pushboat.reading.whole import whole_form
from pushboat.store import change_sets, deployments, hook_runs, images
from webhook.failures import not_found


def newest_first(room: Room, asked: Asked) -> Json:
    """Give a page of deployments."""
    public_url = room.operator.public_url
    query = seeing.narrowed(room.operator, asked.reach, asked.query)
    page = list_deployments(room.store, room.operator, query) if query else Page((), None)
    return listed(page, lambda row: deployment_form(row, public_url))


def one(room: Room, asked: Asked) -> Json | Response:
    """Give one deployment or plan with its details."""
    operator, store, number = room.operator, room.store, asked.number
    row = seen(room, asked)
    if row is None:
        return absent(room, asked)
    hooks, found = hook_runs.listed(store, number), images.listed(store, number)
    return explained_form(row, operator.public_url, with_logs=asked.with_logs, hooks=hooks, images=found)


def whole(room: Room, asked: Asked) -> Json | Response:
    """Give one deployment or plan with everything that belongs to it."""
    operator = room.operator
    found = single.find(room.store, asked.number, operator.drift_every) if seen(room, asked) else None
    if found is None:
        return absent(room, asked)
    return whole_form(found, operator.public_url, with_logs=asked.with_logs)


def changes(room: Room, asked: Asked) -> Json | Response:
    """Give what it changed, or would."""
    if seen(room, asked) is None:
        return absent(room, asked)
    return {"items": [change_form(each) for each in change_sets.listed(room.store, asked.number)], "next": None}


def progress(room: Room, asked: Asked) -> Json | Response:
    """Give its lines so far, and whether it has ended."""
    row = seen(room, asked)
    return progress_since(room.store, row, asked.after) if row else absent(room, asked)


def seen(room: Room, asked: Asked) -> Deployment | None:
    """Give the deployment or plan that is asked for, where it is within reach."""
    row = deployments.find(room.store, asked.number)
    within = row and seeing.covers(room.operator, asked.reach, row.lane.repository, row.lane.environment)
    return row if within else None


def absent(room: Room, asked: Asked) -> Response:
    """Say that it is not there, or not for who asks."""
    if asked.reach != EVERYTHING:
        return not_found(seeing.you_may_see(f"deployment {asked.number}"))
    return not_found(absences.of_deployment(room.store, room.operator.retention, asked.number))
