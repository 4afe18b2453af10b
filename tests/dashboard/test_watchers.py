"""I leave a deployment's page open, and it goes on by itself; however many do so, it costs a socket each."""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, g

from dashboard.taking_over import Watch, taking_over
from dashboard.watchers import LASTS, MOST_OF_ONE, UNREAD, Watcher, Watchers
from pushboat.config import operator as operator_file
from pushboat.errors import StoreUnavailable
from pushboat.model.api_token import Role
from pushboat.model.changeset import ChangeSet
from pushboat.model.ci import CiRun
from pushboat.model.reach import EVERYTHING
from pushboat.model.state import State
from pushboat.store import api_tokens, lanes, progress_lines
from pushboat.store.database.engine import Store, open_store
from pushboat.store.ending import finish
from pushboat.store.progress_lines import Line
from tests.fresh_store import fresh_store
from tests.pages.ledger import Ledger
from tests.receiving.front_door import FrontDoor
from tests.receiving.web_process import children, connect, prepare, push, read_to_end, served, showing
from tests.until import until
from webhook import bearers
from webhook.ci.admitting import Admission

MANY = 200


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An operator's file on a free port, and a store with its tables."""
    return prepare(tmp_path)


@pytest.fixture
def store(config: Path) -> Iterator[Store]:
    """The store that the processes read."""
    opened = open_store("", operator_file.load(config, os.environ).state)
    yield opened
    opened.close()


class Page:
    """An open page's stream of events."""

    def __init__(self, url: str, number: int, *headers: str, after: int = 0) -> None:
        self.connection = connect(url)
        head = [f"GET /api/v1/deployments/{number}/events?after={after} HTTP/1.1", "Host: localhost", *headers, "\r\n"]
        self.connection.sendall("\r\n".join(head).encode())
        self._file = self.connection.makefile("rb")
        self.head = "".join(iter(lambda: self._file.readline().decode(), "\r\n"))

    def event(self) -> dict[str, Any]:
        """Wait for the next event."""
        for line in self._file:
            if line.startswith(b"data: "):
                return dict(json.loads(line.removeprefix(b"data: ")))
        raise AssertionError("the stream ended")

    def is_at_its_end(self) -> bool:
        """Wait for the end."""
        return self._file.read().strip() == b""

    def close(self) -> None:
        """Leave."""
        self._file.close()
        self.connection.close()


def texts(event: dict[str, Any]) -> list[str]:
    """Give the lines of an event."""
    return [line["text"] for line in event["items"]]


def say(store: Store, number: int, text: str) -> None:
    """Let the worker say something."""
    progress_lines.record(store, [Line(deployment=number, phase="apply", text=text)])


@pytest.mark.programs
def test_lines_come_as_they_are_written_until_the_end(config: Path, store: Store) -> None:
    """I watch: what has been said is there at once, what is said comes, and the end is the last that I read."""
    ledger = Ledger(store)
    made = ledger.queued()
    with served(config) as (_, url), showing(config):
        page = Page(url, made.id)
        assert "200 OK" in page.head
        assert "Content-Type: text/event-stream" in page.head
        assert "Content-Security-Policy:" in page.head, "what every answer has"
        assert (first := page.event())["state"] == "queued"
        assert texts(first) == []
        claim = lanes.claim(store, made.id, "worker")
        assert claim
        assert page.event()["state"] == "running"
        for text in ("applying 3 objects", "waiting for web"):
            say(store, made.id, text)
            assert texts(page.event()) == [text]
        last = max(line.id for line in progress_lines.listed(store, made.id))
        again = Page(url, made.id, f"Last-Event-ID: {last - 1}")
        assert texts(again.event()) == ["waiting for web"], "a browser that comes again reads what it has not read"
        finish(store, claim, State.SUCCEEDED, "healthy", counts=ChangeSet(()).counts)
        for each in (page, again):
            assert (end := each.event())["ended"] is True
            assert end["reason"] == "healthy"
            assert each.is_at_its_end()
            each.close()
        done = Page(url, made.id)
        assert done.event()["ended"] is True
        assert done.is_at_its_end()
        done.close()
    assert (config.parent / "log").read_text() == ""


@pytest.mark.programs
def test_hundreds_watch_without_a_thread_each(config: Path, store: Store) -> None:
    """Two hundred pages stay open: others get theirs, deliveries are taken, and each watcher is told."""
    made = Ledger(store).running()
    with ExitStack() as stack:
        _, url = stack.enter_context(served(config))
        [worker] = children(stack.enter_context(showing(config)).pid)
        pages = [Page(url, made.id) for _ in range(MANY)]
        for page in pages:
            stack.callback(page.close)
            assert texts(page.event())[-1] == "applying 3 objects"
        assert len(list(Path(f"/proc/{worker}/task").iterdir())) < 30
        assert requests.get(f"{url}/deployments/{made.id}", timeout=60).ok
        assert push(url) == 202
        say(store, made.id, "all of you")
        assert all(texts(page.event()) == ["all of you"] for page in pages)
        for page in pages:
            page.close()
        until(lambda: len(list(Path(f"/proc/{worker}/fd").iterdir())) < MANY, what="their sockets to be closed")


@pytest.mark.programs
def test_what_cannot_be_watched_is_answered_like_any_page(config: Path, store: Store) -> None:
    """A deployment that does not exist, a parameter that is wrong, a question for the head alone: no crash."""
    made = Ledger(store).running()
    with served(config) as (_, url), showing(config):
        at = f"{url}/api/v1/deployments"
        assert requests.get(f"{at}/77/events", timeout=60).status_code == 404
        assert requests.get(f"{at}/{made.id}/events?after=x", timeout=60).status_code == 400
        assert requests.post(f"{at}/{made.id}/events", timeout=60).status_code == 405
        head = requests.head(f"{at}/{made.id}/events", timeout=60)
        assert (head.status_code, head.headers["Content-Type"]) == (200, "text/event-stream")
        page = Page(url, made.id, "Last-Event-ID: ²")
        assert len(texts(page.event())) == 2
        page.close()
        with connect(url) as gone:  # before it is answered
            gone.sendall(f"GET /api/v1/deployments/{made.id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert requests.get(f"{at}/{made.id}", timeout=60).ok
    assert (config.parent / "log").read_text() == ""


@pytest.mark.programs
def test_a_stream_is_for_those_who_may_see_the_page(tmp_path: Path) -> None:
    """Pages have a password: without it a stream is refused, and nothing is told."""
    (tmp_path / "password").write_text("open sesame\n")
    config = prepare(tmp_path, f"pages: {{password: {{file: {tmp_path / 'password'}}}}}\n")
    store = open_store("", operator_file.load(config, os.environ).state)
    made = Ledger(store).running()
    store.close()
    with served(config) as (_, url), showing(config), connect(url) as connection:
        connection.sendall(f"GET /api/v1/deployments/{made.id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        answer = read_to_end(connection)
        assert answer.startswith(b"HTTP/1.1 401")
        assert b"applying" not in answer


def test_a_server_that_gives_no_connection_tells_once(front_door: FrontDoor, ledger: Ledger) -> None:
    """Elsewhere than behind gunicorn the answer is one event, and says when to come again."""
    made = ledger.running()
    answer = front_door.get(f"/api/v1/deployments/{made.id}/events")
    assert answer.text.startswith("retry: 2000\nid: ")
    assert len(texts(json.loads(answer.text.partition("data: ")[2]))) == 2


class Told:
    """A story that grows when the test says so, and a store that may be away."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.away = False

    def ask(self, _number: int, after: int) -> dict[str, Any] | None:
        """Tell what is new since a line."""
        if self.away:
            self.away = False
            raise StoreUnavailable("the disk is full")
        return {"items": [line for line in self.items if line["id"] > after], "ended": False}

    def add(self, text: str) -> None:
        """Say a line."""
        self.items.append({"id": len(self.items) + 1, "text": text})


def test_who_reads_nothing_is_left_and_others_are_told() -> None:
    """One laptop sleeps with the page open: its connection ends instead of growing, and the others do not wait."""
    told = Told()
    watchers = Watchers(told.ask)
    (asleep, theirs), (awake, ours) = socket.socketpair(), socket.socketpair()
    story = told.ask(1, 0)
    assert story is not None
    for client in (theirs, ours):
        watchers.take(Watcher(client, 1, story, 0, lambda: True), b"head")
    reading = awake.makefile("rb")
    for number in range(4):
        told.away = number == 2
        told.add(str(number) * UNREAD)
        while not (line := reading.readline()).startswith((b"data: ", b"headdata: ")):
            assert line, "it ended"
        assert str(number) * UNREAD in line.decode()
    until(lambda: theirs.fileno() < 0, what="the one that reads nothing to be left")
    assert ours.fileno() >= 0
    for each in (reading, asleep, awake):
        each.close()
    until(lambda: ours.fileno() < 0, what="the other one to be forgotten")


def test_one_visitor_leaves_room_for_others() -> None:
    """Whoever opens streams by the hundred is told once on each further one, and comes again; another is followed."""
    told = Told()
    watchers = Watchers(told.ask)
    story, ends = told.ask(1, 0), [socket.socketpair() for _ in range(MOST_OF_ONE + 2)]
    assert story is not None

    def ask(end: socket.socket, visitor: str) -> bytes:
        """Ask to be told, as the server's worker hands it on; what is answered at once is all there is."""

        def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
            environ["pushboat.watch"].append(Watch(1, story, 0, lambda: True, visitor))
            start_response("200 OK", [])
            return [b"once"]

        environ = {"gunicorn.socket": end, "REQUEST_METHOD": "GET"}
        try:
            return b"".join(taking_over(application, watchers)(environ, lambda *_: None))
        except StopIteration:
            return b""

    crowd = [ask(theirs, "ada") for _, theirs in ends[:-1]]
    assert crowd == [*[b""] * MOST_OF_ONE, b"once"]
    assert ask(ends[-1][1], "bob") == b""
    told.add("news")
    ends[-1][0].settimeout(60)
    heard = b""
    while b"news" not in heard:
        heard += ends[-1][0].recv(4096)
    for mine, theirs in ends:
        mine.close()
        theirs.close()
    until(lambda: not watchers.are_many_of("ada"), what="who has gone to be forgotten")


def test_a_revoked_token_is_told_no_more(tmp_path: Path) -> None:
    """At the next look its open stream ends; one whose token still counts goes on."""
    store = fresh_store(tmp_path)
    told, room = Told(), Flask("somewhere")
    watchers = Watchers(told.ask, looks_every=0.05)
    story = told.ask(1, 0)
    assert story is not None
    ends = {}
    for name in ("leaked", "kept"):
        _, secret = api_tokens.create(store, name, EVERYTHING, Role.VIEWER, 3600.0, "ops")
        with room.test_request_context(headers={"Authorization": f"Bearer {secret}"}):
            assert bearers.let_in(store, Admission([]), secret) is None
            lives = bearers.lasting(store)
        ends[name] = socket.socketpair()
        watchers.take(Watcher(ends[name][1], 1, story, 0, lives), b"head")
    api_tokens.revoke(store, "leaked", "ops")
    until(lambda: ends["leaked"][1].fileno() < 0, what="the revoked one's stream to end")
    assert ends["kept"][1].fileno() >= 0
    for mine, _ in ends.values():
        mine.close()
    until(lambda: ends["kept"][1].fileno() < 0, what="the other one to be forgotten")
    store.close()


def test_nobody_is_told_for_longer_than_minutes_on_one_connection() -> None:
    """Then whether they still may is asked anew, with all that their door asks; a browser comes again by itself."""
    assert LASTS == 300
    told = Told()
    watchers = Watchers(told.ask, looks_every=0.05, lasts=3.1)
    story = told.ask(1, 0)
    assert story is not None
    mine, theirs = socket.socketpair()
    began = time.monotonic()
    watchers.take(Watcher(theirs, 1, story, 0, lambda: True), b"head")
    told.add("still told")
    said = read_to_end(mine)
    assert time.monotonic() - began >= 3.1
    assert b"still told" in said
    assert said.count(b": still here") >= 2
    mine.close()


def test_a_job_is_told_until_its_token_ends(tmp_path: Path) -> None:
    """A job of CI cannot be revoked; its forge says until when it counts."""
    store = fresh_store(tmp_path)
    with Flask("somewhere").test_request_context():
        for expires_at, still in ((time.time() - 1, False), (time.time() + 60, True)):
            run = CiRun(name="ci", reach=EVERYTHING, role=Role.VIEWER, expires_at=expires_at)
            setattr(g, bearers.HOLDER, run)
            assert bearers.lasting(store)() is still
    store.close()
