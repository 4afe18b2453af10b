"""Drift is seen wherever somebody looks, and what is not known is said as such; values are other people's words."""

from dataclasses import replace
from typing import Any

from pushboat.model.deployment import Lane
from pushboat.model.drift import FieldDrift
from pushboat.model.state import State
from pushboat.model.times import clock
from pushboat.store import inspections
from tests.pages.ledger import Ledger
from tests.pages.test_pages_tell_the_story import text_of
from tests.receiving.front_door import FrontDoor
from tests.store.drifted import SAID, SCALED, claimed, inspected, released
from tests.store.repository import time_passes

LANE = Lane(repository="github/acme/shop", environment="staging")


def shown(front_door: FrontDoor) -> dict[str, Any]:
    """What the API says of staging's drift."""
    items = front_door.get("/api/v1/environments").json()["items"]
    return next(item["drift"] for item in items if item["environment"] == "staging")


def test_what_drifted_stands_on_every_page_of_what_runs(front_door: FrontDoor, ledger: Ledger) -> None:
    """The overview's headline, the environment's card, the deployment's page and the API say the same."""
    made = released(ledger.store, ledger.queued())
    assert (shown(front_door)["state"], shown(front_door)["why"]) == ("unknown", "nothing was compared yet")
    assert "drift" not in text_of(front_door, "/"), "what is not a minute old is no news"
    inspected(ledger.store, LANE, SCALED)
    since = next(each.since for each in inspections.listed(ledger.store))
    assert since
    for path in ("/", made.path):
        assert f"{SAID}, since {clock(since)}" in text_of(front_door, path)
    assert "1 of 2 environments drifted from what was deployed: staging" in text_of(front_door, "/")
    told = shown(front_door)
    assert (told["state"], told["release"], told["count"], told["why"], told["not_put_back"]) == (
        "drifted",
        1,
        1,
        "",
        "",
    )
    assert told["objects"] == [
        {
            "ref": "Deployment/shop/web",
            "drift": "changed",
            "fields": [
                {
                    "path": "spec.replicas",
                    "release": "3",
                    "cluster": "5",
                    "by": "kubectl",
                    "at": "2026-11-27T06:00:00Z",
                }
            ],
        }
    ]
    inspected(ledger.store, LANE)
    assert (shown(front_door)["state"], shown(front_door)["since"]) == ("none", None)
    assert "drift" not in text_of(front_door, "/") + text_of(front_door, made.path)


def test_every_field_that_drifted_stands_on_the_page(front_door: FrontDoor, ledger: Ledger) -> None:
    """The sentence names the first field and counts the others; below it each has a line, and none is only counted."""
    made = released(ledger.store, ledger.queued())
    image = FieldDrift(path="spec.image", release='"a:1"', cluster='"a:2"', by="kubectl-set")
    inspected(ledger.store, LANE, replace(SCALED, fields=(*SCALED.fields, image)))
    page = text_of(front_door, made.path)
    assert f"{SAID} (and 1 more), since " in page
    for field in (*SCALED.fields, image):
        assert f"Deployment/shop/web: {field}" in page
    assert page.count("(and 1 more)") == 1


def test_what_is_not_known_is_said_as_such(front_door: FrontDoor, ledger: Ledger) -> None:
    """A cluster that is away, a worker that is dead, a commit that runs now: none of them is shown as no drift."""
    released(ledger.store, ledger.queued())
    inspected(ledger.store, LANE)
    inspections.troubled(ledger.store, claimed(ledger.store, LANE), "cluster dev does not answer", 600.0)
    assert shown(front_door)["state"] == "unknown"
    assert "drift is not known: cluster dev does not answer, since " in text_of(front_door, "/")
    inspected(ledger.store, LANE)
    time_passes(ledger.store, 3000)
    assert "drift is not known: last compared 50 min ago; is the worker alive?" in text_of(front_door, "/")
    inspected(ledger.store, LANE, SCALED)
    ledger.running()
    assert (shown(front_door)["state"], shown(front_door)["objects"]) == ("unknown", [])
    assert SAID not in text_of(front_door, "/")


def test_what_is_being_put_back_says_so(front_door: FrontDoor, ledger: Ledger) -> None:
    """While drift is put back the overview says by which deployment, and that one's page says what it is."""
    made = released(ledger.store, ledger.queued())
    inspected(ledger.store, LANE, SCALED, heals=True)
    told = shown(front_door)
    number = int(told["not_put_back"].split()[1])
    assert told["not_put_back"] == f"deployment {number} puts it back"
    assert f"deployment {number} puts it back" in text_of(front_door, "/")
    page = text_of(front_door, f"/deployments/{number}")
    assert f"Drift from {made.sha[:7]} waits to be put back in staging" in page
    assert "pushboat, self-healing" in page
    assert "spec.replicas is 5 instead of 3, by kubectl" in page
    released(ledger.store, ledger.found(number))
    assert f"Drift from {made.sha[:7]} was put back in staging" in text_of(front_door, f"/deployments/{number}")
    row = front_door.get(f"/api/v1/deployments/{number}").json()
    assert (row["state"], row["trigger"], row["release"], row["rolled_back_to"]) == (
        str(State.SUCCEEDED), "self-heal", None, None
    )  # fmt: skip


def test_what_people_wrote_in_the_cluster_does_nothing_on_a_page(front_door: FrontDoor, ledger: Ledger) -> None:
    """Who may write to the cluster may write anything: it is shown as text."""
    released(ledger.store, ledger.queued())
    (field,) = SCALED.fields
    evil = replace(field, cluster='"<script>alert(1)</script>\\u001b[31m\n"', by="<b>me</b>")
    inspected(ledger.store, LANE, replace(SCALED, fields=(evil,)))
    page = front_door.get("/").text
    assert "<script>alert" not in page
    assert "<b>me</b>" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page
