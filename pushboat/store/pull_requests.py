"""What is known of one pull request: where it stands, what it was told, its plans, and what was tried from it."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from pushboat import later_words
from pushboat.model.deployment import Deployment
from pushboat.model.state import WRITING, Kind, State, Trigger
from pushboat.model.status import Status
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import asks, deliveries, deployments, lanes, proposals, pull_requests
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import SELECTED, read_all

MOST_PLANS = 200
"""The newest ones that are looked through: a few of each environment."""
MOST_ASKS, MOST_TRIED = 50, 10
"""The newest commands in the conversation, and of what came of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One pull request.

    `answers` are what it is told, by context, and `planned` the plan that answers for each (0: none does); both are
    empty once it is closed. `plans` are those of its head, the newest first; `tried` is what was asked for in its
    conversation, or by a button there, and `brought` what its merge led to, both the newest first.
    """

    head: str = ""
    closed: bool = False
    merged: str = ""
    fork: bool = False
    answers: Mapping[str, Status] = field(default_factory=dict)
    planned: Mapping[str, int] = field(default_factory=dict)
    plans: tuple[Deployment, ...] = ()
    tried: tuple[Deployment, ...] = ()
    brought: tuple[Deployment, ...] = ()


def known(store: Store, repository: str, number: int) -> Known:
    """Gather what is known of a pull request."""
    with store.reading() as tx:
        of_it = (pull_requests.c.repository == repository, pull_requests.c.number == number)
        row = tx.row(sa.select(pull_requests).where(*of_it))
        asked = tx.rows(
            sa.select(proposals)
            .where(proposals.c.repository == repository, proposals.c.number == number)
            .order_by(proposals.c.context)
        )
        head = asked[0]["sha"] if asked else row["head"] if row else ""
        merged = row["merge_sha"] if row else ""
        return Known(
            head=head,
            closed=bool(row["closed"]) if row else False,
            merged=merged,
            fork=bool(row["fork"]) if row else False,
            answers={
                each["context"]: Status(
                    context=each["context"],
                    state=later_words.read(State, each["state"] or State.QUEUED),
                    description=each["description"],
                    path=each["path"],
                )
                for each in asked
            },
            planned={each["context"]: int(each["plan"]) for each in asked},
            plans=_plans(tx, repository, number, head),
            tried=_tried(tx, repository, number),
            brought=_brought(tx, repository, merged),
        )


def numbered(store: Store, number: int, most: int, within: Collection[str] | None = None) -> list[tuple[str, int]]:
    """List the repositories, or those of some, that have a pull request of this number, as far as we were told."""
    told = sa.select(pull_requests.c.repository).where(pull_requests.c.number == number)
    planned = sa.select(lanes.c.repository).where(lanes.c.number == number)
    if within is not None:
        told = told.where(pull_requests.c.repository.in_(within))
        planned = planned.where(lanes.c.repository.in_(within))
    with store.reading() as tx:
        rows = tx.rows(sa.union(told, planned).order_by("repository").limit(most))
    return [(row["repository"], number) for row in rows]


def _plans(tx: Transaction, repository: str, number: int, head: str) -> tuple[Deployment, ...]:
    mine = SELECTED.where(lanes.c.repository == repository, lanes.c.number == number, deployments.c.sha == head)
    return _newest(tx, mine.where(deployments.c.kind == Kind.PLAN), MOST_PLANS)


def _tried(tx: Transaction, repository: str, number: int) -> tuple[Deployment, ...]:
    here = (asks.c.repository == repository, asks.c.number == number)
    newest = sa.select(asks.c.delivery_id).where(*here).order_by(asks.c.id.desc()).limit(MOST_ASKS)
    led = sa.select(deliveries.c.id, deliveries.c.deployments).where(deliveries.c.id.in_(newest))
    found = {row["id"]: json.loads(row["deployments"]) for row in tx.rows(led)}
    ids = {number for each in found.values() for number in each}
    made = SELECTED.where(deployments.c.id.in_(ids), deployments.c.delivery_id.in_(found))
    return _newest(tx, made.where(deployments.c.kind.in_(WRITING)), MOST_TRIED) if ids else ()


def _brought(tx: Transaction, repository: str, merged: str) -> tuple[Deployment, ...]:
    if not merged:
        return ()
    brings = SELECTED.where(
        lanes.c.repository == repository,
        lanes.c.number == 0,
        deployments.c.sha == merged,
        deployments.c.kind == Kind.DEPLOY,
        deployments.c.cause != Trigger.SELF_HEAL,
    )
    return _newest(tx, brings, MOST_TRIED)


def _newest(tx: Transaction, chosen: sa.Select[tuple[object, ...]], most: int) -> tuple[Deployment, ...]:
    return tuple(read_all(tx, tx.rows(chosen.order_by(deployments.c.id.desc()).limit(most))))
