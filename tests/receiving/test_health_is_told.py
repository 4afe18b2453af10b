"""Probes and people learn whether this process lives, and whether it can take deliveries."""

import sqlite3
from pathlib import Path

import pytest
import requests

from pushboat.config.operator import Operator
from pushboat.store import processes
from pushboat.store.database.engine import Store
from tests.bad_day import BadDay
from tests.receiving.front_door import FrontDoor, open_front_door
from tests.receiving.web_process import push, served
from tests.store.repository import time_passes
from tests.until import until


def test_readiness_shows_the_others(front_door: FrontDoor) -> None:
    """A writable store is ready; the broker's state is the dispatcher's word, and every process' last sign is shown."""
    processes.beat(front_door.store, "dispatcher", 42, "valkey answers in 1 ms")
    answer = front_door.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["broker"] == "valkey answers in 1 ms"
    shown = {process["name"]: process for process in answer.json()["processes"]}
    assert set(shown) == {"dispatcher", "web"}
    assert (shown["dispatcher"]["pid"], shown["dispatcher"]["age_seconds"] < 5) == (42, True)


def test_a_process_that_says_nothing_any_more_is_named(front_door: FrontDoor) -> None:
    """The worker froze a minute ago: which one and since when; deliveries are still taken in, so the web is ready."""
    processes.beat(front_door.store, "worker", 41)
    time_passes(front_door.store, 60)
    processes.beat(front_door.store, "reporter", 43)
    answer = front_door.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    (stale,) = answer.json()["stale"]
    assert stale.startswith("worker (pid 41) gave its last sign of life 1 min ago")


def test_a_process_that_was_replaced_is_not_missed(front_door: FrontDoor) -> None:
    """The worker was restarted: the row of the one before is no trouble."""
    processes.beat(front_door.store, "worker", 41)
    time_passes(front_door.store, 60)
    processes.beat(front_door.store, "worker", 42)
    assert front_door.get("/readyz").json()["stale"] == []


def test_a_store_without_tables_is_not_ready(operator: Operator, store: Store) -> None:
    """Where nothing can be stored the process lives, but is not ready, and says why."""
    with sqlite3.connect(operator.state / "pushboat.sqlite3") as connection:
        connection.execute("ALTER TABLE process RENAME TO gone")
    connection.close()
    with open_front_door(operator, store) as door:
        answer = door.get("/readyz")
        assert answer.status_code == 503
        assert "db upgrade" in answer.json()["store"]
        assert door.get("/healthz").status_code == 200


def test_readiness_has_the_figures_of_the_disk(front_door: FrontDoor) -> None:
    """My monitoring sees how large the store is and how much room is left, before it is too late."""
    disk = front_door.get("/readyz").json()["disk"]
    assert disk["store_bytes"] > 10_000
    assert disk["state_free_bytes"] > 0


@pytest.mark.programs
@pytest.mark.parametrize("trouble", ["full_disk", "read_only_disk"])
def test_a_full_disk_is_not_ready(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str) -> None:
    """When the store's disk takes no write any more, balancers are told so and forges try again later."""
    day = BadDay.on(tmp_path / "var", tmp_path)
    for name, value in day.environ.items():
        monkeypatch.setenv(name, value)

    with served(config) as (_, url):
        assert ready(url) == 200
        with getattr(day, trouble)():
            until(lambda: ready(url) == 503, what="the trouble to be noticed")
            assert push(url, "d-full") == 503
        until(lambda: ready(url) == 200, what="its end to be noticed")
        assert push(url, "d-room") == 202


def ready(url: str) -> int:
    """Ask whether the web process can do its work, and give the code of its answer."""
    return requests.get(f"{url}/readyz", timeout=60).status_code
