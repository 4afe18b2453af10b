"""A Pushboat elsewhere that is asked too much is waited for as it says, and one that is away for a moment is too."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from pushboat.model.question import Told
from pushboat.store import questions
from pushboat.store.database.engine import Store
from tests.cli.conftest import Pushboat
from tests.cli.test_asking import SHOP, meanwhile
from tests.cli.test_from_anywhere import door, operator, store, token
from tests.receiving.front_door import FrontDoor
from tests.until import until

__all__ = ["door", "operator", "store", "token"]

BUSY = (429, {"Retry-After": "1"}, b'{"detail": "8 questions of this token wait"}')
LONG = (429, {"Retry-After": "3600"}, b'{"detail": "ask again later"}')
PROXYS = (429, {"Retry-After": "1"}, b"<html>a proxy's page</html>")
AWAY = (502, {}, b'{"detail": "it is updated"}')
Refusal = tuple[int, dict[str, str], bytes]


@dataclass
class Before:
    """What stands before a Pushboat: it says each refusal once, to the first who asks in that manner."""

    url: str
    refusals: dict[str, list[Refusal]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def before(behind: str, **refusals: list[Refusal]) -> Iterator[Before]:
    """Serve what is behind, after the refusals."""

    class Passing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stands.asked.append(f"{self.command} {self.path}")
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            left = stands.refusals.get(self.command, [])
            code, headers, said = left.pop(0) if left else self._passed(body)
            self.send_response(code)
            for name, value in {**headers, "Content-Length": str(len(said))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def _passed(self, body: bytes) -> Refusal:
            known = {name: self.headers[name] for name in ("Authorization", "Content-Type") if name in self.headers}
            said = requests.request(self.command, behind + self.path, headers=known, data=body, timeout=60)
            return said.status_code, {}, said.content

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Passing) as server:
        stands = Before(f"http://127.0.0.1:{server.server_port}", refusals)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield stands
        server.shutdown()
        thread.join(60)


def answered(store: Store) -> None:
    """Be the worker who answers."""
    held = until(lambda: questions.claim(store, "dev"), what="the question")
    questions.answer(store, held, Told(code=0, lines=("all is well",)))


@pytest.mark.parametrize("refusals", [{"POST": [BUSY]}, {"POST": [PROXYS]}, {"GET": [AWAY]}, {"GET": [BUSY]}])
def test_a_question_is_asked_again(
    pushboat: Pushboat, door: FrontDoor, store: Store, token: str, refusals: dict[str, list[Refusal]]
) -> None:
    """I get my answer, and the question was kept once."""
    with before(door.url, **{name: list(given) for name, given in refusals.items()}) as stands:
        there = {"PUSHBOAT_URL": stands.url, "PUSHBOAT_TOKEN": token}
        finished = meanwhile(lambda: answered(store), lambda: pushboat("drift", SHOP, "staging", **there))
    assert (finished.returncode, finished.stdout) == (0, "all is well\n"), finished.stderr
    assert sum(each.startswith("POST") for each in stands.asked) == 1 + len(refusals.get("POST", []))
    assert ("is asked too much" in finished.stderr) == (AWAY not in refusals.get("GET", []))


def test_nobody_waits_for_an_hour(pushboat: Pushboat, door: FrontDoor, token: str) -> None:
    """What asks for more than a minute and a half ends at once: exit code 3, and it says for how long it would be."""
    with before(door.url, GET=[LONG]) as stands:
        refused = pushboat("status", PUSHBOAT_URL=stands.url, PUSHBOAT_TOKEN=token)
    assert (refused.returncode, refused.stdout, len(stands.asked)) == (3, "", 1)
    assert "ask again later" in refused.stderr
    assert "3600 s" in refused.stderr
