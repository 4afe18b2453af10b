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
    said = f"paused by ann since {clock(hold.since)}: we migrate"
    assert f"{said} ended by the operator, at the terminal, with {RESUME}" in page
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
        "id": hold.id,
        "begins": None,
        "who": "the operator, at the terminal",
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


def test_a_deployment_names_each_thing_that_it_waits_for(front_door: FrontDoor, ledger: Ledger) -> None:
    """A pause and a lock hold it: its page and the API have both, in order, with who ends each and how."""
    store = ledger.store
    holds.put(store, Hold(kind="pause", scope=STAGING, by="ann"))
    holds.put(store, Hold(kind="lock", scope=STAGING, by="ben", subject="ben", spares="ben", until=store.now() + 600))
    waiting = ledger.queued()
    form = front_door.get(f"/api/v1/deployments/{waiting.id}").json()
    assert [(hold["kind"], hold["ends_by"].split()[1]) for hold in form["holds"]] == [
        ("lock", "unlock"),
        ("pause", "resume"),
    ]
    assert form["ends_by"] == form["holds"][0]["ends_by"]
    assert form["holds"][0]["until"]
    assert form["waits"] == "; then ".join(hold["sentence"] for hold in form["holds"])
    story = front_door.get(f"/api/v1/deployments/{waiting.id}/progress").json()
    assert story["holds"] == form["holds"]
    page = text_of(front_door, f"/deployments/{waiting.id}")
    lock, pause = (hold["sentence"] for hold in form["holds"])
    assert f"{lock} ended by ben, or whoever may deploy there, with pushboat unlock" in page
    assert f"{pause} ended by the operator, at the terminal, with {RESUME}" in page


def test_who_is_in_line_is_seen_and_a_freeze_of_tomorrow_holds_nothing(front_door: FrontDoor, ledger: Ledger) -> None:
    """Staging is ben's, then cy's; production freezes tomorrow and is open today."""
    store, now = ledger.store, ledger.store.now()
    production = Scope(repository="github/acme/shop", environment="production")
    holds.put(store, Hold(kind="lock", scope=STAGING, by="ben", subject="ben", spares="ben", until=now + 600))
    holds.put(store, Hold(kind="lock", scope=STAGING, by="cy", subject="cy", spares="cy", begins=now + 600))
    holds.put(store, Hold(kind="freeze", scope=production, by="a file", begins=now + 86400, until=now + 90000))
    page = text_of(front_door, "/")
    assert "1 held back" in page
    assert page.index("locked by ben") < page.index("locked by cy from")
    assert "frozen" not in page
    items = {item["environment"]: item["holds"] for item in front_door.get("/api/v1/environments").json()["items"]}
    assert [bool(hold["begins"]) for hold in items["staging"]] == [False, True]
    assert items["production"] == []
