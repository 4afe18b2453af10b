"""A gate says one thing and then another, or both at once, or to the wrong question: only the last clear word counts.

Nothing is deployed here: what a gate lets go on is fetched from a forge that is away.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pushboat.config.gates import Gate
from pushboat.config.project import IGNORE
from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State
from pushboat.store import deployments, holds, passing, progress_lines
from tests.fakes.gate import SECRET, FakeGate
from tests.spoofing.scene import SHOP, STAGING, Scene, on_stage
from tests.store.repository import time_passes
from tests.until import until
from tests.written import config_map
from workers.deploying.story import deploy

ALLOW, DENY, WAIT = {"answer": "allow"}, {"answer": "deny", "reason": "no ticket"}, {"answer": "wait"}
HERE, HOUR = Scope(repository=f"github/{SHOP}", environment="staging"), 3600.0
_NO_PAUSE = sa.text("UPDATE deployment SET not_before = 0")


@pytest.fixture
def board() -> Iterator[FakeGate]:
    """The change board."""
    gate = FakeGate(ALLOW)
    yield gate
    gate.close()


@pytest.fixture
def guarded(board: FakeGate, tmp_path: Path) -> Iterator[Scene]:
    """A pull request, of which nothing comes to staging before the board says yes."""
    gates = (Gate(name="board", url=board.address, secret=SECRET, timeout=20.0),)
    limits = replace(STAGING, gates=gates, forge_environments=IGNORE)
    with on_stage("github", tmp_path / "stage", {"staging": limits}) as scene:
        yield scene


def pushed(scene: Scene, of: str = "main") -> Deployment:
    """Push to main, and give the deployment that this leads to."""
    scene.told(scene.forge.push(SHOP, "main", {"deploy/a.yaml": config_map("a", of=of)}, author="bob"))
    return scene.deployed()[0]


def tried(scene: Scene, made: Deployment) -> Deployment:
    """Let a worker carry it out as far as the forge lets it, which is not beyond the gate."""
    scene.forge.down = True
    deploy(scene.tools, made.id)
    scene.forge.down = False
    with scene.tools.store.writing() as tx:
        tx.change(_NO_PAUSE)
    return now(scene, made)


def now(scene: Scene, made: Deployment) -> Deployment:
    """Look at it as it stands now."""
    found = deployments.find(scene.tools.store, made.id)
    assert found
    return found


def let_go(scene: Scene, made: Deployment) -> bool:
    """Say whether a worker went on behind the gate: it set out to fetch the commit."""
    return any(line.phase == "checkout" for line in progress_lines.listed(scene.tools.store, made.id))


def test_yes_and_then_no(guarded: Scene, board: FakeGate) -> None:
    """The board allows it, the forge is away, and when it is back the board has changed its mind: nothing comes."""
    board.says = [ALLOW, DENY]
    made = pushed(guarded)
    assert tried(guarded, made).state is State.QUEUED
    assert let_go(guarded, made)
    ended = tried(guarded, made)
    assert (ended.state, ended.reason) == (State.FAILED, "gate board says no: no ticket")
    assert len({each["id"] for each in board.questions}) == 1


def test_no_and_then_yes(guarded: Scene, board: FakeGate) -> None:
    """A no is the end of that deployment: nobody asks again, however often workers are told of it."""
    board.says = [DENY, ALLOW]
    made = pushed(guarded)
    assert tried(guarded, made).state is State.FAILED
    assert tried(guarded, made).state is State.FAILED
    assert len(board.questions) == 1
    again = pushed(guarded, "once more")
    tried(guarded, again)
    assert let_go(guarded, again)
    assert not let_go(guarded, made)


def test_an_answer_to_what_was_superseded(guarded: Scene, board: FakeGate) -> None:
    """It thinks about mine while bob's comes: its yes to bob's does not bring mine back, and mine is asked no more."""
    board.says = [WAIT, ALLOW]
    mine = pushed(guarded)
    assert tried(guarded, mine).held
    bobs = pushed(guarded, "bob")
    time_passes(guarded.tools.store, 601)
    assert tried(guarded, mine).state is State.SUPERSEDED
    tried(guarded, bobs)
    assert let_go(guarded, bobs)
    assert not let_go(guarded, mine)
    assert [each["deployment"]["sha"] for each in board.questions] == [mine.sha, bobs.sha]


def test_an_answer_to_an_old_question(guarded: Scene, board: FakeGate) -> None:
    """It sends the yes that it gave for yesterday's commit once more: that is no answer about today's."""
    yesterday = pushed(guarded)
    tried(guarded, yesterday)
    board.says = [{**ALLOW, "id": board.questions[0]["id"]}]
    today = pushed(guarded, "today")
    assert "its answer is to another question" in tried(guarded, today).waits
    assert not let_go(guarded, today)


@pytest.mark.parametrize(
    "said",
    [
        '{"answer": "deny", "answer": "allow"}',
        '{"answer": "allow", "answer": "deny"}',
        json.dumps(DENY) + json.dumps(ALLOW),
        json.dumps([DENY, ALLOW]),
        '{"id": "another", "answer": "allow", "id": "pushboat"}',
    ],
    ids=["no yes", "yes no", "two texts", "a list", "two ids"],
)
def test_both_at_once(guarded: Scene, board: FakeGate, said: Any) -> None:
    """One answer says yes and no: which of them a program reads is chance, so it is neither."""
    board.says = [said]
    made = pushed(guarded)
    waiting = tried(guarded, made)
    assert waiting.state is State.QUEUED
    assert "it says nothing clear (its answer " in waiting.waits
    assert not let_go(guarded, made)


@pytest.mark.parametrize("word", ["/deploy cancel staging", "/deploy lock staging"])
def test_a_slow_yes(guarded: Scene, board: FakeGate, word: str) -> None:
    """It hangs, and before it says yes somebody cancels: the yes comes too late. Who locks is told what has begun."""
    made = pushed(guarded)
    board.hush("/ask")
    scene = guarded
    with ThreadPoolExecutor(1) as worker:
        carried_out = worker.submit(deploy, scene.tools, made.id)
        until(lambda: now(scene, made).state is State.RUNNING)
        scene.comment("alice", word)
        scene.forge.down = True
        board.hush("")
        carried_out.result()
    scene.forge.down = False
    ended = now(scene, made)
    if "cancel" in word:
        assert (ended.state, let_go(scene, made)) == (State.CANCELLED, False)
    else:
        assert ended.held
        assert ended.waits.startswith("locked by alice")


def test_a_weekend_uses_up_no_patience(guarded: Scene, board: FakeGate) -> None:
    """The board thinks on Friday when a freeze begins: on Monday it has as long as it had left then, not less."""
    board.says = [WAIT]
    made = pushed(guarded)
    store = guarded.tools.store
    assert tried(guarded, made).held
    begins = store.now()
    window = Hold(kind="freeze", scope=HERE, by="pushboat.yaml", subject="0", begins=begins, until=begins + 60 * HOUR)
    holds.put(store, window)
    time_passes(store, 60 * HOUR + 1)
    passing.notice(store, 0.0)
    waiting = tried(guarded, made)
    assert (waiting.state, len(board.questions)) == (State.QUEUED, 2), waiting.reason
    assert waiting.waits.startswith("waits for gate board")


def test_its_own_time_uses_it_up(guarded: Scene, board: FakeGate) -> None:
    """It says "wait" for ten minutes each time, and is asked for an hour in all: then that is the end."""
    board.says = [{**WAIT, "retry_after": 600}]
    made = pushed(guarded)
    for _ in range(6):
        assert tried(guarded, made).state is State.QUEUED
        time_passes(guarded.tools.store, 601)
    ended = tried(guarded, made)
    assert ended.state is State.ERRORED
    assert ended.reason.startswith("gate board said wait for 60 min, so nothing was deployed")
