"""A pull request's own page: what it was told, its plans, and what was deployed of it before and after its merge."""

import time

from flask import Blueprint, Response, render_template

from dashboard import seeing
from pushboat.config.operator import Operator
from pushboat.model.plan_summary import CONTEXT
from pushboat.model.wording import quoted
from pushboat.reading.proposed import shown
from pushboat.store import pull_requests
from pushboat.store.database.engine import Store
from webhook.failures import not_found

_LONGEST_NUMBER = 9


def blueprint(operator: Operator, store: Store) -> Blueprint:
    """Open `/pull-requests/<forge>/<path>/<number>`."""
    door = Blueprint("pull_requests", __name__)

    @door.get("/pull-requests/<path:place>")
    def pull_request(place: str) -> str | Response:
        repository, _, number = place.rpartition("/")
        repository = operator.spelled(repository) or repository
        whole = number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER
        seen = whole and seeing.sees(operator, seeing.reach())(repository)
        found = pull_requests.known(store, repository, int(number)) if seen else None
        if found is None or not (found.head or found.tried):
            return not_found(f"Nothing is known of a pull request {quoted(number)} of {quoted(repository)}.")
        return render_template(
            "pull_request.html",
            repository=repository,
            number=int(number),
            found=found,
            answer=found.answers.get(CONTEXT),
            plans=shown(found),
            now=time.time(),
        )

    return door
