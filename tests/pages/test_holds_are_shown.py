"""Whatever keeps new commits out of an environment is seen before somebody pushes, not only once something waits."""

import pytest

from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State
from pushboat.model.times import clock
from pushboat.routing.holds import HoldKind
from pushboat.store import holds
from tests.pages.ledger import Ledger
from tests.pages.test_pages_tell_the_story import text_of
from tests.receiving.front_door import FrontDoor

STAGING = Scope(repository="github/acme/shop", environment="staging")
RESUME = "pushboat resume github/acme/shop staging"


def test_a_pause_is_seen_where_nothing_waits(front_door: FrontDoor, ledger: Ledger) -> None:
    """Staging runs what was pushed last and is paused: the overview says who did it, why, and how it ends."""
    ledger.ended(State.SUCCEEDED, "healthy")
    hold = holds.put(ledger.store, Hold(kind="pause", scope=STAGING, by="ann", reason="we migrate")).hold
    page = text_of(front_door, "/")
    assert f"paused by ann since {clock(hold.since)}: we migrate; {RESUME} ends it" in page
    assert "1 held back" in page
    holds.lift(ledger.store, "pause", STAGING)
    assert "paused" not in text_of(front_door, "/")
    assert "held back" not in text_of(front_door, "/")


def test_a_pause_that_something_waits_for_is_said_once(front_door: FrontDoor, ledger: Ledger) -> None:
    """The waiting commit's reason is the pause: the overview does not say it twice."""
    holds.put(ledger.store, Hold(kind="pause", scope=STAGING, by="ann"))
    ledger.queued()
    assert text_of(front_door, "/").count("paused by ann") == 1


@pytest.mark.parametrize("scope", [Scope(), Scope(repository="github/acme/shop")], ids=["everything", "a repository"])
def test_every_hold_is_seen_wherever_it_binds(front_door: FrontDoor, ledger: Ledger, scope: Scope) -> None:
    """A hold of another kind on more than one environment stands at each of them, also in the API."""
    kinds = {"tide": HoldKind(name="tide", sentence=lambda _: "frozen")}
    holds.put(ledger.store, Hold(kind="tide", scope=scope, by="the calendar", reason="Christmas"), kinds)
    holds.put(ledger.store, Hold(kind="pause", scope=STAGING, by="ann"))
    items = front_door.get("/api/v1/environments").json()["items"]
    held = {item["environment"]: [hold["kind"] for hold in item["holds"]] for item in items}
    assert held == {"staging": ["tide", "pause"], "production": ["tide"]}
    assert text_of(front_door, "/").count("held back (tide) by the calendar: Christmas") == 2


def test_the_api_says_how_a_hold_ends(front_door: FrontDoor, ledger: Ledger) -> None:
    """A program reads who, why, since when, until when, the sentence, and the command."""
    hold = holds.put(ledger.store, Hold(kind="pause", scope=STAGING, by="ann", reason="we migrate")).hold
    items = {item["environment"]: item for item in front_door.get("/api/v1/environments").json()["items"]}
    (told,) = items["staging"]["holds"]
    assert told.pop("since").endswith("Z")
    assert told == {
        "kind": "pause",
        "by": "ann",
        "reason": "we migrate",
        "until": None,
        "sentence": f"paused by ann since {clock(hold.since)}: we migrate",
        "ends_by": RESUME,
    }
    assert items["production"]["holds"] == []


def test_a_hold_on_one_deployment_is_not_its_environments(front_door: FrontDoor, ledger: Ledger) -> None:
    """Others may start there: only the one that is held says so."""
    waiting = ledger.queued()
    one = Scope(deployment=waiting.id)
    kinds = {"riddle": HoldKind(name="riddle", sentence=lambda _: "needs a person")}
    holds.put(ledger.store, Hold(kind="riddle", scope=one, by="a rule"), kinds)
    items = {item["environment"]: item for item in front_door.get("/api/v1/environments").json()["items"]}
    assert items["staging"]["holds"] == []
    assert items["staging"]["latest"]["waits"] == "held back (riddle) by a rule"
