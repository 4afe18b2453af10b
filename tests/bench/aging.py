"""A store after years of use against an empty one: 200,000 deliveries and 50,000 deployments must not be felt.

And claims while retention takes tens of thousands of rows away, against claims in peace.
"""

import json
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from flask.testing import FlaskClient

from dashboard.app import create_app
from pushboat.config import operator as operator_file
from pushboat.config.operator import Operator
from pushboat.config.retention import Retention
from pushboat.errors import StoreUnavailable
from pushboat.events import Event, EventKind, to_json
from pushboat.model.state import Kind, State, Trigger
from pushboat.reading.environments import overview
from pushboat.routing import Decision, Deploy
from pushboat.store import deliveries, deployments, enacting, ending, hinting, lanes, routing_jobs
from pushboat.store.database.engine import Store, open_store
from pushboat.store.database.migrations import upgrade
from pushboat.store.forgetting import forget
from tests.bench.measuring import Row
from workers.tidying import REST

DELIVERIES, DEPLOYMENTS, ENVIRONMENTS = 200_000, 50_000, 40
ROUNDS = 30
DAY = 24 * 3600.0
FILE = """\
state: {state}
forges:
  github: {{kind: github, webhook_secrets: [{{env: S}}], token: {{env: S}}}}
clusters: {{dev: {{in_cluster: true}}}}
projects:
"""
PROJECT = (
    "  - {{repository: github/acme/shop{0}, environments: {{staging: {{cluster: dev, namespaces: [shop{0}]}}}}}}\n"
)
Act = Callable[[], object]


class Place:
    """One store with a front door, and what is done there."""

    def __init__(self, folder: Path) -> None:
        self.operator: Operator = operator_file.parse(
            FILE.format(state=folder) + "".join(PROJECT.format(number) for number in range(ENVIRONMENTS)),
            folder / "pushboat.yaml",
            {"S": "s" * 20},
        )
        folder.mkdir(parents=True, exist_ok=True)
        self.store: Store = open_store("", folder)
        upgrade(self.store)
        self.client: FlaskClient = create_app(self.operator, self.store).test_client()
        self.numbers = count(1)
        for number in range(ENVIRONMENTS):
            self.deploys(f"acme/shop{number}")
        for number in range(0, ENVIRONMENTS, 4):
            self.deploys(f"acme/shop{number}", State.FAILED)

    def page(self) -> object:
        """Look at the environments, as a browser does."""
        return self.client.get("/").status_code

    def status(self) -> object:
        """Look at them as the command does."""
        return overview(self.store, self.operator)

    def lists(self) -> object:
        """Look through lists by what few rows have."""
        deployments.listed(self.store, repository="github/acme/shop3", state="cancelled")
        deployments.listed(self.store, sha="f0f0f0f")
        return deliveries.listed(self.store, sha="f0f0f0f")

    def accept(self) -> object:
        """Take one delivery in that leads to nothing."""
        event = Event(kind=EventKind.PING, action="", repository="acme/shop1")
        return deliveries.accept(self.store, "github", f"ping-{next(self.numbers)}", event, ignored="a ping")

    def deploys(self, repository: str = "acme/shop2", end: State = State.SUCCEEDED) -> float:
        """Bring one push from acceptance to its end, and say how long the claim took."""
        sha = f"{next(self.numbers):040x}"
        event = Event(kind=EventKind.PUSH, action="updated", repository=repository, ref="refs/heads/main", sha=sha)
        accepted = deliveries.accept(self.store, "github", f"push-{sha}", event)
        routing = routing_jobs.claim_routing(self.store, f"github/{repository}", "router")
        assert routing
        act = Deploy(
            kind=Kind.DEPLOY, environment="staging", ref=event.ref, sha=sha, author="ann", trigger=Trigger.PUSH
        )
        (number,) = enacting.complete(self.store, routing, accepted.id, Decision(acts=(act,), sentence="deploys"))
        routing_jobs.release(self.store, routing)
        assert number in hinting.due(self.store)
        began = time.perf_counter()
        claim = lanes.claim(self.store, number, "worker")
        took = time.perf_counter() - began
        assert claim
        ending.finish(self.store, claim, end, "")
        return took


def measure(folder: Path) -> list[Row]:
    """Compare the full store with the empty one, then claims during retention with claims in peace."""
    full, empty = Place(folder / "full"), Place(folder / "empty")
    fill(full.store)
    rows = [
        _compared(f"{what} with {DELIVERIES:,} deliveries, against none", act(full), act(empty))
        for what, act in _ACTS.items()
    ]
    rows += _claims_during_retention(full)
    full.store.close()
    empty.store.close()
    return rows


_ACTS: dict[str, Callable[[Place], Act]] = {
    "`/`": lambda place: place.page,
    "`status`": lambda place: place.status,
    "lists by state and by commit": lambda place: place.lists,
    "accept": lambda place: place.accept,
    "a push from accept to finish": lambda place: place.deploys,
    "claim": lambda place: place.deploys,
}


def _compared(what: str, ours: Act, peer: Act) -> Row:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for side, act in enumerate((ours, peer)):
            began = time.perf_counter()
            result = act()
            took = time.perf_counter() - began
            times[side].append(result if what.startswith("claim") and isinstance(result, float) else took)
    return Row(what, statistics.median(times[0]), statistics.median(times[1]))


def _claims_during_retention(place: Place) -> list[Row]:
    calm = [place.deploys() for _ in range(ROUNDS)]
    stop, gone = threading.Event(), Counter[str]()
    other = open_store("", place.operator.state)  # the dispatcher is a process of its own: no common turn
    thread = threading.Thread(target=_forget_until, args=(stop, other, gone))
    thread.start()
    busy = []
    while thread.is_alive() and len(busy) < 10 * ROUNDS:
        busy.append(place.deploys())
        thread.join(0.005)
    stop.set()
    thread.join()
    other.close()
    removed = gone.total()
    usual = statistics.median(calm)
    return [
        Row(
            f"the median of {len(busy)} claims while {removed:,} rows go, against in peace",
            statistics.median(busy),
            usual,
        ),
        Row("the longest delay of them, against the 50 ms that are allowed", max(busy) - usual, 0.05),
        Row("the longest delay in peace, against the same", max(calm) - usual, 0.05),
    ]


def _forget_until(stop: threading.Event, store: Store, gone: Counter[str]) -> None:
    while not stop.is_set():
        with suppress(StoreUnavailable):  # no gap for seconds: it tries again, as the dispatcher does
            gone.update(forget(store, Retention(deliveries=DAY, deployments=DAY, keep=20), lambda: stop.wait(REST)))


def fill(store: Store) -> None:
    """Write years of use straight into the tables: most pushes superseded, some changes, posted letters."""
    text = json.dumps(to_json(Event(kind=EventKind.PUSH, action="updated", repository="acme/shop0", ref="r", sha="s")))
    with store.writing() as tx:
        year_ago = tx.now - 300 * DAY
        for statement in _FILL:
            tx.change(
                sa.text(statement), deliveries=DELIVERIES, deployments=DEPLOYMENTS, places=ENVIRONMENTS, at=year_ago,
                event=text, step=300 * DAY / DELIVERIES,
            )  # fmt: skip


_FILL = (
    (
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :deliveries) "
        "INSERT INTO delivery (forge, delivery, repository, sha, event, verdict, reason, received_at, routed_at) "
        "SELECT 'github', 'old-' || i, 'github/acme/shop' || (i % :places), printf('%040x', 1000000 + i), :event, "
        "'accepted', 'deploys', :at + i * :step, :at + i * :step FROM n"
    ),
    (
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :deployments) "
        "INSERT INTO deployment (lane_id, seq, kind, ref, sha, author, cause, state, reason, created_at, started_at, "
        "finished_at, settled) "
        "SELECT l.id, l.seq + 1 + i / :places, 'deploy', 'refs/heads/main', "
        "printf('%040x', 2000000 + i), 'ann', 'push', CASE WHEN l.id % 4 = 1 THEN 'failed' "
        "WHEN i % 3 = 0 THEN 'succeeded' ELSE 'superseded' END, 'why', "
        ":at + i * 4 * :step, :at + i * 4 * :step, :at + i * 4 * :step, 1 "
        "FROM n JOIN lane l ON l.id = 1 + i % :places"
    ),
    ("UPDATE lane SET seq = (SELECT max(seq) FROM deployment d WHERE d.lane_id = lane.id)"),
    (
        "INSERT INTO progress (deployment_id, at, phase, text) "
        "SELECT id, created_at, 'apply', 'applying' FROM deployment"
    ),
    (
        "INSERT INTO change_set (deployment_id, changes) SELECT id, printf('%.*c', 20000, 'x') FROM deployment "
        "WHERE state = 'succeeded' AND started_at < :at + 100000 * :step"
    ),
    (
        "INSERT INTO outbox (stream, forge, repository, kind, payload, created_at, sent_at) "
        "SELECT 'status ' || sha, 'github', 'acme/shop', 'status', '{}', created_at, created_at FROM deployment"
    ),
)
