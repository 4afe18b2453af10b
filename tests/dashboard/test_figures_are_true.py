"""`/metrics` says what the store knows, to whom may see it, and no count ever falls."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from pushboat.config.pages import Access, Pages
from pushboat.config.project import Allowed, Limits, Project
from pushboat.config.retention import Retention
from pushboat.model.allowance import Allowance
from pushboat.model.api_token import Role
from pushboat.model.reach import EVERYTHING, reach_of
from pushboat.model.release import Render
from pushboat.model.state import State
from pushboat.store import api_tokens, lanes, processes
from pushboat.store.ending import finish
from pushboat.store.forgetting import forget
from tests.fresh_store import fresh_store
from tests.pages.ledger import Ledger
from tests.receiving.front_door import FrontDoor, make_operator, open_front_door
from tests.store.repository import time_passes

SHOP, OTHER = "github/acme/shop", "github/acme/other"
DAY = 24 * 3600.0
PROMISED = {
    "pushboat_deliveries": "counter",
    "pushboat_deployments": "counter",
    "pushboat_plans": "counter",
    "pushboat_push_to_healthy_seconds": "histogram",
    "pushboat_stage_seconds": "histogram",
    "pushboat_objects": "counter",
    "pushboat_lease_takeovers": "counter",
    "pushboat_dora_changes": "counter",
    "pushboat_dora_lead_time_seconds": "histogram",
    "pushboat_dora_restore_seconds": "histogram",
    "pushboat_environment_info": "gauge",
    "pushboat_environment_state": "gauge",
    "pushboat_environment_deployed_timestamp_seconds": "gauge",
    "pushboat_environment_drifted": "gauge",
    "pushboat_environment_healthy": "gauge",
    "pushboat_environment_holds": "gauge",
    "pushboat_routing_backlog": "gauge",
    "pushboat_routing_oldest_age_seconds": "gauge",
    "pushboat_queue_depth": "gauge",
    "pushboat_queue_oldest_age_seconds": "gauge",
    "pushboat_queue_held": "gauge",
    "pushboat_running": "gauge",
    "pushboat_status_backlog": "gauge",
    "pushboat_status_oldest_age_seconds": "gauge",
    "pushboat_notice_backlog": "gauge",
    "pushboat_notice_oldest_age_seconds": "gauge",
    "pushboat_letters_given_up": "gauge",
    "pushboat_forge_quiet_seconds": "gauge",
    "pushboat_forge_requests_left": "gauge",
    "pushboat_forge_requests_limit": "gauge",
    "pushboat_process_silent_seconds": "gauge",
}

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@contextmanager
def opened(tmp_path: Path, pages: Pages) -> Iterator[FrontDoor]:
    """Open a front door with two repositories."""
    operator = replace(make_operator(tmp_path), pages=pages)
    limits = {"staging": Limits(environment="staging", cluster="dev", namespaces=("other",))}
    other = Project(repository=OTHER, environments=Allowed(limits))
    operator = replace(operator, projects={**operator.projects, OTHER: other})
    store = fresh_store(operator.state)
    with open_front_door(operator, store) as door:
        yield door
    store.close()


@pytest.fixture
def door(tmp_path: Path) -> Iterator[FrontDoor]:
    """A door that is open to everybody."""
    with opened(tmp_path, Pages(access=Access.OPEN)) as found:
        yield found


def scraped(door: FrontDoor, secret: str = "") -> tuple[dict[str, str], Samples]:
    """Scrape as Prometheus does: the families with their types, and every sample by its name and labels."""
    headers = {"Accept": "text/plain;version=0.0.4"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
    answer = requests.get(f"{door.url}/metrics", headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    families = list(text_string_to_metric_families(answer.text))
    samples = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for each in families
        for sample in each.samples
    }
    return {each.name: each.type for each in families}, samples


def value(samples: Samples, name: str, **labels: str) -> float | None:
    """Give one sample."""
    return samples.get((name, tuple(sorted(labels.items()))))


def healthy_after(ledger: Ledger, seconds: float) -> None:
    """Push something that is healthy so long afterwards."""
    made = ledger.queued()
    time_passes(ledger.store, seconds)
    claim = lanes.claim(ledger.store, made.id, "worker")
    assert claim
    render = Render(contents={}, packed=b"", said=str(made.id))
    assert finish(ledger.store, claim, State.SUCCEEDED, "1 object", render=render)


def test_every_name_is_there_from_the_first_scrape_on(door: FrontDoor) -> None:
    """A graph of a fresh installation shows nothing, and no error about a name that is not known."""
    families, samples = scraped(door)
    assert families == PROMISED
    assert value(samples, "pushboat_queue_depth") == 0
    assert value(samples, "pushboat_status_oldest_age_seconds") == 0


def test_it_counts_what_happened(door: FrontDoor) -> None:
    """Three pushes: one healthy, one failed, one waits; a stranger was refused twice."""
    ledger = Ledger(door.store)
    healthy_after(ledger, 3)
    ledger.ended(State.FAILED, "crashes")
    ledger.queued()
    time_passes(door.store, 40)
    for forge in ("github", "no-such-forge-0123456789"):
        door.post(b"{}", {"Content-Type": "application/json"}, forge)
    _, samples = scraped(door)
    place = {"repository": SHOP, "environment": "staging"}
    assert value(samples, "pushboat_deployments_total", **place, state="succeeded") == 1
    assert value(samples, "pushboat_deployments_total", **place, state="failed") == 1
    assert value(samples, "pushboat_deliveries_total", forge="github", verdict="accepted") == 3
    assert value(samples, "pushboat_deliveries_total", forge="github", verdict="rejected") == 1
    assert value(samples, "pushboat_deliveries_total", forge="", verdict="rejected") == 1
    assert value(samples, "pushboat_queue_depth") == 1
    assert 40 <= (value(samples, "pushboat_queue_oldest_age_seconds") or 0) < 100
    assert value(samples, "pushboat_push_to_healthy_seconds_count", **place) == 1
    assert value(samples, "pushboat_push_to_healthy_seconds_bucket", **place, le="+Inf") == 1
    assert value(samples, "pushboat_environment_state", **place, state="queued") == 1
    assert value(samples, "pushboat_environment_state", **place, state="failed") == 0


def test_a_time_lies_below_every_bound_that_it_keeps(door: FrontDoor) -> None:
    """Forty seconds from the delivery to healthy are below a minute and above half of one."""
    healthy_after(Ledger(door.store), 40)
    _, samples = scraped(door)
    place = {"repository": SHOP, "environment": "staging"}
    found = {
        bound: value(samples, "pushboat_push_to_healthy_seconds_bucket", **place, le=bound)
        for bound in ("1", "30", "60", "3600", "+Inf")
    }
    assert found == {"1": 0, "30": 0, "60": 1, "3600": 1, "+Inf": 1}
    assert 40 <= (value(samples, "pushboat_push_to_healthy_seconds_sum", **place) or 0) < 60


def test_no_count_falls_when_old_rows_go(door: FrontDoor) -> None:
    """Months later nearly all rows are gone, and a graph of what happened still only climbs."""
    ledger = Ledger(door.store)
    for state in (State.CANCELLED, State.FAILED, State.ERRORED):
        ledger.ended(state, "so it went")
    for seconds in (1, 3, 700):
        healthy_after(ledger, seconds)
    door.post(b"{}", {"Content-Type": "application/json"})
    before = {key: number for key, number in scraped(door)[1].items() if not key[0].startswith("pushboat_process")}
    time_passes(door.store, 400 * DAY)
    gone = forget(door.store, Retention(deliveries=DAY, deployments=DAY, keep=1), lambda: False)
    assert gone["deployments"] == 5
    assert gone["ids of deliveries"] > 0
    after = scraped(door)[1]
    counts = ("pushboat_deployments_total", "pushboat_deliveries_total", "pushboat_push_to_healthy_seconds_count")
    assert {key: after.get(key) for key in before if key[0] in counts} == {
        key: number for key, number in before.items() if key[0] in counts
    }


@pytest.mark.parametrize("access", [Access.HIDDEN, Access.PASSWORD])
def test_a_token_scrapes_as_far_as_it_reaches(tmp_path: Path, access: Access) -> None:
    """One of everything gets it all; one of a repository gets its figures, and nothing of the others or of all."""
    with opened(tmp_path, Pages(access=access, password="of the pages")) as door:
        Ledger(door.store).ended(State.SUCCEEDED, "1 object")
        Ledger(door.store, repository="acme/other", numbers=count(50)).ended(State.FAILED, "crashes")
        every = api_tokens.create(door.store, "prometheus", EVERYTHING, Role.VIEWER, DAY, "ada")[1]
        of_shop = api_tokens.create(door.store, "shop", reach_of(SHOP), Role.VIEWER, DAY, "ada")[1]
        assert requests.get(f"{door.url}/metrics", timeout=60).status_code in (401, 403)
        assert (
            requests.get(
                f"{door.url}/metrics", headers={"Authorization": "Bearer pushboat_wrong"}, timeout=60
            ).status_code
            == 401
        )
        families, samples = scraped(door, every)
        assert families == PROMISED
        assert {dict(labels)["repository"] for _, labels in samples if "repository" in dict(labels)} == {SHOP, OTHER}
        families, samples = scraped(door, of_shop)
        assert {dict(labels)["repository"] for _, labels in samples} == {SHOP}
        assert "pushboat_queue_depth" not in families
        assert "pushboat_deliveries" not in families


def test_what_forges_let_us_ask_stands_under_their_names(door: FrontDoor) -> None:
    """A worker heard it; of a host that no forge of mine has nothing is told, and a limit that began anew is whole."""
    soon = door.store.now() + 60
    heard = [
        Allowance(host="github.example.org", kind="core", left=12, most=5000, resets_at=soon),
        Allowance(host="github.example.org", kind="graphql", left=0, most=5000, resets_at=soon - 120),
        Allowance(host="gone.example.com", kind="core", left=1, most=2, resets_at=soon),
    ]
    processes.beat(door.store, "worker", 7, heard=heard)
    _, samples = scraped(door)
    assert value(samples, "pushboat_forge_requests_left", forge="github", kind="core") == 12
    assert value(samples, "pushboat_forge_requests_limit", forge="github", kind="core") == 5000
    assert value(samples, "pushboat_forge_requests_left", forge="github", kind="graphql") == 5000
    assert not [labels for name, labels in samples if ("forge", "gone.example.com") in labels or ("kind", "") in labels]
