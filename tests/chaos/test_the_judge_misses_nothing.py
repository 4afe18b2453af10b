"""The judge of a run can say no: each thing that must not happen is named where it did."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

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
PLACE = Place(number=4, forge="gitlab", path="acme/quiet")
HERE, NAME = PLACE.namespace("staging"), PLACE.repository
HISTORY = History(PLACE, Bare(Path()), [Commit(number=n, sha=SHAS[n - 1], parent=n - 1) for n in (1, 2)])
LEDGER = Ledger(
    sent=2,
    unanswered=0,
    promises=frozenset(Promise(delivery=n, repository=NAME, sha=SHAS[n - 1]) for n in (1, 2)),
    odd=(),
)


def row(number: int, state: str = "succeeded") -> Row:
    """Give the deployment of a commit."""
    return Row(
        id=number,
        repository=NAME,
        environment="staging",
        sha=SHAS[number - 1],
        state=state,
        reason="",
        finished=True,
        contained=True,
    )


def write(revision: int, number: int, name: str = "settings", fence: int = 0, *, says: bool = True) -> Write:
    """Give a write of a commit's object."""
    return Write(revision=revision, namespace=HERE, name=name, number=number, fence=fence, verb="patch", says=says)


WHOLE = Facts(
    delivered={n: ("acme/quiet", SHAS[n - 1], True) for n in (1, 2)},
    rows=(row(1, "superseded"), row(2)),
    unsent=0,
    lanes={HERE: Lane(config_maps=config_maps(2), image="", unowned=(), inventories=(f"{NAME}:staging",))},
    writes={HERE: (write(5, 1), write(6, 1, says=False, fence=2), write(7, 2, fence=2))},
    statuses={(NAME, sha, "pushboat/staging"): ("pending", "success") for sha in SHAS},
)
STATUS = (NAME, SHAS[0], "pushboat/staging")


def lane(**other: object) -> Facts:
    """Give facts with something else in the lane."""
    return replace(WHOLE, lanes={HERE: replace(WHOLE.lanes[HERE], **other)})  # type: ignore[arg-type]


def told(*states: str) -> Facts:
    """Give facts in which the first commit was told this."""
    return replace(WHOLE, statuses={**WHOLE.statuses, STATUS: states})


WRONG: dict[str, Facts] = {
    "is not in the store": replace(WHOLE, delivered={1: WHOLE.delivered[1]}),
    "was never routed": replace(WHOLE, delivered={**WHOLE.delivered, 2: ("acme/quiet", SHAS[1], False)}),
    "led to no deployment": replace(WHOLE, rows=(row(1, "superseded"),)),
    "has 2 deployments of bbbbbbb": replace(WHOLE, rows=(*WHOLE.rows, replace(row(2), id=3))),
    "patch of turn-1 for commit 1": replace(WHOLE, writes={HERE: (write(5, 2), write(6, 1, "turn-1"))}),
    "the fence of settings fell from 3 to 2": replace(
        WHOLE, writes={HERE: (write(5, 1, fence=3), write(6, 2, fence=2))}
    ),
    "its status did not end": told("pending"),
    "something came after its end": told("success", "pending", "success"),
    "green, and neither it nor": replace(WHOLE, writes={HERE: ()}),
    "the store says succeeded": replace(WHOLE, rows=(row(1), row(2)), statuses=told("failed").statuses),
    "is not at its newest commit 2": lane(config_maps=config_maps(1)),
    "nobody's inventory: left": lane(unowned=("left",)),
    "has the inventories": lane(inventories=()),
    "is still running": replace(WHOLE, rows=(row(1, "superseded"), replace(row(2, "running"), finished=False))),
    "letters were not sent": replace(WHOLE, unsent=3),
    "the audit does not stand": replace(WHOLE, audit="entry 3 was changed"),
    "left behind": replace(WHOLE, left=("77 python",)),
    "a log says": replace(WHOLE, said=("2 times 'deadlock detected'",)),
    "in the state folder": replace(WHOLE, sizes={"broker": 1 << 30}),
}


def test_a_run_in_which_all_was_well_is_one() -> None:
    """Nothing is said of it."""
    assert judge([HISTORY], LEDGER, WHOLE).sentences == []


@pytest.mark.parametrize("words", WRONG)
def test_what_must_not_happen_is_named(words: str) -> None:
    """It happened, and the judge says so in its words."""
    assert any(words in sentence for sentence in judge([HISTORY], LEDGER, WRONG[words]).sentences)


def test_a_push_that_was_refused_is_named() -> None:
    """Producers are answered what nobody may answer them."""
    assert judge([HISTORY], replace(LEDGER, odd=("401",)), WHOLE).sentences == ["an answer that nobody may get: 401"]


def test_a_log_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    """The API server died in the middle of a line; what it refused or tried dry is no write."""
    log = tmp_path / "audit.log"
    log.write_text('{"verb": "patch", "responseStatus": {"code": 409}, "responseObject": {}}\n{"verb": "pa')
    assert writes_in(log, [HERE]) == {HERE: ()}


def test_an_outcome_becomes_a_row_of_the_page() -> None:
    """What a run wrote down is read again, and its figures stand in the page's table, with those of all runs."""
    outcome = Outcome(
        day="2026-11-29",
        wanted=Wanted(seed=7, store="sqlite", seconds=30.0),
        accepted=1200,
        sent=1300,
        unanswered=3,
        deployments={"succeeded": 40, "superseded": 1160},
        written=90,
        faults={"kill worker": 9},
        settled_seconds=12.3,
        verdict=judge([HISTORY], LEDGER, replace(WHOLE, rows=(row(1, "superseded"),))),
    )
    assert outcome.verdict.lost
    page = figures([json.loads(written(outcome))] * 2)
    assert "| 2026-11-29 | sqlite | 7 | 30 s | 1,200 | 1,200 | 90 | 9 | 1 | 0 | 0 | 0 | 12 s |" in page, page
    assert "| **all** |  |  | 60 s | 2,400 | 2,400 | 180 | 18 | 2 | 0 | 0 | 0 |  |" in page
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
