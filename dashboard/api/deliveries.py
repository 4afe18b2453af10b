"""What the API tells of deliveries."""

from flask import Response

from dashboard import absences
from dashboard.api.routes import Asked, Json, Room, listed
from pushboat.model.json_forms import delivery_form
from pushboat.reading.lists import list_deliveries
from pushboat.store import deliveries
from webhook.failures import not_found


def newest_first(room: Room, asked: Asked) -> Json:
    """Give a page of deliveries, those that were refused among them."""
    return listed(list_deliveries(room.store, room.operator, asked.query), delivery_form)


def one(room: Room, asked: Asked) -> Json | Response:
    """Give one delivery."""
    row = deliveries.find(room.store, asked.number)
    if row is None:
        return not_found(absences.of_delivery(room.store, room.operator.retention, asked.number))
    return delivery_form(row)
