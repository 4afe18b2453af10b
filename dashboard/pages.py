"""The pages that people land on from a commit status. Written by the server, readable without JavaScript."""

import time
from dataclasses import fields

from flask import Blueprint, Response, render_template

from dashboard import absences, seeing
from dashboard.queries import NUMBER
from pushboat.config.operator import Operator
from pushboat.model.delivery import Verdict
from pushboat.model.state import Kind
from pushboat.reading import records, single
from pushboat.reading.records import Record
from pushboat.reading.single import Single
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import Store
from webhook.failures import not_found

SOON = 600.0
"""Seconds for which a delivery's page looks again by itself for what came of it."""


def blueprint(operator: Operator, store: Store) -> Blueprint:
    """Open the pages."""
    door = Blueprint("pages", __name__)
    _deployment_pages(door, store, operator)
    _delivery_pages(door, store, operator)
    return door


def _deployment_pages(door: Blueprint, store: Store, operator: Operator) -> None:
    retention = operator.retention

    @door.get(f"/deployments/{NUMBER}")
    def deployment(number: int) -> str | Response:
        found = _seen(store, operator, number, operator.drift_every)
        if found is None or found.deployment.kind is Kind.PLAN:
            return _gone(f"deployment {number}", absences.of_deployment(store, retention, number))
        record = records.find(store, operator, found.deployment)
        return _rendered("deployment.html", found, record, with_logs=seeing.with_logs(operator))

    @door.get(f"/plans/{NUMBER}")
    def plan(number: int) -> str | Response:
        found = _seen(store, operator, number)
        if found is None or found.deployment.kind is not Kind.PLAN:
            return _gone(f"plan {number}", absences.of_deployment(store, retention, number, "plan"))
        return _rendered("plan.html", found, with_logs=seeing.with_logs(operator))


def _rendered(template: str, found: Single, record: Record | None = None, *, with_logs: bool) -> str:
    """Show one deployment; its template knows the fields by their names."""
    shown = {each.name: getattr(found, each.name) for each in fields(found)}
    return render_template(template, now=time.time(), with_logs=with_logs, record=record, **shown)


def _delivery_pages(door: Blueprint, store: Store, operator: Operator) -> None:
    @door.get(f"/deliveries/{NUMBER}")
    def delivery(number: int) -> str | Response:
        row = deliveries.find(store, number)
        if row is None or not seeing.tells(operator, seeing.reach(), row):
            return _gone(f"delivery {number}", absences.of_delivery(store, operator.retention, number))
        led_to = deployments.of_delivery(store, number)
        now = time.time()
        unanswered = row.routed_at is None and row.verdict is Verdict.ACCEPTED and now - row.received_at < SOON
        return render_template("delivery.html", row=row, led_to=led_to, unanswered=unanswered, now=now)


def _seen(store: Store, operator: Operator, number: int, drift_every: float = 0.0) -> Single | None:
    row, mine = deployments.find(store, number), seeing.reach()
    within = row and seeing.covers(operator, mine, row.lane.repository, row.lane.environment)
    return single.find(store, number, drift_every) if within else None


def _gone(what: str, why: str) -> Response:
    """Say what is not there; who sees less than everything is not told whether it ever was."""
    why = seeing.you_may_see(what) if seeing.narrow() else why
    return not_found(f"{why[0].upper()}{why[1:]}.")
