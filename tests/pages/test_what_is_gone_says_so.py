"""A link that is older than what is kept leads to a sentence, not to a riddle."""

import re

import pytest

from pushboat.config.retention import Retention
from pushboat.errors import CommandRefused
from pushboat.model.state import Kind, State
from pushboat.store import deliveries
from pushboat.store.forgetting import forget
from tests.pages.ledger import Ledger
from tests.receiving.front_door import FrontDoor
from tests.store.repository import time_passes

DAY = 24 * 3600.0
DEFAULTS = Retention()


def test_an_old_deployments_address_says_how_long_they_are_kept(front_door: FrontDoor, ledger: Ledger) -> None:
    """I follow last year's commit status: the page says that it was there and is gone, and since when such are."""
    old = ledger.ended(State.FAILED, "it crashes").id
    plan = ledger.ended(State.SUCCEEDED, "1 to create", kind=Kind.PLAN, number=7).id
    time_passes(front_door.store, 400 * DAY)
    ledger.ended(State.SUCCEEDED, "1 object")
    forget(front_door.store, DEFAULTS, lambda: False)
    for address, what in ((f"/deployments/{old}", "deployments"), (f"/plans/{plan}", "plans")):
        answer = front_door.get(address)
        assert answer.status_code == 404
        assert f"{what} are kept for 180 days" in answer.text
    answer = front_door.get(f"/api/v1/deployments/{old}")
    assert (answer.status_code, "kept for 180 days" in answer.text) == (404, True)
    assert "kept for" not in front_door.get("/deployments/9999").text


def test_an_old_delivery_says_that_only_its_id_is_kept(front_door: FrontDoor, ledger: Ledger) -> None:
    """Page, API and replay say in one sentence why the event is not shown, and what to do instead."""
    ledger.ended(State.SUCCEEDED, "1 object")
    (row,) = deliveries.listed(front_door.store)
    time_passes(front_door.store, 40 * DAY)
    forget(front_door.store, DEFAULTS, lambda: False)
    page = front_door.get(f"/deliveries/{row.id}").text
    assert "is not kept any more, only its id" in page
    assert not re.search(r"<dt>Event</dt>", page)
    shown = front_door.get(f"/api/v1/deliveries/{row.id}").json()
    assert shown["event"] is None
    assert "only its id" in shown["details"]
    assert front_door.get("/deliveries").status_code == 200
    with pytest.raises(CommandRefused, match="cannot be done again"):
        deliveries.replay(front_door.store, row.id)
