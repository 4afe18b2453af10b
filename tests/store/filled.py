"""Fills a store with everything that this version can write, through the store's own functions, and dumps it as SQL.

`python -m tests.store.filled` writes `tests/data/store/<revision>.sqlite.sql`, `.postgres.sql` and `.json` (what its
readers must still find) for the newest migration. Run it once per migration, when that is final, and commit the three
files: from then on every later migration upgrades them in test_old_stores_are_upgraded.py.
"""

import json
import re
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from itertools import count, groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Counts, Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.json_forms import delivery_form, deployment_form
from pushboat.model.manifest import Ref
from pushboat.model.state import State
from pushboat.routing import Decision, Post, Reply
from pushboat.routing.holds import sentence
from pushboat.store import deliveries, deployments, enacting, ending, hinting, holds, outbox, processes, routing_jobs
from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store
from pushboat.store.database.schema import outbox as letters
from pushboat.store.database.transaction import Transaction
from tests.store import postgres
from tests.store.repository import NAME, Repository, deploy, plan, push

FOLDER = Path(__file__).parents[1] / "data" / "store"
PAST = 1_790_000_000.0
"""When the dumped stores were filled: a time that has passed."""

PUBLIC = "https://pushboat.example"
LONG = 240.0
WEB = Change(
    ref=Ref("apps", "Deployment", "shop", "web"), action=Action.CREATED, diff="+ replicas: 2\n", notes=("new",)
)
OLD = Change(ref=Ref("", "ConfigMap", "shop", "old"), action=Action.DELETED, diff="", notes=())


class Clocked(Store):
    """A store whose clock goes on by an eighth of a second with each transaction, so that two dumps are equal."""

    def __init__(self, plain: Store, since: float = PAST) -> None:
        super().__init__(plain.engine, plain.turn)
        object.__setattr__(self, "_moments", (since + tick / 8 for tick in count()))

    def _transaction(self, connection: sa.Connection) -> Transaction:
        return Transaction(connection, next(self._moments), self.postgres)


def fill(store: Store) -> None:
    """Leave a row of every sort behind; the dispatcher's heartbeat is the last, and tells when that was."""
    shop = Repository(store)
    _ended(shop)
    _superseded(shop)
    _waiting(shop)
    _held(shop)
    _planned(shop)
    _posted(shop)
    _delivered(store, shop)
    processes.beat(store, "worker", 101)
    processes.beat(store, "dispatcher", 100, "broker: ok")


def _ended(shop: Repository) -> None:
    for number, state in enumerate((State.SUCCEEDED, State.FAILED, State.ERRORED, State.CANCELLED)):
        (made,) = shop.route(deploy(f"e{number}", f"ended-{state}", ref="refs/tags/v1"))
        claim = shop.claim(made)
        deployments.record(shop.store, made.id, "checkout", "checked out deploy/ at e")
        deployments.record(shop.store, made.id, "apply", "applying 2 objects")
        counts = Counts(created=1, deleted=1, unchanged=7)
        ending.finish(
            shop.store, claim, state, f"it {state}", details="```\nlog\n```", counts=counts, changes=[WEB, OLD]
        )


def _superseded(shop: Repository) -> None:
    first = shop.push("a1")
    second = shop.push("a2", contains=[first])
    forced = shop.push("a3")
    ending.finish(shop.store, shop.claim(forced), State.SUCCEEDED, "healthy")
    assert shop.row(second).state is State.SUPERSEDED
    (follower,) = shop.route(deploy("b1", "followed"))
    (newest,) = shop.route(deploy("b2", "followed"), contained=[follower.id])
    shop.route(deploy("b0", "followed"), outdated={"followed": newest.id})


def _waiting(shop: Repository) -> None:
    (running,) = shop.route(deploy("c1", "running"))
    shop.claim(running, LONG)
    shop.route(deploy("c2", "running"), contained=[running.id])
    (again,) = shop.route(deploy("d1", "again"))
    ending.give_back(shop.store, shop.claim(again), "the cluster does not answer", LONG)
    (orphan,) = shop.route(deploy("d2", "orphaned"))
    shop.claim(orphan, -1.0)
    assert ending.sweep(shop.store) == 1
    (dead,) = shop.route(deploy("d3", "dead"))
    shop.claim(dead, 0.0)
    (hinted,) = shop.route(deploy("d4", "hinted"))
    hinting.hinted(shop.store, [hinted.id])


def _held(shop: Repository) -> None:
    paused = Scope(repository=NAME, environment="paused")
    shop.route(deploy("k1", "paused"))
    holds.put(shop.store, Hold(kind="pause", scope=paused, by="ann", reason="we migrate"))
    everything = Scope(repository="github/acme/other")
    holds.put(shop.store, Hold(kind="pause", scope=everything, by="ann", until=PAST + 100_000))


def _planned(shop: Repository) -> None:
    ended, failed = shop.route(plan("f1"), plan("f1", "production"))
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
    outbox.hold(shop.store, "gitlab", LONG)


def _delivered(store: Store, shop: Repository) -> None:
    deliveries.accept(store, "github", "ping", push("h"), ignored="we do not follow it")
    deliveries.reject(store, "github", "10.0.0.1", "the signature is wrong")
    mistaken = shop.receive("i1")
    claim = routing_jobs.claim_routing(store, NAME, "router", LONG)
    assert claim
    decision = Decision(acts=(), sentence="nothing deployed: 2 mistakes", details=".pushboat.yaml:1:1: one\n:2:1: two")
    enacting.complete(store, claim, mistaken, decision)
    waiting = deliveries.replay(store, deliveries.listed(store)[-1].id)
    routing_jobs.postpone(store, claim, waiting, "waiting: github does not answer", LONG)
    deliveries.accept(store, "gitlab", "other", push("j1", "acme/other"))
    assert deliveries.accept(store, "github", "delivery-1", push("e0")).duplicate  # last: it costs Postgres a number


def readings(store: Store) -> dict[str, Any]:
    """Read back what an upgrade must leave as it is, whatever the time."""
    with store.reading() as tx:
        unsent = tx.rows(sa.select(letters).where(letters.c.sent_at.is_(None)).order_by(letters.c.id))
    everything = deployments.listed(store, kind=None, limit=1000)
    return {
        "deployments": [{**deployment_form(row, PUBLIC), "reason": row.reason} for row in everything],
        "changes": {str(row.id): _written(deployments.changes(store, row.id)) for row in everything},
        "progress": {str(row.id): [line.text for line in deployments.progress(store, row.id)] for row in everything},
        "deliveries": [delivery_form(row) for row in deliveries.listed(store, limit=1000)],
        "letters": [[row[name] for name in ("id", "stream", "forge", "attempts", "error")] for row in unsent],
        "holds": [[hold.kind, asdict(hold.scope), hold.by, sentence(hold), hold.since] for hold in holds.listed(store)],
        "beats": [[beat.name, beat.pid, beat.at, beat.note] for beat in processes.beats(store)],
    }


def due(store: Store) -> dict[str, Any]:
    """Say what may happen next, at the time when the store was filled."""
    ready = hinting.due(store)
    return {
        "hinted": ready,
        "routed": routing_jobs.due_repositories(store),
        "posted": sorted(
            each.id
            for forge in outbox.due_forges(store)
            for each in outbox.due_head(store, "reporter", forge, limit=1000)
        ),
        "swept": ending.sweep(store),
        "claimed": [number for number in ready if Repository(store).claim(_found(store, number))],
    }


def _found(store: Store, number: int) -> Deployment:
    found = deployments.find(store, number)
    assert found
    return found


def _written(changes: Iterable[Change]) -> list[list[Any]]:
    return [[str(one.ref), str(one.action), one.diff, list(one.notes)] for one in changes]


def _filled(url: str, folder: Path) -> Store:
    plain = open_store(url, folder)
    migrations.upgrade(plain)
    store = Clocked(plain)
    fill(store)
    with store.writing() as tx:
        for row in tx.rows(sa.select(letters.c.id, letters.c.payload).where(letters.c.kind == "reply")):
            payload = json.dumps({**json.loads(row["payload"]), "marker": f"pushboat:{row['id']}"})  # random otherwise
            tx.change(sa.update(letters).where(letters.c.id == row["id"]).values(payload=payload))
    return store


def _dump_sqlite(folder: Path) -> tuple[str, dict[str, Any]]:
    store = _filled("", folder)
    found = readings(store)
    with sqlite3.connect(folder / "pushboat.sqlite3") as connection:
        text = "\n".join(connection.iterdump()) + "\n"
    connection.close()
    found["next"] = due(store)
    store.close()
    return text, found


def _dump_postgres(server: postgres.Server) -> tuple[str, dict[str, Any]]:
    url = server.fresh()
    store = _filled(url, Path())
    found = readings(store)
    name = url.partition("?")[0].rpartition("/")[2]
    command = [server.programs / "pg_dump", "-h", server.folder, "-U", "postgres", "--column-inserts", "--no-owner"]
    dumped = subprocess.run([*command, name], check=True, capture_output=True, text=True).stdout
    found["next"] = due(store)
    store.close()
    return _tidied(dumped), found


def _tidied(dumped: str) -> str:
    """Leave out what differs between two dumps or two servers: comments, settings, psql's own lines, rows' order."""
    noise = re.compile(r"--|\\|SET |SELECT pg_catalog.set_config|$")
    lines = [line for line in dumped.splitlines() if not noise.match(line)]
    tidied: list[str] = []
    for is_row, group in groupby(lines, lambda line: line.startswith("INSERT INTO")):
        block = list(group)
        tidied += sorted(block, key=_first_number) if is_row else block
    return "\n".join(tidied) + "\n"


def _first_number(line: str) -> tuple[str, int]:
    table, _, values = line.partition(" VALUES (")
    number = values.partition(",")[0]
    return table, int(number) if number.isdigit() else 0


def main() -> None:
    """Write the three files of the newest migration."""
    revision = migrations.newest()
    with tempfile.TemporaryDirectory() as folder, postgres.server() as server:
        sqlite_text, found = _dump_sqlite(Path(folder))
        postgres_text, also_found = _dump_postgres(server)
    assert found == also_found, "the two stores do not agree"
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"v{revision}.sqlite.sql").write_text(sqlite_text)
    (FOLDER / f"v{revision}.postgres.sql").write_text(postgres_text)
    (FOLDER / f"v{revision}.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
