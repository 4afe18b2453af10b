"""What the API tells of deliveries."""

from flask import Response

from dashboard import absences, seeing
from dashboard.api.routes import Asked, Json, Room, listed
from pushboat.model.json_forms import delivery_form, whole_delivery_form
from pushboat.model.reach import EVERYTHING
from pushboat.reading.lists import Page, list_deliveries
from pushboat.store import deliveries
from webhook.failures import answer, not_found


def newest_first(room: Room, asked: Asked) -> Json | Response:
    """Give a page of deliveries, those that were refused among them."""
    if asked.reach.environment:
        return answer(403, seeing.WHOLE_REPOSITORY)
    query = seeing.narrowed(room.operator, asked.reach, asked.query)
    page = list_deliveries(room.store, room.operator, query) if query else Page((), None)
    return listed(page, delivery_form)


def one(room: Room, asked: Asked) -> Json | Response:
    """Give one delivery."""
    row = deliveries.find(room.store, asked.number)
    if asked.reach != EVERYTHING and not (row and seeing.tells(room.operator, asked.reach, row)):
        return not_found(seeing.you_may_see(f"delivery {asked.number}"))
    if row is None:
        return not_found(absences.of_delivery(room.store, room.operator.retention, asked.number))
    return whole_delivery_form(row)
