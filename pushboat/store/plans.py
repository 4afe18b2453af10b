"""Which plan a deployment follows: the one of its commit, or of the head of the pull request whose merge it is."""

import json

import sqlalchemy as sa

from pushboat.events import EventKind, from_json
from pushboat.model.deployment import Deployment
from pushboat.model.state import Kind, State
from pushboat.store import deployments
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deliveries
from pushboat.store.database.schema import deployments as table

MOST_OF_A_SHA = 20
"""Plans and deployments of one commit in one environment that are looked through, the newest ones."""
NEWEST_DELIVERIES = 500
"""Of one repository, which are looked through for the one that told of a merge."""


def note_base(store: Store, plan: int, sha: str) -> None:
    """Note where the branch stands that a plan's commit is merged into."""
    with store.writing() as tx:
        tx.change(sa.update(table).where(table.c.id == plan).values(base_sha=sha))


def shown_plan(store: Store, deployment: Deployment) -> Deployment | None:
    """Find the newest good plan of what a deployment brings that nothing has followed yet.

    Once its commit was on its way there, what the plan said is done, or was overtaken.
    """
    for sha in (deployment.sha, *_merged_heads(store, deployment)):
        plans = _of_sha(store, deployment, sha, kind=Kind.PLAN)
        good = next((each for each in plans if each.state is State.SUCCEEDED), None)
        if good is not None:
            return None if _is_followed(store, deployment, good) else good
    return None


def _is_followed(store: Store, deployment: Deployment, plan: Deployment) -> bool:
    found = (
        each
        for sha in {plan.sha, deployment.sha}
        for each in _of_sha(store, deployment, sha, kind=Kind.DEPLOY, before=deployment.id)
    )
    return any(each.id > plan.id and each.started_at is not None for each in found)


def _of_sha(
    store: Store, deployment: Deployment, sha: str, *, kind: Kind, before: int | None = None
) -> list[Deployment]:
    repository, environment = deployment.lane.repository, deployment.lane.environment
    found = deployments.listed(
        store,
        kinds=(kind,),
        repository=repository,
        environment=environment,
        sha=sha,
        before=before,
        limit=MOST_OF_A_SHA,
    )
    return [each for each in found if each.sha == sha]


def _merged_heads(store: Store, deployment: Deployment) -> list[str]:
    """Name the heads whose merge this is, the newest first: each stands in the delivery that told of the merge.

    The merge is told of twice, as a push too, and either may be the one that has begun the deployment.
    """
    newest = (
        sa.select(deliveries.c.id, deliveries.c.event)
        .where(deliveries.c.repository == deployment.lane.repository)
        .order_by(deliveries.c.id.desc())
        .limit(NEWEST_DELIVERIES)
        .subquery()
    )
    query = sa.select(newest.c.event).where(newest.c.event.contains(deployment.sha, autoescape=True))
    with store.reading() as tx:
        rows = tx.rows(query.order_by(newest.c.id.desc()))
    events = (from_json(json.loads(row["event"])) for row in rows)
    heads = (each.sha for each in events if each.kind is EventKind.PULL_REQUEST and each.merged_sha == deployment.sha)
    return [head for head in dict.fromkeys(heads) if head and head != deployment.sha]
