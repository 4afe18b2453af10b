"""A commit that does not show how its deployment ended: its page says so, and why."""

import re
from html import unescape

from pushboat.model.state import State
from pushboat.store import outbox
from tests.pages.ledger import Ledger
from tests.receiving.front_door import FrontDoor


def test_the_page_says_that_the_commit_does_not_show_it(front_door: FrontDoor, ledger: Ledger) -> None:
    """The forge refused the last status: I read why beside the outcome; with a newer word that it took, no more."""
    made = ledger.ended(State.SUCCEEDED, "healthy")
    while letters := outbox.due_head(front_door.store, "poster", "github"):
        for each in letters:
            outbox.dead(front_door.store, each, "404: <gone>")
    page = " ".join(unescape(re.sub(r"<[^>]*>", " ", front_door.get(f"/deployments/{made.id}").text)).split())
    assert "The commit does not show this: 404: <gone>; once that is mended, `pushboat letters resend" in page

    other = ledger.ended(State.SUCCEEDED, "healthy")
    while letters := outbox.due_head(front_door.store, "poster", "github"):
        for each in letters:
            outbox.sent(front_door.store, each)
    assert "does not show this" not in front_door.get(f"/deployments/{other.id}").text
