"""The pages that people land on from a commit status. Written by the server, readable without JavaScript."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from pushboat.config.operator import Operator
from pushboat.config.retention import Retention
from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Deployment
from pushboat.model.state import Kind, State
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import Store
from webhook import absences, headlines, queries
from webhook.failures import not_found
from webhook.overviews import overview, running
from webhook.queries import NUMBER
from webhook.refused_heads import refused_heads

FEW = 5
"""Up to this many changed objects show their diffs unfolded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objects:
    """A change set as a page shows it: what changes first, what does not as one number that unfolds."""

    changed: tuple[Change, ...]
    unchanged: tuple[Change, ...]

    @property
    def unfolded(self) -> bool:
        """Say whether the diffs are few enough to show at once."""
        return len(self.changed) <= FEW


def blueprint(operator: Operator, store: Store) -> Blueprint:
    """Open the pages."""
    door = Blueprint("pages", __name__)
    _deployment_pages(door, store, operator.retention)
    _delivery_pages(door, store, operator.retention)

    @door.get("/")
    def environments() -> str:
        everything = sorted(overview(store, operator), key=lambda one: _urgency(one.latest))
        refused = refused_heads(store, everything)
        return render_template(
            "environments.html",
            environments=everything,
            refused=refused,
            headline=headlines.of_environments(everything, refused),
            now=time.time(),
        )

    return door


def _deployment_pages(door: Blueprint, store: Store, retention: Retention) -> None:
    @door.get(f"/deployments/{NUMBER}")
    def deployment(number: int) -> str | Response:
        row = deployments.find(store, number)
        if row is None or row.kind is not Kind.DEPLOY:
            return _absent(absences.of_deployment(store, retention, number))
        runs = running(store, row.lane.repository, row.lane.environment)
        headline = headlines.of_deployment(row, runs=runs is not None and runs.id == row.id)
        return render_template("deployment.html", runs=runs, **_story(store, row, headline))

    @door.get(f"/plans/{NUMBER}")
    def plan(number: int) -> str | Response:
        row = deployments.find(store, number)
        if row is None or row.kind is not Kind.PLAN:
            return _absent(absences.of_deployment(store, retention, number, "plan"))
        return render_template("plan.html", **_story(store, row, headlines.of_plan(row)))


def _story(store: Store, row: Deployment, headline: str) -> dict[str, object]:
    """Gather what both kinds of page show."""
    lines = deployments.progress(store, row.id)
    reason = row.reason if row.state.ended or not lines else lines[-1].text
    said_already = reason in headline or row.state is State.SUPERSEDED
    return {
        "deployment": row,
        "headline": headline,
        "reason": "" if said_already else reason,
        "successor": deployments.find(store, row.successor) if row.successor else None,
        "objects": _objects(deployments.changes(store, row.id)),
        "lines": lines,
        "now": time.time(),
    }


def _delivery_pages(door: Blueprint, store: Store, retention: Retention) -> None:
    @door.get("/deliveries")
    def deliveries_list() -> str:
        query = queries.read(request, "repository", "sha")
        rows = deliveries.listed(
            store, repository=query.repository, sha=query.sha, limit=query.limit + 1, before=query.before
        )
        older = queries.cover(rows[query.limit - 1].id) if len(rows) > query.limit else None
        return render_template(
            "deliveries.html", rows=rows[: query.limit], older=older, filters=query.filters(), now=time.time()
        )

    @door.get(f"/deliveries/{NUMBER}")
    def delivery(number: int) -> str | Response:
        row = deliveries.find(store, number)
        if row is None:
            return _absent(absences.of_delivery(store, retention, number))
        led_to = deployments.of_delivery(store, number)
        return render_template("delivery.html", row=row, led_to=led_to, now=time.time())


def _absent(why: str) -> Response:
    return not_found(f"{why[0].upper()}{why[1:]}.")


def _objects(changes: Sequence[Change]) -> Objects:
    order = {action: place for place, action in enumerate((Action.DELETED, Action.CREATED, Action.CONFIGURED))}
    changed = [change for change in changes if change.action is not Action.UNCHANGED]
    return Objects(
        changed=tuple(sorted(changed, key=lambda change: (order[change.action], change.ref.kind, change.ref))),
        unchanged=tuple(change for change in changes if change.action is Action.UNCHANGED),
    )


def _urgency(latest: Deployment | None) -> int:
    """Sort trouble first, then what moves, then the rest; the operator's order within each."""
    if latest is None:
        return 3
    if latest.state in headlines.TROUBLE:
        return 0
    return 2 if latest.state.ended else 1
