"""An environment's own page: what runs there and since when, what keeps it back, and all that was deployed there."""

import time
from dataclasses import replace

from flask import Blueprint, Response, render_template, request

from dashboard import queries, seeing
from pushboat.config.operator import Operator
from pushboat.model.wording import quoted
from pushboat.reading import headlines
from pushboat.reading.timeline import timeline
from pushboat.store.database.engine import Store
from webhook.failures import not_found


def blueprint(operator: Operator, store: Store) -> Blueprint:
    """Open `/environments/<forge>/<path>/<environment>`."""
    door = Blueprint("environments", __name__)

    @door.get("/environments/<path:place>")
    def environment(place: str) -> str | Response:
        return shown(operator, store, place)

    return door


def shown(operator: Operator, store: Store, place: str) -> str | Response:
    """Give the page of an environment."""
    repository, _, name = place.rpartition("/")
    query = replace(queries.read(request), repository=repository, environment=name)
    seen = seeing.covers(operator, seeing.reach(), repository, name)
    found = timeline(store, operator, query) if seen else None
    if found is None:
        where = f"{quoted(name)} of {quoted(repository)}"
        return not_found(f"No file names an environment {where}, and nothing was deployed there.")
    older = None if found.page.next is None else queries.cover(found.page.next)
    headline = headlines.of_environment(found.now)
    return render_template("environment.html", found=found, headline=headline, older=older, now=time.time())
