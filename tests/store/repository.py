"""A repository as the store sees it: pushes that are routed at once, claims, and what its commits show."""

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from pushboat.events import Event, EventKind
from pushboat.model.deployment import Claim, Deployment
from pushboat.model.state import Kind, Trigger
from pushboat.routing import Act, Answer, Decision, Deploy
from pushboat.store import deliveries, deployments, enacting, lanes, outbox, routing_jobs
from pushboat.store.database.engine import Store

NAME = "github/acme/shop"
TIMES = {
    "repository": ("lease_until", "not_before", "hint_at"),
    "delivery": ("received_at", "routed_at", "taken_up_at", "not_before", "trouble_since", "doubt_since"),
    "lane": ("lease_until",),
    "deployment": (
        "created_at",
        "started_at",
        "finished_at",
        "not_before",
        "hint_at",
        "trouble_since",
        "waiting_since",
    ),
    "verification": ("since", "again_at"),
    "proposal": ("asked_at", "again_at"),
    "merge_group": ("asked_at",),
    "pusher": ("at",),
    "outbox": ("created_at", "not_before", "lease_until", "sent_at", "read_back_at"),
    "sticky_mark": ("at",),
    "sticky": ("put_at",),
    "repetition": ("at",),
    "caption": ("at",),
    "question": ("asked_at", "hint_at", "lease_until", "answered_at"),
    "hold": ("since", "begins_at", "ends_at"),
    "forge_hold": ("held_until",),
    "process": ("beat_at",),
    "head": ("found_at",),
    "inspection": ("next_at", "lease_until", "compared_at", "since", "trouble_since", "said_at", "healed_at"),
    "trace": ("delivery_at", "deployment_at", "letter_at", "sent_at", "lease_until"),
    "look": ("next_at", "lease_until", "looked_at", "log_at", "log_next_at"),
}


def push(sha: str, repository: str = "acme/shop") -> Event:
    """A push of one commit to the branch main."""
    return Event(kind=EventKind.PUSH, action="updated", repository=repository, ref="refs/heads/main", sha=sha)


def deploy(sha: str, environment: str = "staging", **more: Any) -> Deploy:
    """What a push of that commit leads to in one environment."""
    values = {"kind": Kind.DEPLOY, "ref": "refs/heads/main", "author": "ann", "trigger": Trigger.PUSH, **more}
    return Deploy(environment=environment, sha=sha, **values)


def plan(sha: str, environment: str = "staging", number: int = 7) -> Deploy:
    """What an updated pull request leads to in one environment."""
    return deploy(sha, environment, kind=Kind.PLAN, number=number, trigger=Trigger.PULL_REQUEST, ref="topic")


def time_passes(store: Store, seconds: float) -> None:
    """Let everything in the store have happened that much earlier."""
    with store.writing() as tx:
        for table, columns in TIMES.items():
            moved = ", ".join(f"{column} = {column} - :seconds" for column in columns)
            tx.change(sa.text(f"UPDATE {table} SET {moved}"), seconds=seconds)


class Repository:
    """github/acme/shop and its lanes."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._deliveries = 0

    def receive(self, sha: str, ref: str = "refs/heads/main") -> int:
        """Accept a delivery."""
        self._deliveries += 1
        event = replace(push(sha), ref=ref)
        return deliveries.accept(self.store, "github", f"delivery-{self._deliveries}", event).id

    def route(self, *acts: Act, contained: Collection[int] = (), **more: Any) -> list[Deployment]:
        """Accept a delivery and route it to these acts."""
        self.receive(acts[0].sha if isinstance(acts[0], Deploy) else "a")
        return self.route_waiting(*acts, contained=contained, **more)

    def route_waiting(
        self, *acts: Act, contained: Collection[int] = (), answer: Answer | None = None, **more: Any
    ) -> list[Deployment]:
        """Route the delivery that is next to these acts."""
        claim = routing_jobs.claim_routing(self.store, NAME, "router")
        assert claim
        row = routing_jobs.next_unrouted(self.store, claim)
        assert row
        decision = Decision(acts=acts, sentence="deploys", answer=answer)
        try:
            numbers = enacting.complete(self.store, claim, row.id, decision, contained, **more)
        finally:
            routing_jobs.release(self.store, claim)
        return [self.row(number) for number in numbers]

    def push(self, sha: str, contains: Iterable[Deployment] = (), **more: Any) -> Deployment:
        """Push a commit that follows staging; `contains`: the deployments whose commits it has in its history."""
        return self.route(deploy(sha), contained=[each.id for each in contains], **more)[0]

    def row(self, deployment: Deployment | int) -> Deployment:
        """Look at a deployment as it stands now."""
        found = deployments.find(self.store, deployment if isinstance(deployment, int) else deployment.id)
        assert found
        return found

    def claim(self, deployment: Deployment, ttl: float = 15.0) -> Claim:
        """Claim a deployment that is free."""
        claim = lanes.claim(self.store, deployment.id, "worker", ttl)
        assert claim
        return claim

    def shown(self, sha: str, context: str = "pushboat/staging") -> list[tuple[str, str]]:
        """What the forge will be told about a commit: state and description, in order."""
        query = sa.text("SELECT payload FROM outbox WHERE kind = 'status' ORDER BY id")
        with self.store.reading() as tx:
            letters = [json.loads(row["payload"]) for row in tx.rows(query)]
        mine = [each for each in letters if (each["sha"], each["context"]) == (sha, context)]
        return [(each["state"], each["description"]) for each in mine]

    def post_everything(self) -> list[outbox.Envelope]:
        """Empty the outbox as a poster whose forge always answers."""
        posted = []
        while letters := outbox.due_head(self.store, "poster", "github"):
            for letter in letters:
                outbox.sent(self.store, letter)
                posted.append(letter)
        return posted
