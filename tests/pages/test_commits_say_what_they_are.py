"""Wherever a commit is named, its subject and its author's name stand beside it: as words, never as more."""

from pushboat.model.caption import Caption
from pushboat.model.state import Kind, State
from pushboat.store import captions
from tests.pages.ledger import Ledger
from tests.pages.test_pages_tell_the_story import HOSTILE, text_of
from tests.receiving.front_door import FrontDoor

STAGING = "/environments/github/acme/shop/staging"


def test_pages_and_api_say_what_the_commit_is(front_door: FrontDoor, ledger: Ledger) -> None:
    """On the overview, in the environment, on the deployment and on a plan I read what was done, and who wrote it."""
    made = ledger.ended(State.SUCCEEDED, "healthy")
    plan = ledger.ended(State.SUCCEEDED, "1 created", kind=Kind.PLAN, number=7)
    for each in (made, plan):
        captions.note(ledger.store, "github/acme/shop", {each.sha: Caption("Let it run", "Ada Lovelace")})
    for path in ("/", STAGING, made.path, plan.path):
        assert "Let it run written by Ada Lovelace" in text_of(front_door, path)
    said = {"subject": "Let it run", "author": "Ada Lovelace"}
    assert front_door.get(f"/api/v1/deployments/{made.id}").json()["commit"] == said
    assert front_door.get("/api/v1/deployments").json()["items"][0]["commit"] == said
    assert front_door.get("/api/v1/environments").json()["items"][0]["running"]["commit"] == said


def test_a_commit_that_nobody_has_read_says_nothing(front_door: FrontDoor, ledger: Ledger) -> None:
    """What was deployed before this was kept has no subject, and no empty place for one."""
    made = ledger.ended(State.SUCCEEDED, "healthy")
    assert 'class="subject"' not in front_door.get(made.path).text
    assert front_door.get(f"/api/v1/deployments/{made.id}").json()["commit"] is None


def test_what_strangers_write_there_is_shown_and_never_run(front_door: FrontDoor, ledger: Ledger) -> None:
    """Markup is text, and what would turn the line round is written out."""
    made = ledger.ended(State.SUCCEEDED, "healthy")
    captions.note(ledger.store, "github/acme/shop", {made.sha: Caption(f"{HOSTILE} \u202etxt", f"{HOSTILE}\x07")})
    for path in ("/", STAGING, made.path):
        page = front_door.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert "\u202e" not in page
        assert "\\u202etxt" in page
        assert "\\x07" in page
