"""`verify`: after everything is healthy, and before anything is green, what the repository names must answer well."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from pushboat.model.deployment import Deployment
from pushboat.model.state import State, Trigger
from pushboat.routing import Cancel
from pushboat.store import progress_lines, releases
from tests.fakes.door import Door, Trouble
from tests.fakes.prometheus import FakePrometheus
from tests.store.repository import deploy, time_passes
from tests.until import until
from tests.waves.conftest import Yard, config_map, job
from tests.waves.test_killed_around_every_hook import carried_out
from workers.questions.rollback import foretold


@pytest.fixture
def shop() -> Iterator[Door]:
    """What was deployed answers here."""
    app = Flask("shop")
    app.add_url_rule("/healthz", view_func=lambda: "hunter2 is my password")
    door = Door(app.wsgi_app)
    yield door
    door.close()


@pytest.fixture
def prometheus() -> Iterator[FakePrometheus]:
    """And this one counts its errors."""
    fake = FakePrometheus()
    yield fake
    fake.close()


def verifying(yard: Yard, *entries: dict[str, Any], **more: Any) -> None:
    """Let the repository's file verify these, at hosts that the operator allows."""
    yard.more = {"verify": list(entries), **more}
    urls = [url for each in entries for url in (each.get("http"), each.get("at")) if url]
    yard.allowing(verify_hosts=tuple(url.partition("/healthz")[0] for url in urls))


def said(yard: Yard, number: int) -> list[str]:
    """List what a deployment said while it verified."""
    return [each.text for each in progress_lines.listed(yard.tools.store, number) if each.phase == "verify"]


@pytest.mark.proves("verify")
def test_what_answers_well_is_green_and_a_release(yard: Yard, shop: Door, prometheus: FakePrometheus) -> None:
    """An address, a Job and a number: asked once all is healthy, the Job runs last, and the status counts them."""
    prometheus.series["errors"] = [0.001]
    verifying(
        yard,
        {"http": f"{shop.url}/healthz?key=hunter2"},
        {"job": "smoke"},
        {"promql": "errors", "at": prometheus.url, "below": "0.01"},
    )
    made = yard.push(config_map("a"), job("smoke", {}))
    assert made.state is State.SUCCEEDED, made.reason
    assert made.reason.endswith(", 2 verified")
    assert made.counts.created == 1, "the Job is not applied with the rest"
    assert yard.order("smoke", "a") == ["a", "smoke"]
    assert yard.runs("smoke", 1) == 1
    assert made.release == 1
    assert said(yard, made.id) == [f"verified: GET {shop.url}/healthz answers 2xx", "verified: errors is below 0.01"]
    again = yard.push(config_map("a"), job("smoke", {}))
    assert again.state is State.SUCCEEDED
    assert yard.runs("smoke", 1) == 1, "nothing changed"
    ((_, foreseen),) = foretold(yard.tools, again.lane, "2").said
    assert "0 to create, 0 to change, 0 to delete" in foreseen, "a Job that ran is no drift"


@pytest.mark.proves("verify")
def test_what_does_not_is_red_and_no_release(yard: Yard, shop: Door) -> None:
    """The sentence says what was asked, what was expected and what came, and nothing of what the answer said."""
    verifying(yard, {"http": f"{shop.url}/healthz", "for": "1s"})
    shop.troubles.append(Trouble(status=503, times=1000, body="hunter2"))
    red = yard.push(config_map("a"))
    assert (red.state, red.release) == (State.FAILED, 0)
    assert red.reason == f"verify failed: {shop.url}/healthz answers 503, must answer 2xx"
    assert releases.listed(yard.tools.store, red.lane) == []
    shop.troubles.clear()
    shop.troubles.append(Trouble(status=503, times=1))
    green = yard.push(config_map("a"))
    assert green.state is State.SUCCEEDED, "it was asked again within its time"
    texts = " ".join(each.text for made in (red, green) for each in progress_lines.listed(yard.tools.store, made.id))
    assert "hunter2" not in texts + red.details + red.reason


def test_a_job_that_fails_is_named(yard: Yard) -> None:
    """With what its pod said of it."""
    verifying(yard, {"job": "smoke"})
    red = yard.push(config_map("a"), job("smoke", {}, does={"behaviour": "fail"}))
    assert red.state is State.FAILED
    assert red.reason.startswith(f"verify failed: Job/{yard.namespace}/smoke: pod smoke-"), red.reason
    missing = yard.push(config_map("a"), job("smok", {}))
    assert (
        missing.reason == "verify names job smoke, and there is no such Job among the manifests; did you mean 'smok'?"
    )


@pytest.mark.proves("verify")
def test_a_number_is_compared_with_the_one_before(yard: Yard, prometheus: FakePrometheus) -> None:
    """The first deployment has nothing before it; the next is measured before its first write and after it."""
    entry = {"promql": "errors", "at": prometheus.url, "against": "previous", "within": "10%"}
    verifying(yard, entry)
    assert yard.push(config_map("a")).state is State.SUCCEEDED
    assert prometheus.queries == []
    prometheus.series["errors"] = [1.0]
    assert yard.push(config_map("a", v="2")).state is State.SUCCEEDED
    verifying(yard, {**entry, "for": "1s"})
    made = yard.routed(config_map("a", v="3"))
    prometheus.later(1, "errors", 2.0)
    red = yard.carry_out(made)
    assert red.state is State.FAILED
    assert red.reason == "verify failed: errors is 2 and was 1, must be at least 90% and at most 110% of what it was"


def test_a_job_that_was_deployed_before_becomes_one_that_verifies(yard: Yard) -> None:
    """It stands there since an earlier push: it is made anew and runs last; named no more, it is as before."""
    yard.push(config_map("a"), job("smoke", {}))
    verifying(yard, {"job": "smoke"})
    made = yard.push(config_map("a", v="2"), job("smoke", {}))
    assert made.state is State.SUCCEEDED, made.reason
    assert yard.order("smoke", "a") == ["a", "smoke"]
    assert yard.runs("smoke", 2) == 2
    yard.more = {}
    again = yard.push(config_map("a", v="2"), job("smoke", {}))
    assert again.state is State.SUCCEEDED, again.reason


@pytest.mark.proves("verify")
def test_a_number_that_nobody_knows_is_not_green(yard: Yard, prometheus: FakePrometheus) -> None:
    """A query that cannot be worked out fails before anything is written."""
    verifying(yard, {"promql": "broken(", "at": prometheus.url, "below": 1})
    prometheus.broken.add("broken(")
    red = yard.push(config_map("a"))
    assert red.reason == "verify: broken(: Prometheus cannot work out the query (400); nothing was written"
    assert yard.find("configmaps", "a") is None


@pytest.mark.proof
def test_no_data_is_not_green(yard: Yard, prometheus: FakePrometheus) -> None:
    """With nothing to compare with, nothing is written; where the number is gone afterwards, the push is red."""
    prometheus.series["errors"] = [1.0]
    yard.push(config_map("a", v="1"))
    verifying(yard, {"promql": "errors", "at": prometheus.url, "against": "previous", "within": "10%"})
    prometheus.series["errors"] = []
    before = yard.push(config_map("a", v="2"))
    assert before.reason == (
        "verify: errors: the query gives nothing; there is nothing to compare with, so nothing was written"
    )
    live = yard.find("configmaps", "a")
    assert live
    assert live["data"] == {"v": "1"}
    verifying(yard, {"promql": "errors", "at": prometheus.url, "below": "1"})
    after = yard.push(config_map("a", v="3"))
    assert (after.state, after.reason) == (State.FAILED, "verify failed: errors: the query gives nothing")


def test_a_prometheus_that_is_away_is_the_worlds_fault(yard: Yard, prometheus: FakePrometheus) -> None:
    """The deployment is given back and tried again, and is not failed for it."""
    prometheus.series["errors"] = [0.0]
    verifying(yard, {"promql": "errors", "at": prometheus.url, "below": 1})
    prometheus.down = True
    made = yard.push(config_map("a"))
    assert made.state is State.QUEUED
    assert "Prometheus at" in made.reason
    assert yard.find("configmaps", "a") is None, "nothing is written that nobody could verify"


def test_a_prometheus_that_stays_away_is_given_up(yard: Yard, prometheus: FakePrometheus) -> None:
    """It answered before the first write and never again: that outage counts from its beginning, and has an end."""
    prometheus.series["errors"] = [0.0]
    yard.push(config_map("a"))
    verifying(yard, {"promql": "errors", "at": prometheus.url, "below": 1}, on_failure="rollback")
    made = yard.routed(config_map("a"))
    prometheus.gone_after(1)
    assert yard.carry_out(made).state is State.QUEUED
    time_passes(yard.tools.store, 300)
    assert yard.carry_out(made).state is State.QUEUED
    time_passes(yard.tools.store, 400)
    ended = yard.carry_out(made)
    assert ended.state is State.ERRORED
    assert ended.reason.startswith("gave up after 1"), ended.reason


@pytest.mark.proves("verify-hosts")
def test_a_listed_name_that_leads_to_this_machine_is_the_operators_matter(yard: Yard, shop: Door) -> None:
    """Somebody pointed a name of the operator's list at the loopback address: it is not asked, and nothing is rolled
    back for it."""
    url = shop.url.replace("127.0.0.1", "127.1")
    yard.push(config_map("a", v="1"))
    verifying(yard, {"http": f"{url}/healthz"}, on_failure="rollback")
    made = yard.push(config_map("a", v="2"), job("alarm", {"argocd.argoproj.io/hook": "SyncFail"}))
    assert made.state is State.ERRORED
    assert made.reason == (
        "verify asks 127.1, which leads to 127.0.0.1, which is this machine: "
        "take it out of `verify_hosts`, or mend its name"
    )
    assert shop.requests == []
    assert yard.runs("alarm", 1) == 1, "whoever waits for a failure hears of it"


def test_a_rollback_does_not_fail_for_a_host_that_is_listed_no_more(yard: Yard, shop: Door) -> None:
    """The operator took the host away since: going back works, and says what was not asked."""
    verifying(yard, {"http": f"{shop.url}/healthz"})
    good = yard.push(config_map("a", v="1"))
    yard.push(config_map("a", v="2"))
    yard.allowing(verify_hosts=())
    asked = len(shop.requests)
    back = yard.repository.route(deploy(good.sha, trigger=Trigger.ROLLBACK, release=1))[0]
    assert yard.carry_out(back).state is State.SUCCEEDED
    assert said(yard, back.id) == [
        f"not asked, for the operator does not allow its host any more: GET {shop.url}/healthz answers 2xx"
    ]
    assert len(shop.requests) == asked
    refused = yard.push(config_map("a", v="3"))
    assert "'verify' asks" in refused.reason, "a push is another matter"


def test_a_plan_says_what_will_be_verified(yard: Yard, shop: Door) -> None:
    """A reviewer sees it, and nobody is asked yet."""
    verifying(yard, {"http": f"{shop.url}/healthz?key=hunter2"}, {"job": "smoke"})
    made = yard.planned(config_map("a"), job("smoke", {}))
    assert made.state is State.SUCCEEDED, made.reason
    assert f"verify Job/{yard.namespace}/smoke" in made.details
    assert f"- will verify: GET {shop.url}/healthz answers 2xx" in made.details
    assert shop.requests == []


@contextmanager
def under_way(yard: Yard, made: Deployment, said: str) -> Iterator[None]:
    """Let a worker carry it out until it says something; it must come home after the block."""
    worker = threading.Thread(target=yard.carry_out, args=(made,))
    worker.start()
    told = progress_lines.listed
    until(lambda: [each for each in told(yard.tools.store, made.id) if said in each.text], what=said)
    yield
    worker.join(60)
    assert not worker.is_alive()


def test_a_newer_commit_ends_it_and_no_place_is_kept_meanwhile(yard: Yard, shop: Door) -> None:
    """What never answers well holds neither a worker nor the next push; so it is with cancelling."""
    verifying(yard, {"http": f"{shop.url}/healthz", "for": "10m"})
    shop.down = True
    made = yard.routed(config_map("a", v="1"))
    places = yard.tools.slots
    with under_way(yard, made, "answers 503"), places.one(made.id + 1000), places.one(made.id + 1001):
        newer = yard.routed(config_map("a", v="2"))
    assert yard.repository.row(made).state is State.SUPERSEDED
    with under_way(yard, newer, "answers 503"):
        yard.repository.route(Cancel(environment="staging", by="ann"))
    assert yard.repository.row(newer).reason == "cancelled by ann; what was applied before stays"
    shop.down = False
    assert yard.push(config_map("a", v="2")).state is State.SUCCEEDED


@pytest.mark.parametrize(
    "wanted",
    [
        "before commit UPDATE verification SET passed",
        pytest.param("commit (INSERT INTO|UPDATE) verification", marks=pytest.mark.proof),
    ],
    ids=["once asked", "everywhere"],
)
def test_whoever_takes_over_asks_on(
    yard: Yard, shop: Door, prometheus: FakePrometheus, tmp_path: Path, wanted: str
) -> None:
    """A worker dies while it verifies: the number from before is kept, and what was answered is not asked again."""
    prometheus.series["errors"] = [1.0]
    yard.push(config_map("a"))
    verifying(
        yard,
        {"promql": "errors", "at": prometheus.url, "against": "previous", "within": "10%"},
        {"http": f"{shop.url}/healthz"},
    )
    made = yard.routed(config_map("a", v="2"))
    deaths = carried_out(yard, made, tmp_path, wanted)
    ended = yard.repository.row(made)
    assert ended.state is State.SUCCEEDED, ended.reason
    assert deaths
    assert len(prometheus.queries) <= 2 + len(deaths), "what is known is not asked again"
    assert yard.find("configmaps", "a")["data"] == {"v": "2"}
    assert 1 <= len(shop.requests) <= 1 + len(deaths)
