"""`gates`: whoever must say yes is asked before anything is written, or before it counts; silence is never a yes."""

from collections.abc import Iterator
from typing import Any

import pytest

from pushboat.config.gates import Gate
from pushboat.model.deployment import Deployment
from pushboat.model.state import State, Trigger
from pushboat.store import deployments, holds, lanes
from tests.fakes.gate import SECRET, FakeGate
from tests.store.repository import deploy, time_passes
from tests.waves.conftest import Yard, config_map

YES = {"answer": "allow"}


@pytest.fixture
def gate() -> Iterator[FakeGate]:
    """The change board."""
    fake = FakeGate(YES)
    yield fake
    fake.close()


def guarded(yard: Yard, gate: FakeGate, **more: Any) -> None:
    """Let the operator have the change board asked."""
    yard.allowing(gates=(Gate(name="board", url=gate.address, **{"secret": SECRET, **more}),))


def nothing_written(yard: Yard, name: str = "a") -> bool:
    """Say whether an object never came."""
    return yard.find("configmaps", name) is None


def asked_again(yard: Yard, made: Deployment) -> Deployment:
    """Let the time pass until it is asked again, and let the worker do so."""
    time_passes(yard.tools.store, 601)
    return yard.carry_out(made)


def test_it_is_asked_once_with_all_it_needs_to_know(yard: Yard, gate: FakeGate) -> None:
    """The board hears what comes where, of whom, before and after, signed; it says yes, and it is deployed."""
    guarded(yard, gate, when="both")
    made = yard.push(config_map("a"))
    assert made.state is State.SUCCEEDED, made.reason
    before, after = gate.questions
    assert (before["when"], after["when"], before["gate"], before["simulated"]) == ("before", "after", "board", False)
    told = before["deployment"]
    assert (told["id"], told["environment"], told["sha"], told["author"]) == (made.id, "staging", made.sha, "ann")
    assert told["url"] == f"http://pushboat.example/deployments/{made.id}"
    assert before["id"] != after["id"]


def test_a_no_writes_nothing_and_says_whose_and_why(yard: Yard, gate: FakeGate) -> None:
    """The board says no: my commit is red with its words, and the cluster was not touched."""
    gate.says = [{"answer": "deny", "reason": "no change ticket\n@everyone"}]
    guarded(yard, gate)
    made = yard.push(config_map("a"))
    assert (made.state, made.reason) == (State.FAILED, "gate board says no: no change ticket\\u000a@everyone")
    assert nothing_written(yard)


def test_while_it_does_not_know_the_lane_is_free(yard: Yard, gate: FakeGate) -> None:
    """The board thinks for an hour: no worker is held, my commit says so, and goes when the board says yes."""
    gate.says = [{"answer": "wait", "reason": "asking ann", "retry_after": 90}, YES]
    guarded(yard, gate)
    made = yard.push(config_map("a"))
    assert (made.state, made.attempts) == (State.QUEUED, 0)
    assert made.waits.startswith("waits for gate board, is asked again at ")
    assert made.waits.endswith(": asking ann")
    assert made.holds[0].who == "gate board"
    assert nothing_written(yard)
    assert lanes.claim(yard.tools.store, made.id, "worker") is None
    ended = asked_again(yard, made)
    assert ended.state is State.SUCCEEDED
    assert len({each["id"] for each in gate.questions}) == 1, "it is the same question"
    assert holds.listed(yard.tools.store) == []


@pytest.mark.parametrize(
    "said",
    [
        "yes",
        "[]",
        {"answer": "yes"},
        {"allow": True},
        {"answer": "allow", "id": "pushboat-another"},
        "[" * 100_000,
        "x" * 50_000,
        {"answer": ["allow"]},
    ],
    ids=["text", "a list", "another word", "another key", "another question", "deep", "long", "a list of words"],
)
def test_what_is_not_a_clear_yes_is_none(yard: Yard, gate: FakeGate, said: Any) -> None:
    """A gate that lies, stammers or answers somebody else's question lets nothing through."""
    gate.says = [said]
    guarded(yard, gate)
    made = yard.push(config_map("a"))
    assert made.state is State.QUEUED
    assert "it says nothing clear (its answer is" in made.waits or "it says nothing clear (its answer has" in made.waits
    assert nothing_written(yard)


@pytest.mark.parametrize("trouble", ["down", "unsigned", "slow"])
def test_silence_is_no_yes_and_ends(yard: Yard, gate: FakeGate, trouble: str) -> None:
    """It is away, does not know our secret, or hangs: nothing starts, and after its patience it is said for good."""
    guarded(yard, gate, timeout=0.5, patience=90.0, **({"secret": "another"} if trouble == "unsigned" else {}))
    if trouble == "down":
        gate.close()
    elif trouble == "slow":
        gate.hush("/ask")
    made = yard.push(config_map("a"))
    assert made.state is State.QUEUED
    assert "it says nothing clear" in made.waits
    for _ in range(3):
        assert yard.repository.row(made).state is State.QUEUED
        ended = asked_again(yard, made)
    assert ended.state is State.ERRORED
    assert ended.reason.startswith("gate board said nothing clear for 90 s, so nothing was deployed")
    assert nothing_written(yard)
    gate.hush("")


def test_a_no_afterwards_is_a_failure_that_is_rolled_back(yard: Yard, gate: FakeGate) -> None:
    """All is healthy and the board says no: red, and with `on_failure: rollback` the last good one comes back."""
    yard.more = {"on_failure": "rollback"}
    guarded(yard, gate, when="after")
    assert yard.push(config_map("a", version="1")).state is State.SUCCEEDED
    gate.says = [{"answer": "deny", "reason": "too many errors"}]
    made = yard.push(config_map("a", version="2"))
    assert made.state is State.FAILED
    assert made.reason.startswith("gate board says no: too many errors; rolling back to release 1")
    back = next(each for each in holds_free(yard) if each.trigger is Trigger.ON_FAILURE)
    assert yard.carry_out(back).state is State.SUCCEEDED, "nobody is asked whether what ran may run again"
    live = yard.find("configmaps", "a")
    assert live
    assert live["data"] == {"version": "1"}


def holds_free(yard: Yard) -> list[Deployment]:
    """List what waits and is held by nothing."""
    return [each for each in deployments.listed(yard.tools.store, state="queued") if not each.held]


def test_who_breaks_the_glass_asks_nobody(yard: Yard, gate: FakeGate) -> None:
    """The shop is down and the board asleep: what is deployed in an emergency says that nobody was asked."""
    gate.says = [{"answer": "deny"}]
    guarded(yard, gate, when="both")
    made = yard.routed(config_map("a"), leads_to=lambda sha: deploy(sha, glass="the shop is down"))
    ended = yard.carry_out(made)
    assert ended.state is State.SUCCEEDED
    assert gate.questions == []
    assert "not asked, since the glass was broken: board" in yard.said(ended)


def test_a_newer_commit_need_not_wait_for_the_answer(yard: Yard, gate: FakeGate) -> None:
    """The board does not know about mine when bob pushes: it is asked about his, and mine steps back."""
    gate.says = [{"answer": "wait"}, YES]
    guarded(yard, gate)
    mine = yard.push(config_map("a", version="1"))
    bobs = yard.push(config_map("a", version="2"))
    assert (yard.repository.row(mine).state, bobs.state) == (State.SUPERSEDED, State.SUCCEEDED)
    assert [each["deployment"]["sha"] for each in gate.questions] == [mine.sha, bobs.sha]


def test_patience_counts_from_when_a_gate_was_asked_first(yard: Yard, gate: FakeGate) -> None:
    """Ann thinks for 40 minutes, then the board is asked, which has half an hour: it may still say that it thinks."""
    ann = FakeGate(*[{"answer": "wait", "retry_after": 600}] * 4, YES)
    gate.says = [{"answer": "wait"}, YES]
    mine = {"secret": SECRET, "patience": 7200.0}
    board = Gate(name="board", url=gate.address, secret=SECRET, patience=1800.0)
    yard.allowing(gates=(Gate(name="ann", url=ann.address, **mine), board))
    made = yard.push(config_map("a"))
    for _ in range(4):
        made = asked_again(yard, made)
    ann.close()
    assert made.state is State.QUEUED, made.reason
    assert made.waits.startswith("waits for gate board")
