"""What the API tells of releases' records."""

from flask import Response

from dashboard.api import deployments
from dashboard.api.routes import Asked, Json, Room
from pushboat.reading import records
from webhook.failures import not_found


def one(room: Room, asked: Asked) -> Json | Response:
    """Give the record of a deployment's release within reach."""
    row = deployments.seen(room, asked)
    if row is None:
        return deployments.absent(room, asked)
    record = records.find(room.store, room.operator, row)
    why = records.lacking(record, row.id)
    if record is None or why:
        return not_found(why)
    return records.record_form(record)
