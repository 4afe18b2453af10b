"""What is old goes, and nothing that is still needed: a ledger of random length and fate, tidied at random times."""

from collections import Counter, defaultdict
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from pushboat.config.retention import Retention
from pushboat.model.deployment import Counts
from pushboat.model.state import State
from pushboat.store import deliveries, deployments, ending, hinting, lanes, outbox, progress_lines, pushers, tallies
from pushboat.store.database.engine import Store
from pushboat.store.forgetting import forget
from pushboat.store.progress_lines import Line
from tests.store.repository import Repository, deploy, plan, push, time_passes

pytestmark = pytest.mark.programs

DAY = 24 * 3600.0
RETENTION = Retention(deliveries=3 * DAY, deployments=10 * DAY, keep=2)
ENDS = (State.SUCCEEDED, State.SUCCEEDED, State.FAILED, State.ERRORED, State.CANCELLED)


def never() -> bool:
    """Go on to the end without a rest."""
    return False


def table(store: Store, name: str) -> dict[int, dict[str, Any]]:
    """All rows of a table, by id."""
    with store.reading() as tx:
        return {row["id"]: dict(row) for row in tx.rows(sa.text(f"SELECT * FROM {name}"))}


class Life:
    """A repository in which all sorts of things happen, one after the other."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self.dice, self.repository = store, Random(seed), Repository(store)
        self.running: dict[int, Any] = {}
        self.commits = 0

    def goes_on(self) -> None:
        """Let one thing happen."""
        self.dice.choice(
            (self.push, self.push, self.pull, self.claim, self.finish, self.finish, self.post, self.wait)
        )()

    def push(self) -> None:
        """Push a commit that one or two environments follow; its history has some of the older ones."""
        self.commits += 1
        acts = [deploy(f"{self.commits:040x}", name) for name in self.dice.sample(("staging", "production"), 1)]
        unfinished = [row for row in table(self.store, "deployment").values() if row["state"] in ("queued", "running")]
        contained = [row["id"] for row in unfinished if self.dice.random() < 0.7]
        self.repository.route(*acts, contained=contained)

    def pull(self) -> None:
        """Update one of two pull requests."""
        self.commits += 1
        self.repository.route(plan(f"{self.commits:040x}", number=self.dice.choice((7, 8))))

    def claim(self) -> None:
        """Let a worker take whatever it can have."""
        for number in hinting.due(self.store):
            if claim := lanes.claim(self.store, number, "worker", ttl=1e9):
                self.running[number] = claim

    def finish(self) -> None:
        """Let something that runs end."""
        if self.running:
            number = self.dice.choice(sorted(self.running))
            progress_lines.record(self.store, [Line(deployment=number, phase="apply", text="applies")])
            ending.finish(self.store, self.running.pop(number), self.dice.choice(ENDS), "", counts=Counts(created=1))

    def post(self) -> None:
        """Post a few letters."""
        for letter in outbox.due_head(self.store, "poster", "github", limit=self.dice.randint(1, 10)):
            outbox.sent(self.store, letter)

    def wait(self) -> None:
        """Let hours pass, days, or a summer in which nobody does anything."""
        time_passes(self.store, self.dice.random() * self.dice.choice((1, 2, 3, 25)) * DAY)
        with self.store.writing() as tx:  # nobody's lease ends here
            tx.change(sa.text("UPDATE lane SET lease_until = :until WHERE running IS NOT NULL"), until=tx.now + 250)


def must_stay(rows: dict[int, dict[str, Any]], numbers: dict[int, int], now: float) -> set[int]:
    """Say anew, in plain words, which deployments retention must leave."""
    stay = {max(rows)} if rows else set()
    by_lane: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.values():
        by_lane[row["lane_id"]].append(row)
        unsettled = row["state"] == "superseded" and row["successor_contains"] and not row["settled"]
        if row["state"] in ("queued", "running") or unsettled:
            stay |= {row["id"], row["successor"]}
        elif row["finished_at"] > now - RETENTION.deployments:
            stay.add(row["id"])
    for lane, its in by_lane.items():
        if numbers[lane] == 0:
            its.sort(key=lambda row: -int(row["seq"]))
            stay |= {row["id"] for row in [row for row in its if row["state"] == "succeeded"][: RETENTION.keep]}
            stay |= {row["id"] for row in [row for row in its if row["state"] != "superseded"][:1]}
    return stay - {None}


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(1, 8))])
def test_retention_takes_what_is_old_and_nothing_that_is_needed(store: Store, seed: int) -> None:
    """Whatever happened and whenever it is tidied: what is unfinished, kept or young is there, and the rest is gone."""
    life, gone = Life(store, seed), Counter[str]()
    for _ in range(8):
        for _ in range(life.dice.randint(10, 30)):
            life.goes_on()
        before = {name: table(store, name) for name in ("deployment", "delivery", "lane", "outbox")}
        latest = deployments.latest_by_lane(store)
        now = store.now()
        counted = tallies.read(store)
        gone.update(forget(store, RETENTION, never))
        assert tallies.read(store) == counted
        after = {name: table(store, name) for name in before}

        numbers = {number: lane["number"] for number, lane in before["lane"].items()}
        stay = must_stay(before["deployment"], numbers, now)
        assert after["deployment"].keys() == stay
        assert deployments.latest_by_lane(store) == latest
        for row in after["deployment"].values():
            if row["state"] in ("queued", "running"):
                assert after["delivery"][row["delivery_id"]]["event"]
        for number, row in before["delivery"].items():
            old = row["received_at"] < now - RETENTION.deliveries
            unfinished = any(
                one["delivery_id"] == number and one["state"] in ("queued", "running")
                for one in before["deployment"].values()
            )
            assert bool(after["delivery"][number]["event"]) == (not old or unfinished)
        last = max(before["outbox"], default=0)
        assert after["outbox"].keys() == {
            number
            for number, row in before["outbox"].items()
            if row["sent_at"] is None or row["sent_at"] > now - RETENTION.deliveries or number == last
        }
        used = {row["lane_id"] for row in after["deployment"].values()}
        for number, row in before["lane"].items():
            kept = row["number"] == 0 or number in used or number == max(before["lane"])
            assert after["lane"].get(number) == (row if kept else None)
        with store.reading() as tx:
            for child in ("progress", "change_set"):
                ids = {row["deployment_id"] for row in tx.rows(sa.text(f"SELECT deployment_id FROM {child}"))}
                assert ids <= stay
        for row in life.dice.choices(list(after["delivery"].values()), k=5):
            deployments.of_delivery(store, row["id"])
            answer = deliveries.accept(store, row["forge"], row["delivery"], push("f" * 40))
            assert (answer.id, answer.duplicate) == (row["id"], True)
    assert gone["deployments"] > 3
    assert gone["posted letters"] > 3
    assert gone["what deliveries said"] > 3


def test_a_delivery_that_comes_again_after_months_is_still_a_duplicate(store: Store) -> None:
    """A forge's button sends an old delivery again, and nothing deploys; after more than a year it is a new one."""
    first = deliveries.accept(store, "github", "one", push("a" * 40), ignored="nobody follows it")
    second = deliveries.accept(store, "github", "two", push("b" * 40), ignored="nobody follows it")
    time_passes(store, 364 * DAY)
    forget(store, RETENTION, never)
    assert deliveries.accept(store, "github", "one", push("a" * 40), ignored="nobody follows it").id == first.id
    time_passes(store, 2 * DAY)
    forget(store, RETENTION, never)
    assert deliveries.find(store, first.id) is None
    assert deliveries.accept(store, "github", "one", push("a" * 40), ignored="nobody follows it").id > second.id


def test_refused_requests_are_forgotten_with_what_deliveries_said(store: Store) -> None:
    """Records of refusals go after the same time; the newest row's number is never given out twice."""
    old, last = (deliveries.reject(store, "github", "192.0.2.7", "bad signature") for _ in range(2))
    time_passes(store, 4 * DAY)
    forget(store, RETENTION, never)
    assert deliveries.find(store, old) is None
    assert deliveries.reject(store, "github", "192.0.2.7", "bad signature") > last


def test_a_rest_that_says_stop_ends_it(store: Store, repository: Repository) -> None:
    """Pushboat is told to end while it tidies: it stops after the rows in hand, and goes on at the next start."""
    for number in range(60):
        deliveries.accept(store, "github", f"ignored-{number}", push("a" * 40), ignored="nobody follows it")
    time_passes(store, 4 * DAY)
    gone = forget(store, RETENTION, lambda: True)
    assert 0 < sum(gone.values()) < 60
    assert sum(forget(store, RETENTION, never).values()) + sum(gone.values()) == 60


def test_after_years_of_silence_an_environment_still_says_what_runs_and_what_was_tried_last(
    store: Store, repository: Repository
) -> None:
    """The success that runs and the failure after it stay; and no number is ever given to something else."""
    for sha, end in (("a", State.SUCCEEDED), ("b", State.FAILED)):
        ending.finish(store, repository.claim(repository.push(sha * 40)), end, "")
    (planned,) = repository.route(plan("c" * 40))
    ending.finish(store, repository.claim(planned), State.SUCCEEDED, "")
    posted = repository.post_everything()
    time_passes(store, 1000 * DAY)
    forget(store, RETENTION, never)
    kept = table(store, "deployment")
    assert [row["sha"][0] for row in kept.values()] == ["a", "b", "c"]
    assert next(iter(table(store, "lane").values()))["deployed_sha"] == "a" * 40
    assert repository.push("d" * 40).id > max(kept)
    assert repository.post_everything()[0].id > posted[-1].id


def test_who_pushed_what_is_forgotten_in_the_order_in_which_it_came(store: Store) -> None:
    """Forty pushes of last month go, in several steps and without an index by time; those of this week stay."""
    for number in range(43):
        if number == 40:
            time_passes(store, 11 * DAY)
        with store.writing() as tx:
            pushers.note(tx, "github/acme/shop", f"{number:040x}", "ann")
    assert forget(store, RETENTION, never) == {"who pushed what": 40}
    assert [row["sha"] for row in table(store, "pusher").values()] == [f"{number:040x}" for number in (40, 41, 42)]
    assert forget(store, RETENTION, never) == {}
