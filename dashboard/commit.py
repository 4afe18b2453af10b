"""A commit's own page: in which environments it runs, where it was to run, and what told of it."""

import re
import time

from flask import Blueprint, Response, render_template

from dashboard import seeing
from pushboat.config.operator import Operator
from pushboat.model.wording import quoted
from pushboat.reading import commits
from pushboat.store.database.engine import Store
from webhook.failures import not_found

_SHA = re.compile(r"[0-9a-f]{4,64}")


def blueprint(operator: Operator, store: Store) -> Blueprint:
    """Open `/commits/<forge>/<path>/<sha>`."""
    door = Blueprint("commits", __name__)

    @door.get("/commits/<path:place>")
    def commit(place: str) -> str | Response:
        repository, _, sha = place.rpartition("/")
        known = repository and _SHA.fullmatch(sha.lower()) and seeing.sees(operator, seeing.reach())(repository)
        found = commits.find(store, operator, repository, sha.lower()) if known else None
        if found is None:
            where = f"{quoted(sha)} of {quoted(repository)}"
            return not_found(f"No commit {where} was deployed or told of, or several begin so: give all of its digits.")
        return render_template("commit.html", found=found, now=time.time())

    return door
