"""A repository's own page: its environments, what was deployed last, and what its forge told last."""

import time

from flask import Blueprint, Response, render_template

from dashboard import seeing
from pushboat.config.operator import Operator
from pushboat.model.wording import quoted
from pushboat.reading import headlines
from pushboat.reading.environments import by_urgency, overview
from pushboat.reading.lists import Query, list_deliveries, list_deployments
from pushboat.reading.narrowing import MOST_SHOWN
from pushboat.reading.refused_heads import refused_heads
from pushboat.store.database.engine import Store
from webhook.failures import not_found

LATEST = 15
"""Deployments, and deliveries, that stand on the page; all of them have lists of their own."""


def blueprint(operator: Operator, store: Store) -> Blueprint:
    """Open `/repositories/<forge>/<path>`."""
    door = Blueprint("repositories", __name__)

    @door.get("/repositories/<path:name>")
    def repository(name: str) -> str | Response:
        spelt = operator.spelled(name) or name
        if not seeing.sees(operator, seeing.reach())(spelt):  # before anything is read, so that its time tells nothing
            return _absent(name)
        query = Query(repository=spelt, limit=LATEST)
        environments = by_urgency(overview(store, operator, spelt))
        told = list_deliveries(store, operator, query).rows
        if not (environments or told or spelt in operator.projects):
            return _absent(name)
        return render_template(
            "repository.html",
            repository=spelt,
            headline=headlines.of_environments(environments, refused_heads(store, environments)),
            environments=environments[:MOST_SHOWN],
            others=len(environments[MOST_SHOWN:]),
            deployments=list_deployments(store, operator, query).rows,
            deliveries=told,
            now=time.time(),
        )

    return door


def _absent(name: str) -> Response:
    return not_found(f"No file names a repository {quoted(name)}, and nothing came from there.")
