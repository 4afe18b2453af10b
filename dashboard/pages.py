"""The pages that people land on from a commit status. Written by the server, readable without JavaScript."""

import time
from dataclasses import fields

from flask import Blueprint, Response, render_template, request

from dashboard import absences, queries
from dashboard.queries import NUMBER
from pushboat.config.operator import Operator
from pushboat.model.delivery import Verdict
from pushboat.model.state import Kind
from pushboat.reading import single
from pushboat.reading.lists import list_deliveries
from pushboat.reading.single import Single
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import Store
from webhook.failures import not_found


def blueprint(operator: Operator, store: Store) -> Blueprint:
    """Open the pages."""
    door = Blueprint("pages", __name__)
    _deployment_pages(door, store, operator)
    _delivery_pages(door, store, operator)
    return door


def _deployment_pages(door: Blueprint, store: Store, operator: Operator) -> None:
    retention, with_logs = operator.retention, operator.pages.with_logs

    @door.get(f"/deployments/{NUMBER}")
    def deployment(number: int) -> str | Response:
        found = single.find(store, number, operator.drift_every)
        if found is None or found.deployment.kind is Kind.PLAN:
            return _absent(absences.of_deployment(store, retention, number))
        return _rendered("deployment.html", found, with_logs=with_logs)

    @door.get(f"/plans/{NUMBER}")
    def plan(number: int) -> str | Response:
        found = single.find(store, number)
        if found is None or found.deployment.kind is not Kind.PLAN:
            return _absent(absences.of_deployment(store, retention, number, "plan"))
        return _rendered("plan.html", found, with_logs=with_logs)


def _rendered(template: str, found: Single, *, with_logs: bool) -> str:
    """Show one deployment; its template knows the fields by their names."""
    shown = {each.name: getattr(found, each.name) for each in fields(found)}
    return render_template(template, now=time.time(), with_logs=with_logs, **shown)


def _delivery_pages(door: Blueprint, store: Store, operator: Operator) -> None:
    @door.get("/deliveries")
    def deliveries_list() -> str:
        query = queries.read(request, "repository", "sha", "forge", "verdict")
        page = list_deliveries(store, operator, query)
        older = None if page.next is None else queries.cover(page.next)
        return render_template(
            "deliveries.html",
            rows=page.rows,
            older=older,
            filters=query.filters(),
            forges=sorted(operator.forges),
            verdicts=[Verdict.ACCEPTED, Verdict.IGNORED, Verdict.REJECTED],
            now=time.time(),
        )

    @door.get(f"/deliveries/{NUMBER}")
    def delivery(number: int) -> str | Response:
        row = deliveries.find(store, number)
        if row is None:
            return _absent(absences.of_delivery(store, operator.retention, number))
        led_to = deployments.of_delivery(store, number)
        return render_template("delivery.html", row=row, led_to=led_to, now=time.time())


def _absent(why: str) -> Response:
    return not_found(f"{why[0].upper()}{why[1:]}.")
