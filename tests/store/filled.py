"""Fills a store with everything that this version can write, through the store's own functions.

filled_readings.py reads it back, and dumped.py makes of it the stores that later versions upgrade.
"""

from dataclasses import replace
from itertools import count
from time import monotonic

import sqlalchemy as sa

from pushboat.events import Event, EventKind
from pushboat.model.allowance import Allowance
from pushboat.model.deployment import Lane
from pushboat.model.merge_group import MergeGroup
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.status import Status
from pushboat.routing import Decision, Leave, Post, Reply
from pushboat.sealing import Key
from pushboat.store import (
    announcing,
    deliveries,
    enacting,
    ending,
    merge_groups,
    outbox,
    plans,
    processes,
    proposals,
    quieting,
    release_records,
    routing_jobs,
    stickies,
)
from pushboat.store.database.engine import Store
from pushboat.store.database.transaction import Transaction
from tests.store.filled_asks import leave_asks, leave_stamps
from tests.store.filled_deployments import LONG, PAST, WEB, leave_deployments
from tests.store.filled_repositories import leave_repositories
from tests.store.filled_sessions import leave_sessions
from tests.store.filled_tokens import leave_tokens
from tests.store.filled_traces import leave_traces
from tests.store.repository import NAME, Repository, deploy, plan, push


class Clocked(Store):
    """A store whose clock goes on by an eighth of a second with each transaction, so that two dumps are equal."""

    def __init__(self, plain: Store, since: float = PAST) -> None:
        super().__init__(plain.engine, plain.turn)
        object.__setattr__(self, "_moments", (since + tick / 8 for tick in count()))

    def _transaction(self, connection: sa.Connection) -> Transaction:
        return Transaction(connection, next(self._moments), self.postgres)


def fill(store: Store) -> None:
    """Leave a row of every sort behind; the dispatcher's heartbeat is the last, and tells when that was."""
    leave_stamps(store)
    shop = Repository(store)
    leave_deployments(shop)
    _planned(shop)
    _posted(shop)
    _removed(shop)
    leave_asks(store)
    _proposed(store, shop)
    _in_the_queue(store)
    _delivered(store, shop)
    leave_repositories(store)
    leave_tokens(store)
    leave_sessions(store)
    leave_traces(store)
    release_records.sign_due(store, Key("a key of thirty-two characters …"))
    left = Allowance(host="api.github.com", kind="core", left=4999, most=5000, resets_at=2e9)
    processes.beat(store, "worker", 101, heard=(left,))
    processes.beat(store, "dispatcher", 100, "broker: ok")


def _proposed(store: Store, shop: Repository) -> None:
    """A pull request that asks about its head, with its comment, whose base has moved since; one closed, one merged."""
    planned = replace(plan("k1", "proposed", 11), base="main")
    (asked,) = shop.route(planned)
    plans.note_base(store, asked.id, "k0")
    ending.finish(store, shop.claim(asked), State.SUCCEEDED, "1 to create")
    with store.writing() as tx:
        proposals.base_moved(tx, NAME, "main")
    turn = stickies.Due(repository=NAME, number=11, marks=(), written=False)
    stickies.say(store, turn, "**Merging deploys to proposed.**", "pushboat-sticky-1")
    for action, number in (("opened", 12), ("closed", 12), ("opened", 13), ("merged", 13)):
        pull = Event(kind=EventKind.PULL_REQUEST, action=action, repository="acme/shop", number=number, sha="k2")
        event = replace(pull, merged_sha="k3" if action == "merged" else "", base_ref="main")
        deliveries.accept(store, "github", f"pull-request-{number}-{action}", event)
        shop.route_waiting()


def _in_the_queue(store: Store) -> None:
    """A merge group that is deployed before it merges."""
    place = {"repository": NAME, "environment": "queued", "ref": "refs/heads/gh-readonly-queue/main/pr-7-q0"}
    group = MergeGroup(**place, number=-7, sha="q1", base="main", base_sha="q0", author="ann")
    with store.writing() as tx:
        merge_groups.enter(tx, group)
        merge_groups.begin(tx, Lane(repository=NAME, environment="queued"), group.sha, group.ref, 1)


def _removed(shop: Repository) -> None:
    """Leave an environment that is to be destroyed without its hooks, and one that left the repository's file."""
    shop.route(deploy("r1", "removed", kind=Kind.REMOVAL, skip_hooks=True, trigger=Trigger.COMMAND))
    shop.route(deploy("r2", "left"))
    shop.route(Leave(environment="left", sha="r3", ref="refs/heads/main", description="left left .pushboat.yaml"))


def _planned(shop: Repository) -> None:
    ended, failed = shop.route(replace(plan("f1"), base="main"), plan("f1", "production"))
    ending.finish(shop.store, shop.claim(ended), State.SUCCEEDED, "1 to create", changes=[WEB])
    ending.finish(shop.store, shop.claim(failed), State.FAILED, "app.yaml:3: unknown field")
    shop.route(plan("f2", number=8))


def _posted(shop: Repository) -> None:
    """Leave letters that were sent, given up, put off, taken and never touched; one forge asks for a pause."""
    taken = outbox.due_head(shop.store, "reporter", "github", limit=4, lease=LONG)
    outbox.sent(shop.store, taken[0])
    outbox.dead(shop.store, taken[1], "422: no commit found")
    outbox.retry(shop.store, taken[2], "502", 60.0)
    outbox.due_head(shop.store, "reporter", "github", limit=1, collapsed_after=0.0)
    refused = Post(sha="g", context="pushboat", state=State.FAILED, description="bad")
    shop.route(Reply(number=7, body="deploys `staging`"), refused)
    ended = Status(context="pushboat", state=State.FAILED, description="bad", path="/")
    with shop.store.writing() as tx:
        announcing.announce_status(tx, "gitlab/acme/shop", "h", ended)
    outbox.sent(shop.store, outbox.due_head(shop.store, "reporter", "gitlab", limit=1)[0])  # and is read back later
    quieting.quiet(shop.store, "gitlab", LONG, "gitlab limits our requests")


def _delivered(store: Store, shop: Repository) -> None:
    deliveries.accept(store, "github", "ping", push("h"), ignored="we do not follow it")
    deliveries.reject(store, "github", "10.0.0.1", "the signature is wrong")
    mistaken = shop.receive("i1")
    claim = routing_jobs.claim_routing(store, NAME, "router", LONG)
    assert claim
    decision = Decision(acts=(), sentence="nothing deployed: 2 mistakes", details=".pushboat.yaml:1:1: one\n:2:1: two")
    enacting.complete(store, replace(claim, took_up=monotonic()), mistaken, decision)
    waiting = deliveries.replay(store, deliveries.listed(store)[-1].id)
    routing_jobs.in_doubt(store, claim, waiting)
    routing_jobs.in_trouble(store, claim, waiting)
    routing_jobs.postpone(store, claim, waiting, "waiting: github does not answer", LONG)
    deliveries.accept(store, "gitlab", "other", push("j1", "acme/other"), headers={"x-gitlab-event": "Push Hook"})
    assert deliveries.accept(store, "github", "delivery-1", push("e0")).duplicate  # last: it costs Postgres a number
    assert routing_jobs.next_unrouted(store, claim) is None
