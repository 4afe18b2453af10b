"""An environment that runs a pull request's commit before the merge says so wherever its state is shown."""

from pushboat.events import Event, EventKind
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State
from pushboat.routing.holds import sentence
from pushboat.store import deliveries, ending, holds, lanes
from tests.pages.ledger import Ledger
from tests.pages.test_pages_tell_the_story import text_of
from tests.receiving.front_door import FrontDoor

STAGING = Scope(repository="github/acme/shop", environment="staging")


UNLOCK = "pushboat unlock github/acme/shop staging"


def through(ledger: Ledger) -> int:
    """Let a pull request's commit get through."""
    made = ledger.queued(pull_request=7)
    claim = lanes.claim(ledger.store, made.id, "worker")
    assert claim
    ending.finish(ledger.store, claim, State.SUCCEEDED, "healthy")
    return made.id


def test_pages_and_api_name_the_pull_request(front_door: FrontDoor, ledger: Ledger) -> None:
    """I see at a glance that staging runs #7, who has it, since when, and the command that ends it."""
    number = through(ledger)
    hold = Hold(kind="unmerged", scope=STAGING, by="ann", subject="#7", pull_request=7, sha="1" * 40)
    put = holds.put(ledger.store, hold).hold
    page = text_of(front_door, "/")
    assert "It runs an unmerged commit, " in page
    assert f"{sentence(put)} ended by whoever may deploy there, or who merges or closes it, with {UNLOCK}" in page
    assert "of #7 ↗ before its merge" in text_of(front_door, f"/deployments/{number}")
    items = {item["environment"]: item for item in front_door.get("/api/v1/environments").json()["items"]}
    told = items["staging"]["unmerged"]
    assert told["pull_request"] == 7
    assert told["since"].endswith("Z")
    assert told["sentence"] in page
    assert items["production"]["unmerged"] is None
    assert front_door.get(f"/api/v1/deployments/{number}").json()["pull_request"] == 7


def test_what_is_merged_is_not_called_unmerged(front_door: FrontDoor, ledger: Ledger) -> None:
    """#7 is merged by now: what runs is in main."""
    through(ledger)
    for action in ("opened", "merged"):
        event = Event(kind=EventKind.PULL_REQUEST, action=action, repository="acme/shop", number=7, sha="1" * 40)
        deliveries.accept(ledger.store, "github", f"news-{action}", event)
    assert "unmerged" not in text_of(front_door, "/")
