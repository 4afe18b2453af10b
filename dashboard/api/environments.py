"""What the API tells of environments."""

from dashboard import seeing
from dashboard.api.routes import Asked, Json, Room
from pushboat.reading.environments import environment_form, overview


def every(room: Room, asked: Asked) -> Json:
    """Give every environment, or those of one repository."""
    operator, repository = room.operator, asked.query.repository
    rows = overview(room.store, operator, operator.spelled(repository or asked.reach.only))
    found = [
        each
        for each in rows
        if (not repository or operator.alike(repository, [each.repository]))
        and seeing.covers(operator, asked.reach, each.repository, each.environment)
    ]
    return {"items": [environment_form(each, operator.public_url) for each in found], "next": None}
