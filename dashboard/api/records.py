"""What the API tells of releases' records."""

from flask import Response

from dashboard.api import deployments
from dashboard.api.routes import Asked, Json, Room
from pushboat.model.record_worth import Worth
from pushboat.reading import records
from webhook.failures import not_found


def one(room: Room, asked: Asked) -> Json | Response:
    """Give the record of a deployment's release within reach."""
    row = deployments.seen(room, asked)
    if row is None:
        return deployments.absent(room, asked)
    record = records.find(room.store, room.operator, row)
    if record is None:
        return not_found(records.none_of(row.id))
    if record.judged.worth is Worth.DUE:
        return not_found(records.due_of(row.id))
    return records.record_form(record)
