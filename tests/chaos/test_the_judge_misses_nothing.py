"""The judge of a run can say no: each thing that must not happen is named where it did."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.chaos import schedule
from tests.chaos.facts import Facts, Lane, Row, Write, writes_in
from tests.chaos.judging import judge
from tests.chaos.lanes import Place, config_maps
from tests.chaos.producing import Commit, History, Ledger, Promise
from tests.chaos.running import Outcome, Wanted, written
from tests.chaos.telling import figures
from tests.fakes.bare import Bare

SHAS = ["a" * 40, "b" * 40]
PLACES = (
    Place(number=4, forge="gitlab", path="acme/quiet", runs=True),
    Place(number=8, forge="gitea", path="acme/tea", runs=True),
)
BOTH = ("staging", "production")


@dataclass(frozen=True)
class Run:
    """A run in which all was well with a repository and its two commits; each of its facts may be another one."""

    place: Place

    @property
    def name(self) -> str:
        return self.place.repository

    @property
    def here(self) -> str:
        return self.place.namespace("staging")

    @property
    def history(self) -> History:
        commits = [Commit(number=number, sha=SHAS[number - 1], parent=number - 1) for number in (1, 2)]
        return History(self.place, Bare(Path()), commits)

    @property
    def ledger(self) -> Ledger:
        promises = (Promise(delivery=number, repository=self.name, sha=SHAS[number - 1]) for number in (1, 2))
        return Ledger(sent=2, unanswered=0, promises=frozenset(promises), odd=())

    def row(self, number: int, state: str = "succeeded", **other: Any) -> Row:
        """Give the deployment of a commit."""
        made = Row(
            id=number,
            repository=self.name,
            environment="staging",
            sha=SHAS[number - 1],
            state=state,
            reason="",
            finished=True,
            contained=True,
        )
        return replace(made, **other)

    def write(self, revision: int, number: int, name: str = "settings", fence: int = 0, *, says: bool = True) -> Write:
        """Give a write of a commit's object."""
        return Write(
            revision=revision, namespace=self.here, name=name, number=number, fence=fence, verb="patch", says=says
        )

    @property
    def whole(self) -> Facts:
        """Give all that is so."""
        lane = Lane(config_maps=config_maps(2), image="web:2", unowned=(), inventories=(f"{self.name}:staging",))
        return Facts(
            delivered={number: (self.name, SHAS[number - 1], True) for number in (1, 2)},
            rows=(self.row(1, "superseded"), self.row(2)),
            unsent=0,
            lanes={self.here: lane},
            writes={
                self.here: (self.write(5, 1), self.write(6, 1, says=False, fence=2), self.write(7, 2, fence=2)),
            },
            statuses={(self.name, sha, "pushboat/staging"): ("pending", "success") for sha in SHAS},
        )

    def but(self, **other: Any) -> Facts:
        """Give facts of which some are others."""
        return replace(self.whole, **other)

    def lane(self, **other: Any) -> Facts:
        """Give facts with something else in the lane."""
        return self.but(lanes={self.here: replace(self.whole.lanes[self.here], **other)})

    def told(self, *states: str, **other: Any) -> Facts:
        """Give facts in which the first commit was told this."""
        return self.but(statuses={**self.whole.statuses, (self.name, SHAS[0], "pushboat/staging"): states}, **other)

    def wrote(self, *writes: Write) -> Facts:
        """Give facts with other writes."""
        return self.but(writes={self.here: writes})


WRONG: dict[str, Callable[[Run], Facts]] = {
    # Every 202 is in the store, and led to something.
    "is not in the store": lambda run: run.but(delivered={1: run.whole.delivered[1]}),
    "delivery 2 of": lambda run: run.but(delivered={**run.whole.delivered, 2: ("github/other", SHAS[1], True)}),
    "was never routed": lambda run: run.but(delivered={**run.whole.delivered, 2: (run.name, SHAS[1], False)}),
    "led to no deployment of bbbbbbb to staging": lambda run: run.but(rows=(run.row(1, "superseded"),)),
    "led to no deployment of aaaaaaa to staging": lambda run: run.but(
        rows=(run.row(2), run.row(1, environment="elsewhere"))
    ),
    "has 2 deployments of bbbbbbb": lambda run: run.but(rows=(*run.whole.rows, run.row(2, id=3))),
    # Every deployment comes to an end, and to a good one.
    "is still running": lambda run: run.but(rows=(run.row(1, "superseded"), run.row(2, "running", finished=False))),
    "is still queued": lambda run: run.but(rows=(run.row(1, "superseded"), run.row(2, "queued", finished=False))),
    "staging errored: its worker died": lambda run: run.but(
        rows=(run.row(1, "errored", reason="its worker died"), run.row(2))
    ),
    "staging failed": lambda run: run.but(rows=(run.row(1, "failed"), run.row(2))),
    # Every lane's objects are those of its newest commit.
    "is not at its newest commit 2": lambda run: run.lane(config_maps=config_maps(1)),
    "is not at its newest commit 2: {'settings'": lambda run: run.lane(config_maps={**config_maps(2), "turn-1": "1"}),
    "is not at its newest commit 2: {}": lambda run: run.lane(config_maps={}),
    "runs web:1, and its newest commit is 2": lambda run: run.lane(image="web:1"),
    "runs , and its newest commit is 2": lambda run: run.lane(image=""),
    "nobody looked at": lambda run: run.but(lanes={}),
    # No two deployments of a lane overlapped, nothing came late, no fence fell.
    "patch of turn-1 for commit 1": lambda run: run.wrote(run.write(5, 2), run.write(6, 1, "turn-1")),
    "patch of settings for commit 1 (revision 7)": lambda run: run.wrote(
        run.write(5, 1), run.write(6, 2, "turn-2"), run.write(7, 1), run.write(8, 2)
    ),
    "turn-2 of commit 2 was deleted, and made again": lambda run: run.wrote(
        run.write(5, 1), *(replace(run.write(revision, 2, "turn-2"), made=True) for revision in (6, 7)), run.write(8, 2)
    ),
    "something was written for 9": lambda run: run.wrote(*run.whole.writes[run.here], run.write(8, 9)),
    "the fence of settings fell from 3 to 2": lambda run: run.wrote(run.write(5, 1, fence=3), run.write(6, 2, fence=2)),
    # Statuses are in order and final, and say what is so.
    "its status did not end": lambda run: run.told("pending"),
    "its status did not end: ": lambda run: run.told(),
    "its status went back": lambda run: run.told("running", "pending", "success"),
    "something came after its end": lambda run: run.told("success", "pending", "success"),
    "something came after its end: success failure": lambda run: run.told("success", "failure"),
    "green, and neither it nor": lambda run: run.wrote(),
    "the store says succeeded": lambda run: run.told("failure", rows=(run.row(1), run.row(2))),
    "the store says failed": lambda run: run.but(rows=(run.row(1, "failed"), run.row(2))),
    "the store says superseded": lambda run: run.but(rows=(run.row(1, "superseded", contained=False), run.row(2))),
    # No orphan is left, in the cluster, in the store or on the machine.
    "nobody's inventory: left": lambda run: run.lane(unowned=("left",)),
    "has the inventories []": lambda run: run.lane(inventories=()),
    "has the inventories ['a', 'b']": lambda run: run.lane(inventories=("a", "b")),
    "letters were not sent": lambda run: run.but(unsent=3),
    "the audit does not stand": lambda run: run.but(audit="entry 3 was changed"),
    "left behind": lambda run: run.but(left=("77 python",)),
    "a log says": lambda run: run.but(said=("2 times 'deadlock detected'",)),
    "in the state folder": lambda run: run.but(sizes={"broker": 1 << 30}),
}


@pytest.fixture(params=PLACES, ids=lambda place: place.forge)
def run(request: pytest.FixtureRequest) -> Run:
    """A run in which all was well."""
    return Run(request.param)


def said(run: Run, facts: Facts, ledger: Ledger | None = None) -> list[str]:
    """Let the judge speak of a run with other facts."""
    return judge([run.history], ledger or run.ledger, facts).sentences


def test_a_run_in_which_all_was_well_is_one(run: Run) -> None:
    """Nothing is said of it."""
    assert said(run, run.whole) == []


@pytest.mark.parametrize("words", WRONG)
def test_what_must_not_happen_is_named(words: str, run: Run) -> None:
    """It happened, and the judge says so in its words."""
    assert any(words in sentence for sentence in said(run, WRONG[words](run)))


def test_one_environment_of_two_is_missed(run: Run) -> None:
    """A push led to a deployment in one of its repository's environments, and in the other one to nothing."""
    two = Run(replace(run.place, environments=BOTH))
    assert any("led to no deployment of bbbbbbb to production" in sentence for sentence in said(two, two.whole))


def test_a_push_that_was_refused_is_named(run: Run) -> None:
    """Producers are answered what nobody may answer them."""
    assert said(run, run.whole, replace(run.ledger, odd=("401",))) == ["an answer that nobody may get: 401"]


def test_a_push_that_nobody_took_is_named(run: Run) -> None:
    """Who sends does so until it is taken: where it never was, the run shows less than it says."""
    one = frozenset(promise for promise in run.ledger.promises if promise.delivery == 2)
    sentences = said(run, run.whole, replace(run.ledger, promises=one))
    assert sentences == [f"lost: {run.name} has commit 1, and no delivery of it was ever taken"]


def test_a_log_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """The API server died in the middle of a line; what it refused or tried dry is no write."""
    log = tmp_path / "audit.log"
    log.write_text('{"verb": "patch", "responseStatus": {"code": 409}, "responseObject": {}}\n{"verb": "pa')
    assert writes_in(log, ["here"]) == {"here": ()}


def test_an_outcome_becomes_a_row_of_the_page(run: Run) -> None:
    """What a run wrote down is read again, and its figures stand in the page's table, with those of all runs."""
    outcome = Outcome(
        day="2026-11-29",
        wanted=Wanted(seed=7, store="sqlite", seconds=30.0),
        environments=13,
        accepted=1200,
        sent=1300,
        unanswered=3,
        deployments={"succeeded": 40, "superseded": 1160},
        written=90,
        faults={"kill worker": 9},
        settled_seconds=12.3,
        verdict=judge([run.history], run.ledger, run.but(rows=(run.row(1, "superseded"),))),
    )
    assert outcome.verdict.lost
    page = figures([json.loads(written(outcome))] * 2)
    assert "| 2026-11-29 | sqlite | 7 | 30 s | 13 | 1,200 | 1,200 | 90 | 9 | 1 | 0 | 0 | 0 | 12 s |" in page, page
    assert "| **all** |  |  | 60 s |  | 2,400 | 2,400 | 180 | 18 | 2 | 0 | 0 | 0 |  |" in page
    assert "| kill worker | 18 |" in page


@pytest.mark.parametrize(
    "draw",
    [
        lambda seed: schedule.faults(seed, 60, "postgres", own_cluster=True),
        lambda seed: schedule.pushes(seed, 60, {0: 3, 1: 1}),
    ],
)
def test_a_seed_replays_its_schedule(draw: Callable[[int], list[object]]) -> None:
    """The same seed gives the same pushes and faults at the same moments, another one others."""
    assert draw(7) == draw(7) != draw(8)
