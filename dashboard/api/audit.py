"""What the API tells of the audit."""

from flask import Response

from dashboard import seeing
from dashboard.api.routes import Asked, Json, Room, listed
from pushboat.model.audit_row import row_form
from pushboat.reading.audit import list_audit
from pushboat.reading.lists import Page
from webhook.failures import answer

HOOKS = "a webhook's signature reads deliveries and deployments alone; `pushboat token create` makes a token for this"


def newest_first(room: Room, asked: Asked) -> Json | Response:
    """Give a page of the audit; of no repository are rows for administrators alone."""
    if asked.reach.forge:
        return answer(403, HOOKS)
    query = seeing.narrowed(room.operator, asked.reach, asked.query)
    if query is None:
        return listed(Page((), None), row_form)
    page = list_audit(room.store, room.operator, query, of_no_repository=asked.administers)
    return listed(page, row_form)
