"""What somebody looks for is looked for in what they see: however much others have of it, theirs is found."""

from itertools import count

import pytest

from pushboat.model.state import Kind, State
from tests.dashboard.signing_in import OTHER, Room
from tests.pages.ledger import Ledger

MANY = 35
"""More than a page of results has room for."""


@pytest.fixture
def crowded(room: Room) -> Room:
    """Many repositories with a pull request 7, and commits that begin alike, before and after what bob sees."""
    for number in range(MANY):
        ledger = Ledger(room.door.store, repository=f"aaa/r{number:02}", numbers=count(0x100 + number))
        ledger.ended(State.SUCCEEDED, "would change nothing", kind=Kind.PLAN, number=7)
        if not number:
            theirs = Ledger(room.door.store, repository="acme/other", numbers=count(0xA0))
            theirs.ended(State.SUCCEEDED, "would change nothing", kind=Kind.PLAN, number=7)
    return room


@pytest.mark.parametrize(
    ("words", "leads"),
    [("#7", f"/pull-requests/{OTHER}/7"), ("00000a0", f"/commits/{OTHER}/00000a0")],
)
def test_mine_is_found_among_those_that_i_do_not_see(crowded: Room, words: str, leads: str) -> None:
    """It is the only one that is found, and is opened; nothing says that there are others."""
    bob = crowded.sign_in("bob")
    said = bob.get("/search", params={"q": words})
    assert said.status_code == 302
    assert said.headers["Location"].startswith(leads)
    begun = bob.get("/search", params={"q": "0000"}).text
    assert "00000a0" in begun
    assert "aaa/" not in begun


def test_who_sees_nothing_finds_nothing(crowded: Room) -> None:
    """Not even that there is something."""
    cyd = crowded.sign_in("cyd")
    for words in ("#7", "0000", "main", "staging", "acme"):
        said = cyd.get("/search", params={"q": words})
        assert said.status_code == 200
        assert "aaa/" not in said.text
        assert "acme/other" not in said.text
