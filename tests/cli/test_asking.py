"""`pushboat deploy` and the like: the ask is stored, followed, and told in sentences and exit codes."""

import json
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from threading import Thread

import pytest

from cli import following
from cli.vantage import Here
from pushboat.events import Event, EventKind
from pushboat.model.ask import AskVerdict
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Answer, Decision, Deploy
from pushboat.store import deliveries, enacting, ending, holds, lanes, routing_jobs
from pushboat.store.database.engine import Store
from tests.cli.conftest import Finished, Pushboat
from tests.until import until

SHOP = "github/acme/shop"
SHA, NEWER = "1a2b3c4" + "0" * 33, "9" * 40
DEPLOY = Deploy(
    kind=Kind.DEPLOY, environment="staging", ref="refs/heads/main", sha=SHA, author="olga", trigger=Trigger.COMMAND
)
DONE = Answer(verdict=AskVerdict.DONE, reason="deploying 1a2b3c4 to staging")


def decide(store: Store, decision: Decision, contained: Collection[int] = ()) -> tuple[int, ...]:
    """Wait for an ask, and route it as a worker would."""
    claim = until(lambda: routing_jobs.claim_routing(store, SHOP, "router"), what="an ask")
    row = routing_jobs.next_unrouted(store, claim)
    assert row
    numbers = enacting.complete(store, claim, row.id, decision, contained)
    routing_jobs.release(store, claim)
    return numbers


def meanwhile(act: Callable[[], object], command: Callable[[], Finished]) -> Finished:
    """Run a command while somebody else acts."""
    failures: list[BaseException] = []

    def guarded() -> None:
        try:
            act()
        except BaseException as failure:  # noqa: BLE001 - shown by the test below
            failures.append(failure)

    other = Thread(target=guarded)
    other.start()
    finished = command()
    other.join()
    assert not failures, failures
    return finished


def test_an_ask_names_the_repository_in_any_letters(pushboat: Pushboat, store: Store) -> None:
    """What is stored is the operator's spelling, so that it waits in the lane of all others."""
    finished = pushboat("deploy", "github/Acme/SHOP", "staging", "--no-wait", "--json")
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["event"]["repository"] == "acme/shop"


def test_an_ask_is_stored_with_who_asked(pushboat: Pushboat, store: Store) -> None:
    """With --no-wait the command returns at once; the delivery says who wants what, from where."""
    finished = pushboat("deploy", SHOP, "staging", "--sha", "1a2b3c4", "--no-wait", "--json")
    assert finished.returncode == 0, finished.stderr
    shown = json.loads(finished.stdout)
    (ask,) = shown["asks"]
    assert (shown["event"]["kind"], shown["event"]["action"], shown["verdict"]) == ("ask", "deploy", "accepted")
    assert (ask["word"], ask["environment"], ask["arguments"]) == ("deploy", "staging", {"sha": "1a2b3c4"})
    assert ask["who"].endswith(" on the command line")
    assert (ask["source"], ask["verdict"], ask["deployment"]) == ("command", None, None)
    assert f"/deliveries/{shown['id']}" in finished.stderr
    read = json.loads(pushboat("deliveries", "show", shown["id"], "--json").stdout)
    assert read["asks"] == shown["asks"]


@pytest.mark.parametrize(("state", "code"), [(State.SUCCEEDED, 0), (State.FAILED, 1), (State.CANCELLED, 1)])
def test_the_end_is_the_exit_code(pushboat: Pushboat, store: Store, state: State, code: int) -> None:
    """Lines come as they are written; --json prints the deployment as it ended."""

    def work() -> None:
        (number,) = decide(store, Decision(acts=(DEPLOY,), sentence="deploying", answer=DONE))
        claim = until(lambda: lanes.claim(store, number, "worker"), what="the claim")
        ending.finish(store, claim, state, "3 objects: so it went")

    finished = meanwhile(work, lambda: pushboat("deploy", SHOP, "staging", "--json"))
    assert finished.returncode == code, finished.stderr
    assert json.loads(finished.stdout)["state"] == state
    assert "deploying 1a2b3c4 to staging" in finished.stderr
    assert f"{state}: 3 objects: so it went" in finished.stderr


@pytest.mark.parametrize(("verdict", "code"), [(AskVerdict.REFUSED, 1), (AskVerdict.UNKNOWN, 3)])
def test_a_refusal_is_a_no_and_silence_of_the_forge_is_none(
    pushboat: Pushboat, store: Store, verdict: AskVerdict, code: int
) -> None:
    """The reason is on stderr, nothing on stdout, and it stays readable beside the delivery."""
    answer = Answer(verdict=verdict, reason="there is no such commit")
    decision = Decision(acts=(), sentence="refused", answer=answer)
    finished = meanwhile(lambda: decide(store, decision), lambda: pushboat("deploy", SHOP, "staging", "--json"))
    assert (finished.returncode, finished.stdout) == (code, ""), finished.stderr
    assert "✗ there is no such commit" in finished.stderr
    (row,) = deliveries.listed(store)
    told = pushboat("deliveries", "show", row.id).stdout
    assert f"{verdict}: there is no such commit" in told


def test_out_of_time_is_no_answer(pushboat: Pushboat, store: Store) -> None:
    """Nobody takes it up: exit code 3, and where to look later."""
    finished = pushboat("deploy", SHOP, "staging", "--timeout", "1s")
    assert finished.returncode == 3
    assert "not ended after 1.0 s; it goes on: pushboat deliveries show 1" in finished.stderr


def test_a_superseded_one_ends_as_the_one_that_contains_it(pushboat: Pushboat, store: Store) -> None:
    """A push comes in between: I am told, and wait for that one."""

    def work() -> None:
        (older,) = decide(store, Decision(acts=(DEPLOY,), sentence="deploying", answer=DONE))
        event = Event(kind=EventKind.PUSH, action="updated", repository="acme/shop", ref="refs/heads/main", sha=NEWER)
        deliveries.accept(store, "github", "newer", event)
        (newer,) = decide(store, Decision(acts=(replace(DEPLOY, sha=NEWER),), sentence="deploying"), {older})
        taken = until(lambda: lanes.claim(store, newer, "worker"), what="the claim")
        ending.finish(store, taken, State.SUCCEEDED, "healthy in 2 s")

    finished = meanwhile(work, lambda: pushboat("deploy", SHOP, "staging"))
    assert finished.returncode == 0, finished.stderr
    assert "superseded by 9999999, which contains it" in finished.stderr
    assert "succeeded: healthy in 2 s" in finished.stderr


def test_what_it_waits_for_is_said(pushboat: Pushboat, store: Store) -> None:
    """Staging is paused: I read by whom and why instead of looking at nothing."""
    scope = Scope(repository=SHOP, environment="staging")
    holds.put(store, Hold(kind="pause", scope=scope, by="ann", reason="we migrate"))

    def work() -> None:
        decide(store, Decision(acts=(DEPLOY,), sentence="deploying", answer=DONE))

    finished = meanwhile(work, lambda: pushboat("deploy", SHOP, "staging", "--timeout", "10s"))
    assert finished.returncode == 3
    assert finished.stderr.count("paused by ann since 20") == 1
    assert " UTC: we migrate" in finished.stderr


def test_what_pushboat_does_not_know_is_usage(pushboat: Pushboat, store: Store) -> None:
    """A repository that the operator's file lacks cannot be asked about, and nothing is stored."""
    finished = pushboat("deploy", "github/acme/shoop", "staging")
    assert finished.returncode == 2
    assert "did you mean 'github/acme/shop'?" in finished.stderr
    assert pushboat("deploy", SHOP, "staging", "--timeout", "soon").returncode == 2
    assert deliveries.listed(store) == []


def test_a_long_silence_says_how_long_it_took_and_how_long_it_may(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever waits at a terminal knows that we are still there, and until when."""
    now, here = time.monotonic(), Here(store=store, public_url="")
    following._Watch(1200.0, "x", here, began=now - 45, spoke=now - 15).pause()
    assert capsys.readouterr().err == "… 45 s of at most 20 min\n"
    following._Watch(1200.0, "x", here, began=now - 45, spoke=now - 5).pause()
    assert capsys.readouterr().err == ""
