"""With PUSHBOAT_URL `deploy`, `rollback` and `cancel` are asked for there, and followed from here to their end."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from pushboat.events import Event, EventKind
from pushboat.model.api_token import Role
from pushboat.model.ask import AskVerdict
from pushboat.model.deployment import Counts
from pushboat.model.hold import Hold, Scope
from pushboat.model.question import Told
from pushboat.model.reach import EVERYTHING
from pushboat.model.state import State
from pushboat.routing import Answer, Decision
from pushboat.store import api_tokens, deliveries, ending, holds, lanes, mending, questions
from pushboat.store.database.engine import Store
from tests.cli.conftest import Finished, Pushboat
from tests.cli.test_asking import DEPLOY, DONE, NEWER, SHOP, decide, meanwhile
from tests.cli.test_from_anywhere import door, operator, remote
from tests.receiving.front_door import FrontDoor
from tests.store.repository import Repository
from tests.store.test_releases import released, render
from tests.until import until

__all__ = ["door", "operator", "remote"]

Remote = Callable[..., Finished]


@pytest.fixture
def token(store: Store) -> str:
    """A token that may ask."""
    return api_tokens.create(store, "ci", EVERYTHING, Role.DEPLOYER, 3600.0, "root")[1]


def ended(store: Store, state: State, reason: str) -> None:
    """Route the ask, and let its deployment end."""
    (number,) = decide(store, Decision(acts=(DEPLOY,), sentence="deploying", answer=DONE))
    claim = until(lambda: lanes.claim(store, number, "worker"), what="the claim")
    ending.finish(store, claim, state, reason)


@pytest.mark.parametrize(("state", "code"), [(State.SUCCEEDED, 0), (State.FAILED, 1), (State.CANCELLED, 1)])
def test_the_end_is_the_exit_code(remote: Remote, pushboat: Pushboat, store: Store, state: State, code: int) -> None:
    """I am told the same lines, code and JSON as at the server's own terminal, and the audit names my token."""
    asked = ("deploy", SHOP, "staging", "--json")
    finished = meanwhile(lambda: ended(store, state, "3 objects: so it went"), lambda: remote(*asked))
    assert finished.returncode == code, finished.stderr
    (known,) = json.loads(pushboat("history", "--json").stdout)["items"]
    assert {**json.loads(finished.stdout), "runs": known["runs"]} == known
    assert "deploying 1a2b3c4 to staging" in finished.stderr
    assert f"{state}: 3 objects: so it went" in finished.stderr
    (row,) = deliveries.listed(store)
    assert row.asks[0].who == "token ci"


def foretelling(store: Store, told: Told) -> Callable[[], None]:
    """Answer the question what a rollback would change, as a worker does."""

    def work() -> None:
        held = until(lambda: questions.claim(store, "dev"), what="the question")
        assert held.word == "rollback"
        assert questions.answer(store, held, told)

    return work


def test_what_a_rollback_changes_is_said_first(remote: Remote, pushboat: Pushboat, store: Store) -> None:
    """As at the server's terminal; and what I was shown is what is asked for."""
    told = Told(form={"release": 4}, said=(("", "staging goes back to release 4 (4444444): 1 to change"),))
    finished = meanwhile(foretelling(store, told), lambda: remote("rollback", SHOP, "staging", "--no-wait", "--json"))
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr.splitlines()[0] == "staging goes back to release 4 (4444444): 1 to change"
    assert json.loads(finished.stdout)["asks"][0]["arguments"] == {"release": "4"}


@pytest.mark.parametrize(("code", "release"), [(1, "7"), (3, "7")])
def test_a_rollback_is_asked_for_also_where_nobody_knows(remote: Remote, store: Store, code: int, release: str) -> None:
    """The one who decides says why there is no such release, and a cluster that is down keeps me from nothing."""
    told = Told(code=code, said=(("✗", "not known"),))
    words = ("rollback", SHOP, "staging", release, "--no-wait", "--json")
    finished = meanwhile(foretelling(store, told), lambda: remote(*words))
    assert finished.returncode == 0, finished.stderr
    assert ("not known" in finished.stderr) is (code == 3)
    assert json.loads(finished.stdout)["asks"][0]["arguments"] == {"release": release}


def test_an_ask_that_nobody_waits_for_is_shown(remote: Remote, pushboat: Pushboat, store: Store) -> None:
    """--no-wait returns at once with the delivery, as it does there."""
    words = ("rollback", SHOP, "staging", "--reason", "too slow", "--no-wait", "--json")
    finished = meanwhile(foretelling(store, Told(code=1)), lambda: remote(*words))
    assert finished.returncode == 0, finished.stderr
    shown = json.loads(finished.stdout)
    assert shown == json.loads(pushboat("deliveries", "show", shown["id"], "--json").stdout)
    (ask,) = shown["asks"]
    assert (ask["word"], ask["arguments"], ask["source"]) == ("rollback", {"reason": "too slow"}, "api")


@pytest.mark.parametrize(("verdict", "code"), [(AskVerdict.REFUSED, 1), (AskVerdict.UNKNOWN, 3)])
def test_a_refusal_is_a_no_and_silence_of_the_forge_is_none(
    remote: Remote, store: Store, verdict: AskVerdict, code: int
) -> None:
    """The whole reason is on stderr and nothing on stdout."""
    answer = Answer(verdict=verdict, reason="nothing is on its way to staging")
    decision = Decision(acts=(), sentence="refused", answer=answer)
    finished = meanwhile(lambda: decide(store, decision), lambda: remote("cancel", SHOP, "staging", "--json"))
    assert (finished.returncode, finished.stdout) == (code, ""), finished.stderr
    assert "✗ nothing is on its way to staging" in finished.stderr


def test_what_it_waits_for_is_said_and_out_of_time_is_no_answer(remote: Remote, store: Store) -> None:
    """Staging is paused: I read by whom and why, and where to look later; exit code 3."""
    holds.put(
        store, Hold(kind="pause", scope=Scope(repository=SHOP, environment="staging"), by="ann", reason="we migrate")
    )

    def work() -> None:
        decide(store, Decision(acts=(DEPLOY,), sentence="deploying", answer=DONE))

    finished = meanwhile(work, lambda: remote("deploy", SHOP, "staging", "--timeout", "10s"))
    assert finished.returncode == 3
    assert finished.stderr.count("paused by ann since 20") == 1
    assert "not ended after 10 s; it goes on: pushboat deliveries show 1" in finished.stderr


def test_a_superseded_one_ends_as_the_one_that_contains_it(remote: Remote, store: Store) -> None:
    """A push comes in between: I am told, and wait for that one."""

    def work() -> None:
        (older,) = decide(store, Decision(acts=(DEPLOY,), sentence="deploying", answer=DONE))
        event = Event(kind=EventKind.PUSH, action="updated", repository="acme/shop", ref="refs/heads/main", sha=NEWER)
        deliveries.accept(store, "github", "newer", event)
        (newer,) = decide(store, Decision(acts=(replace(DEPLOY, sha=NEWER),), sentence="deploying"), {older})
        taken = until(lambda: lanes.claim(store, newer, "worker"), what="the claim")
        ending.finish(store, taken, State.SUCCEEDED, "healthy in 2 s")

    finished = meanwhile(work, lambda: remote("deploy", SHOP, "staging"))
    assert finished.returncode == 0, finished.stderr
    assert "superseded by 9999999, which contains it" in finished.stderr
    assert "succeeded: healthy in 2 s" in finished.stderr


def test_a_rollback_that_answers_a_failure_is_followed(remote: Remote, store: Store) -> None:
    """My deployment fails and is rolled back: I read how that ends and what runs now, and the answer is still no."""
    repository = Repository(store)
    released(repository, repository.push("a" * 40))

    def work() -> None:
        (number,) = decide(store, Decision(acts=(DEPLOY,), sentence="deploying", answer=DONE))
        claim = until(lambda: lanes.claim(store, number, "worker"), what="the claim")
        ending.finish(store, claim, State.FAILED, "web crashes", counts=Counts(configured=1), rollback=True)
        back = mending.answered_by(store, number)
        assert back
        taken = until(lambda: lanes.claim(store, back.id, "worker"), what="the rollback's claim")
        ending.finish(store, taken, State.SUCCEEDED, "so it went", render=render("a"))

    finished = meanwhile(work, lambda: remote("deploy", SHOP, "staging"))
    assert finished.returncode == 1, finished.stderr
    assert "rolled back to release 1 (aaaaaaa): what runs in staging now is release 1 (aaaaaaa)" in finished.stderr


def test_typos_are_answered(remote: Remote, store: Store) -> None:
    """What I mistyped is told with what I may have meant, with the exit codes of the server's terminal."""
    for words, code, hint in (
        (("deploy", "github/acme/shoop", "staging"), 2, "did you mean 'github/acme/shop'?"),
        (("deploy", SHOP, "stagging"), 1, "did you mean 'staging'?"),
    ):
        refused = remote(*words)
        assert (refused.returncode, hint in refused.stderr) == (code, True), refused.stderr
    assert deliveries.listed(store) == []


@pytest.mark.parametrize(
    "words",
    ["deploy --sha 1a2b3c4", "deploy --prune", "rollback --break-glass=customers-cannot-order", "rollback --prune"],
)
def test_what_no_token_may_ask_for_is_not_sent(remote: Remote, store: Store, words: str) -> None:
    """It is refused here, by the option's own name, and nothing of it is left out silently."""
    word, *options = words.split()
    refused = remote(word, SHOP, "staging", *options)
    assert (refused.returncode, options[0].partition("=")[0] in refused.stderr) == (2, True)
    assert "works only where Pushboat runs" in refused.stderr
    assert deliveries.listed(store) == []


def test_a_viewers_token_asks_for_nothing(remote: Remote, store: Store) -> None:
    """I am told which token would do."""
    viewer = api_tokens.create(store, "eyes", EVERYTHING, Role.VIEWER, 3600.0, "root")[1]
    refused = remote("cancel", SHOP, "staging", PUSHBOAT_TOKEN=viewer)
    assert (refused.returncode, "--role deployer" in refused.stderr) == (2, True)
    assert deliveries.listed(store) == []


def test_a_pushboat_that_is_away_for_a_moment_is_waited_for(
    pushboat: Pushboat, door: FrontDoor, token: str, store: Store
) -> None:
    """It is updated while I follow: I do not have to ask again, and learn the end."""

    class Flickering(BaseHTTPRequestHandler):
        asked = 0

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(requests.post(door.url + self.path, data=body, headers=dict(self.headers), timeout=60))

        def do_GET(self) -> None:
            Flickering.asked += 1
            if Flickering.asked in (1, 4, 5):
                self.send_error(502)
            else:
                self.answer(requests.get(door.url + self.path, headers=dict(self.headers), timeout=60))

        def answer(self, said: requests.Response) -> None:
            self.send_response(said.status_code)
            self.send_header("Content-Length", str(len(said.content)))
            self.end_headers()
            self.wfile.write(said.content)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Flickering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        finished = meanwhile(
            lambda: ended(store, State.SUCCEEDED, "healthy"),
            lambda: pushboat("deploy", SHOP, "staging", PUSHBOAT_URL=url, PUSHBOAT_TOKEN=token),
        )
        server.shutdown()
    assert (finished.returncode, Flickering.asked > 5) == (0, True), finished.stderr
    assert len(deliveries.listed(store)) == 1
