"""A deployment's page says where its time went: stage by stage, while it runs and after."""

import re

from pushboat.model.state import State
from tests.pages.ledger import Ledger
from tests.pages.test_pages_tell_the_story import text_of
from tests.receiving.front_door import FrontDoor


def test_where_the_time_goes_is_shown(front_door: FrontDoor, ledger: Ledger) -> None:
    """While it runs the stages stand above all else, the one that goes on named so; at the end, which one it was."""
    made = ledger.running()
    page = front_door.get(made.path).text
    assert re.search(r'<li class="running">.*apply</span>.*running</span></li>', page)
    assert page.index('id="stage-list"') < page.index('class="facts"')
    words = text_of(front_door, made.path)
    assert re.search(r"Stages \S+ s in all queued \S+ s check out \S+ s apply \S+ s running", words)


def test_what_nobody_began_has_no_stages(front_door: FrontDoor, ledger: Ledger) -> None:
    """One that gave way before its turn says by what, and no more."""
    older = ledger.queued()
    ledger.queued(contained=[older.id])
    assert ledger.found(older.id).state is State.SUPERSEDED
    assert "stage-list" not in front_door.get(older.path).text
