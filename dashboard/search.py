"""The box on top of each page: one word, and the page that it names, or all that it may mean."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Moved

from dashboard import queries, seeing
from pushboat.config.operator import Operator
from pushboat.reading.searching import Found, search
from pushboat.store.database.engine import Store


def blueprint(operator: Operator, store: Store) -> Blueprint:
    """Open `/search?q=`."""
    door = Blueprint("search", __name__)

    @door.get("/search")
    def results() -> str | Response | Moved:
        words = queries.read(request, "q").words
        within = seeing.sees(operator, seeing.reach())
        found = search(store, operator, words, within, narrow=seeing.narrow())
        if found.number == 1 and not found.refs:  # of a ref we may know no more than where it stands
            return redirect(_only(found), 302)
        return render_template("search.html", words=words, found=found)

    return door


def _only(found: Found) -> str:
    """Give the address of the one thing that was found."""
    for repository, sha in found.commits:
        return url_for("commits.commit", place=f"{repository}/{sha}")
    for repository, number in found.proposals:
        return url_for("pull_requests.pull_request", place=f"{repository}/{number}")
    for repository in found.repositories:
        return url_for("repositories.repository", name=repository)
    (one,) = found.environments
    return url_for("environments.environment", place=f"{one.repository}/{one.environment}")
