"""Refusals are counted, but neither their records nor their writes grow with the flood."""

import logging
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pushboat.config.operator import Operator
from pushboat.store import deliveries, tallies
from pushboat.store.database.engine import Store
from tests.receiving.front_door import SECRET, FrontDoor, github_headers, open_front_door, push_body
from webhook.rejections import RECORDS_PER_SECOND, Rejections


def test_a_flood_writes_a_few_records_a_second(front_door: FrontDoor) -> None:
    """Two hundred unsigned requests leave a handful of rows, and the next one says how many were left out."""
    started = time.monotonic()
    with ThreadPoolExecutor(8) as senders:
        list(senders.map(lambda _: front_door.post(b"{}", {"Content-Type": "application/json"}), range(200)))
    most = RECORDS_PER_SECOND * (2 + time.monotonic() - started)
    assert 1 <= len(deliveries.listed(front_door.store, limit=300)) <= most


def test_what_was_left_out_is_counted(store: Store) -> None:
    """The record after a pause says how many refusals went unrecorded before it."""
    rejections = Rejections(store)
    for _ in range(50):
        rejections.record("github", "192.0.2.1", "no", known=True)
    assert rejections.counted == 50
    deadline = time.monotonic() + 60
    while "more refusals" not in deliveries.listed(store, limit=1)[0].reason:
        rejections.record("github", "192.0.2.1", "no", known=True)
        assert time.monotonic() < deadline
    counted = tallies.read(store).of(tallies.DELIVERIES)
    assert counted == {("github", "rejected", ""): tallies.Tally(rejections.counted)}


def test_neither_bodies_nor_secrets_are_logged(front_door: FrontDoor, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever happens to a delivery, the log holds neither its body nor its signature nor a secret."""
    caplog.set_level(logging.DEBUG)
    body = push_body(note="in-the-body")
    signature = github_headers(body)["X-Hub-Signature-256"]
    front_door.post(body, github_headers(body))
    front_door.post(body, {**github_headers(body), "Content-Type": "text/plain"})
    front_door.post(body + b" ", github_headers(body))
    said = caplog.text
    assert "in-the-body" not in said
    assert signature not in said
    assert SECRET not in said


def test_a_store_that_cannot_be_written_is_said(operator: Operator, store: Store) -> None:
    """Where the database is gone the forge hears 503 and may deliver again; nobody is told that it was accepted."""
    with open_front_door(operator, store) as door:
        assert door.push("before").status_code == 202
        break_store(operator)
        answer = door.push("after")
        assert answer.status_code == 503
        assert "deliver it again" in answer.json()["error"]
        assert int(answer.headers["Retry-After"]) > 0
        assert len(door.rings) == 1
        assert door.post(b"{}", {"Content-Type": "application/json"}).status_code == 401
        assert door.get("/api/v1/deliveries").json()["status"] == 503
        assert "the database does not answer" in door.get("/deliveries").text.lower()


def test_what_nobody_foresaw_shows_nothing(operator: Operator, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """A fault of ours is answered with a sentence; the log names its place, and not what its text may quote."""

    def crack() -> None:
        raise RuntimeError(SECRET)

    with open_front_door(operator, store, ring=crack) as door:
        answer = door.push()
    assert (answer.status_code, list(answer.json())) == (500, ["error"])
    assert SECRET not in answer.text
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def break_store(operator: Operator) -> None:
    """Take the tables away from under the running process."""
    with sqlite3.connect(operator.state / "pushboat.sqlite3") as connection:
        connection.execute("ALTER TABLE delivery RENAME TO gone")
    connection.close()
