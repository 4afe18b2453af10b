"""What the API tells of releases: what differs between two of them."""

from flask import Response

from dashboard import seeing
from dashboard.api.routes import Asked, Json, Room
from pushboat.model.deployment import Lane
from pushboat.model.wording import quoted
from pushboat.reading import known
from pushboat.reading.between import NoSuchRelease, between, between_form
from webhook.failures import not_found


def differing(room: Room, asked: Asked) -> Json | Response:
    """Compare two releases of an environment within reach."""
    operator, query = room.operator, asked.query
    if not query.repository or not query.environment:
        return not_found("say of which environment: `repository` and `environment` name it")
    repository, environment = operator.spelled(query.repository), query.environment
    seen = repository and seeing.covers(operator, asked.reach, repository, environment)
    if not seen or environment not in known.environments(room.store, operator.projects[repository], [environment]):
        where = f"environment {quoted(environment)} of {quoted(query.repository)}"
        return not_found(seeing.you_may_see(where))
    lane = Lane(repository=repository, environment=environment)
    try:
        return between_form(lane, between(room.store, lane, *asked.releases))
    except NoSuchRelease as gone:
        return not_found(gone.summary)
