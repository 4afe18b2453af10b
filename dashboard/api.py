"""The JSON API, version 1: what the store knows, newest first, a page at a time. It reads and never writes."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, request

from dashboard import absences, queries
from dashboard.queries import NUMBER
from pushboat.config.operator import Operator
from pushboat.model.json_forms import (
    change_form,
    delivery_form,
    deployment_form,
    explained_form,
)
from pushboat.reading.environments import environment_form, overview
from pushboat.reading.lists import Page, Row, list_deliveries, list_deployments
from pushboat.reading.told import progress_of
from pushboat.store import change_sets, deliveries, deployments, hook_runs, images
from pushboat.store.database.engine import Store
from webhook.failures import not_found

Json = dict[str, Any]


_PAGED = ("limit", "cursor")
INDEX: Sequence[tuple[str, str, tuple[str, ...]]] = (
    ("environments", "every environment: the latest deployment, and the one that runs", ()),
    ("deployments", "deployments, newest first", ("repository", "environment", "state", "sha", *_PAGED)),
    (
        "deployments/{id}",
        "one deployment, or one plan, with its details, hooks, images and containers' words",
        (),
    ),
    ("deployments/{id}/changes", "what it changed, or a plan would change, object by object and field by field", ()),
    ("deployments/{id}/progress", "its lines so far, whether it has ended, and how", ("after",)),
    ("deployments/{id}/events", "the same as server-sent events, as it comes", ("after",)),
    (
        "deliveries",
        "deliveries, newest first, each with the sentence that says what it did",
        ("repository", "sha", *_PAGED),
    ),
    ("deliveries/{id}", "one delivery, with every mistake of a refused file", ()),
)
"""Path, what it gives, and the parameters it takes."""


def blueprint(operator: Operator, store: Store) -> Blueprint:
    """Open `/api/v1`."""
    door = Blueprint("api", __name__, url_prefix="/api/v1")
    _deployments(door, store, operator)
    _deliveries(door, store, operator)

    @door.get("/")
    def index() -> Json:
        items = [
            {"path": f"{door.url_prefix}/{path}", "gives": gives, "parameters": list(parameters)}
            for path, gives, parameters in INDEX
        ]
        return {"items": items, "next": None}

    @door.get("/environments")
    def environments() -> Json:
        items = [environment_form(one, operator.public_url) for one in overview(store, operator)]
        return {"items": items, "next": None}

    return door


def _deployments(door: Blueprint, store: Store, operator: Operator) -> None:
    public_url, retention = operator.public_url, operator.retention

    @door.get("/deployments")
    def deployments_list() -> Json:
        query = queries.read(request, "repository", "environment", "state", "sha")
        return _page(list_deployments(store, operator, query), lambda row: deployment_form(row, public_url))

    @door.get(f"/deployments/{NUMBER}")
    def one_deployment(number: int) -> Json | Response:
        row = deployments.find(store, number)
        if row is None:
            return not_found(absences.of_deployment(store, retention, number))
        hooks, found = hook_runs.listed(store, number), images.listed(store, number)
        return explained_form(row, public_url, with_logs=operator.pages.with_logs, hooks=hooks, images=found)

    @door.get(f"/deployments/{NUMBER}/changes")
    def changes(number: int) -> Json | Response:
        if deployments.find(store, number) is None:
            return not_found(absences.of_deployment(store, retention, number))
        return {"items": [change_form(each) for each in change_sets.listed(store, number)], "next": None}

    @door.get(f"/deployments/{NUMBER}/progress")
    def progress(number: int) -> Json | Response:
        found = progress_of(store, number, queries.number(request, "after", 0))
        return found or not_found(absences.of_deployment(store, retention, number))


def _deliveries(door: Blueprint, store: Store, operator: Operator) -> None:
    @door.get("/deliveries")
    def deliveries_list() -> Json:
        query = queries.read(request, "repository", "sha")
        return _page(list_deliveries(store, operator, query), delivery_form)

    @door.get(f"/deliveries/{NUMBER}")
    def one_delivery(number: int) -> Json | Response:
        row = deliveries.find(store, number)
        return delivery_form(row) if row else not_found(absences.of_delivery(store, operator.retention, number))


def _page(page: Page[Row], form: Callable[[Row], Json]) -> Json:
    """Write a page of a list, and what continues it."""
    return {
        "items": [form(row) for row in page.rows],
        "next": None if page.next is None else queries.cover(page.next),
    }
