"""The first page: every environment in groups of a repository, trouble first, narrowed as one likes."""

import time

from flask import Blueprint, render_template, request

from dashboard import queries, seeing
from pushboat.config.operator import Operator
from pushboat.model.state import State
from pushboat.reading import headlines
from pushboat.reading.environments import by_urgency, overview
from pushboat.reading.narrowing import MOST_SHOWN, grouped, narrowed
from pushboat.reading.refused_heads import refused_heads
from pushboat.store.database.engine import Store


def blueprint(operator: Operator, store: Store) -> Blueprint:
    """Open `/`."""
    door = Blueprint("home", __name__)

    @door.get("/")
    def environments() -> str:
        query = queries.read(request, "repository", "state", "q", "from")
        begin = queries.number(request, "from", 0, most=1_000_000)
        everything = by_urgency(seeing.visible(operator, overview(store, operator, query.repository)))
        refused = refused_heads(store, everything)
        found = narrowed(everything, state=query.state, words=query.words)
        within = seeing.sees(operator, seeing.reach())
        narrow = bool(query.state or query.words)
        return render_template(
            "environments.html",
            groups=grouped(found[begin : begin + MOST_SHOWN]),
            found=len(found),
            further=begin + MOST_SHOWN if len(found) > begin + MOST_SHOWN else None,
            refused=() if narrow or begin else refused,
            headline=headlines.of_environments(everything, refused),
            filters=query.filters(),
            narrow=narrow,
            states=list(State),
            repositories=sorted({*filter(within, operator.projects), *filter(None, [query.repository])}),
            now=time.time(),
        )

    return door
