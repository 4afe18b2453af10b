"""Whoever asks for a repository writes its name as people do; a forge does not mind capital letters, nor do we."""

import pytest

from pushboat.events import Event, EventKind
from pushboat.store import deliveries
from tests.pages.ledger import Ledger
from tests.receiving.front_door import FrontDoor


@pytest.mark.parametrize("listed", ["deployments", "deliveries"])
@pytest.mark.parametrize("name", ["github/acme/shop", "github/Acme/SHOP"])
def test_a_filter_finds_the_repository_in_any_letters(
    front_door: FrontDoor, ledger: Ledger, listed: str, name: str
) -> None:
    """I write Acme/SHOP, as GitHub shows it: I see its rows, and not those of another repository."""
    made = ledger.queued()
    Ledger(front_door.store, "acme/blog", ledger.numbers).queued()
    items = front_door.get(f"/api/v1/{listed}?repository={name}").json()["items"]
    shas = [item["sha"] if listed == "deployments" else item["event"]["sha"] for item in items]
    assert shas == [made.sha]


def test_the_page_of_deliveries_is_filtered_alike(front_door: FrontDoor, ledger: Ledger) -> None:
    """The page shows what the API lists."""
    made = ledger.queued()
    assert made.sha[:7] in front_door.get("/deliveries?repository=github/ACME/shop").text
    assert made.sha[:7] not in front_door.get("/deliveries?repository=github/acme/blog").text


def test_a_repository_that_the_file_does_not_name_is_found_too(front_door: FrontDoor) -> None:
    """Its deliveries are ignored, and whoever looks for the reason may write its name in any letters."""
    event = Event(kind=EventKind.PUSH, action="updated", repository="Acme/Other", ref="refs/heads/main", sha="a" * 40)
    deliveries.accept(front_door.store, "github", "d-1", event, ignored="the operator's file has no such repository")
    items = front_door.get("/api/v1/deliveries?repository=github/acme/other").json()["items"]
    assert [item["verdict"] for item in items] == ["ignored"]


def test_where_letters_count_they_count(front_door: FrontDoor) -> None:
    """On a plain git server Shop.git and shop.git are two folders, and so two repositories."""
    for name in ("shop", "Shop"):
        event = Event(kind=EventKind.PUSH, action="updated", repository=name, ref="refs/heads/main", sha="a" * 40)
        deliveries.accept(front_door.store, "git", f"d-{name}", event)
    items = front_door.get("/api/v1/deliveries?repository=git/shop").json()["items"]
    assert [item["event"]["repository"] for item in items] == ["shop"]
