"""A merge group waits for whatever any deployment waits for, in the queue's turn: nothing starts early, or never."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pushboat.config.freezing import Freeze
from pushboat.config.gates import Gate
from pushboat.config.project import Allowed
from pushboat.model.state import State
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.queued import NAME, Shop, queued
from tests.fakes.gate import SECRET, FakeGate
from tests.fakes.github import FakeGitHub
from tests.store.repository import time_passes
from workers.deploying import story
from workers.freezing import Calendar

RULES = (NAME, "staging")
WAIT = {"answer": "wait", "reason": "asking ann", "retry_after": 60}
HOUR = 3600.0


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of hold: what is said while it holds, and how it ends."""

    says: str
    ends: Callable[["Scene"], None]


@dataclass
class Scene:
    """A shop with a merge queue, and those who may hold a group back."""

    shop: Shop
    gate: FakeGate
    github: FakeGitHub

    def approve(self, number: int = 1) -> None:
        """Let rita approve in the pull request's conversation."""
        self.shop.take(self.github.comment(NAME, number, "rita", "/deploy approve staging"))

    def tried(self, sha: str) -> str:
        """Let a worker that is free take what it may, and give what the group waits for still."""
        for made in self.shop.waiting():
            if made.sha in self.shop.ready():
                story.deploy(self.shop.tools, made.id)
        return "; ".join(each.waits for each in self.shop.waiting() if each.sha == sha)

    def thaw(self) -> None:
        """Let the windows pass, and what is asked again be asked."""
        time_passes(self.shop.store, 2 * HOUR)

    def may(self) -> None:
        """Let the gate say yes from now on."""
        self.gate.says = [{"answer": "allow"}]
        time_passes(self.shop.store, 61)


KINDS = {
    "freeze": Kind(says="frozen from", ends=Scene.thaw),
    "gate": Kind(says="waits for gate board", ends=Scene.may),
    "approval": Kind(says="waits for 1 approval", ends=Scene.approve),
    "reviewers": Kind(says="waits for 1 approval by rita, as staging at the forge demands", ends=Scene.approve),
}
CASES = [(name,) for name in KINDS] + list(combinations(KINDS, 2)) + [tuple(KINDS)]


@pytest.fixture
def scene(
    tmp_path: Path, store: Store, github: FakeGitHub, request: pytest.FixtureRequest
) -> Iterator[tuple[Scene, tuple[str, ...]]]:
    """Two pull requests may enter the queue; what holds is the parameter's."""
    kinds: tuple[str, ...] = request.param
    with ExitStack() as stack:
        gate = FakeGate(WAIT)
        stack.callback(gate.close)
        now = store.now()
        freeze = Freeze(zone=ZoneInfo("UTC"), begins=now - HOUR, ends=now + HOUR, reason="the weekend")
        limits = replace(
            STAGING,
            merge_queue="deploy",
            freeze=(freeze,) if "freeze" in kinds else (),
            gates=(Gate(name="board", url=gate.address, secret=SECRET),) if "gate" in kinds else (),
        )
        shop = stack.enter_context(queued(tmp_path, store, github, staging=limits))
        github.projects[NAME].permissions["rita"] = "write"
        for number in (1, 2):
            shop.open(number)
        if "approval" in kinds:
            project = replace(
                shop.tools.operator.projects[shop.name], environments=Allowed({"staging": replace(limits, approvals=1)})
            )
            shop.tools = replace(shop.tools, operator=replace(shop.tools.operator, projects={shop.name: project}))
        if "reviewers" in kinds:
            github.environments[RULES] = {"users": ["rita"]}
        Calendar(shop.tools.operator, store).look()
        yield Scene(shop, gate, github), kinds


@pytest.mark.parametrize("scene", CASES, ids=["-".join(each) for each in CASES], indirect=True)
def test_a_group_waits_in_its_turn_and_then_merges(scene: tuple[Scene, tuple[str, ...]]) -> None:
    """It says what for, and nobody overtakes it; once all that has ended it merges, and the next one begins."""
    (place, kinds), shop = scene, scene[0].shop
    one, _ = shop.enter(1, 2)
    left = list(kinds)
    while left:
        said = place.tried(one)
        holding = [name for name in left if KINDS[name].says in said]
        assert holding, f"nothing of {left} is said: {said}"
        assert {each.sha for each in shop.waiting()} == {one}, "one at a time"
        assert shop.queue.merged == []
        KINDS[holding[0]].ends(place)
        left = [name for name in left if name != holding[0] and KINDS[name].ends is not KINDS[holding[0]].ends]
    assert shop.ready() == [one]
    shop.through(one)
    assert shop.queue.merged == [one]
    (two,) = (each.sha for each in shop.waiting())
    assert two == shop.queue.groups[0].sha


@pytest.mark.parametrize("scene", [(name,) for name in KINDS], ids=list(KINDS), indirect=True)
def test_dropped_while_it_waits_it_leaves_nothing_behind(scene: tuple[Scene, tuple[str, ...]]) -> None:
    """The queue loses patience: nothing of the group runs or waits, and the environment is the next one's."""
    place, shop = scene[0], scene[0].shop
    one, _ = shop.enter(1, 2)
    assert KINDS[scene[1][0]].says in place.tried(one)
    shop.take(shop.queue.leave(1))
    shop.route()
    (two,) = (each.sha for each in shop.waiting())
    assert two == shop.queue.groups[0].sha
    assert two != one
    assert [each.sha for each in shop.held()] == [two]


@pytest.mark.parametrize("scene", [("approval",)], ids=["approval"], indirect=True)
def test_its_pull_requests_author_is_not_the_second_pair_of_eyes(scene: tuple[Scene, tuple[str, ...]]) -> None:
    """Bob queues what alice made: her word on the group's own commit is none; what rita said before it entered is."""
    place, shop = scene[0], scene[0].shop
    place.approve(2)
    shop.queue.author = "bob"
    one, two = shop.enter(1, 2)
    place.tried(one)
    row = shop.take(place.github.comment_on_commit(NAME, one, "alice", "/deploy approve staging"))
    assert "is behind #1" in row.audit[-1].reason
    assert shop.ready() == []
    shop.take(place.github.comment_on_commit(NAME, one, "rita", "/deploy approve staging"))
    shop.through(one)
    waits = place.tried(two)
    assert "waits for 1 approval" in waits, "it holds what the first one brought as well, which nobody saw with it"


@pytest.mark.parametrize("scene", [("approval",)], ids=["approval"], indirect=True)
def test_what_was_approved_before_it_entered_counts(scene: tuple[Scene, tuple[str, ...]]) -> None:
    """The group is the head's very files: rita has seen them, and it begins at once."""
    place, shop = scene[0], scene[0].shop
    place.approve(1)
    (one,) = shop.enter(1)
    assert shop.ready() == [one]
    shop.through(one)
    assert shop.queue.merged == [one]
    assert all(each.state is not State.QUEUED for each in shop.waiting())
