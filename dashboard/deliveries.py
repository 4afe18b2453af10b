"""What the forges sent, newest first, narrowed to what somebody looks for, and what each delivery led to."""

import time

from flask import Blueprint, render_template, request

from dashboard import queries, seeing
from pushboat.config.operator import Operator
from pushboat.model.delivery import Verdict
from pushboat.reading.lists import Page, list_deliveries
from pushboat.store.database.engine import Store


def blueprint(operator: Operator, store: Store) -> Blueprint:
    """Open `/deliveries`."""
    door = Blueprint("deliveries", __name__)

    @door.get("/deliveries")
    def listed() -> str:
        query = queries.read(request, "repository", "sha", "forge", "verdict")
        mine = seeing.narrowed(operator, seeing.reach(), query)
        page = list_deliveries(store, operator, mine) if mine else Page((), None)
        return render_template(
            "deliveries.html",
            rows=page.rows,
            older=None if page.next is None else queries.cover(page.next),
            filters=query.filters(),
            forges=sorted(operator.forges),
            verdicts=[Verdict.ACCEPTED, Verdict.IGNORED, Verdict.REJECTED],
            now=time.time(),
        )

    return door
