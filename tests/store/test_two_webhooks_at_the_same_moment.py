"""Two webhooks tell of the same at the same moment, and it is the first that this store hears of the repository."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.model.delivery import Accepted
from pushboat.store import deliveries
from pushboat.store.database.engine import Store
from tests.store.interleaving import Two
from tests.store.test_any_two_decisions_are_one_after_the_other import two
from tests.store.test_two_webhooks_tell_of_one_pull_request import OPENED

__all__ = ["two"]
pytestmark = [pytest.mark.programs, pytest.mark.timeout(1200)]
SAID = Event(
    kind=EventKind.COMMENT,
    action="created",
    repository="acme/shop",
    number=7,
    comment="/deploy staging",
    comment_id=70,
    comment_on="pull_request",
)


def accepting(event: Event, webhook: str, heard: list[Accepted]) -> Callable[[Store], None]:
    """Let one webhook tell of it."""
    asks = Ask(
        word="deploy", environment="staging", who="ann", source=Source.COMMENT, number=7, repository=_name(event)
    )
    asked = (asks,) if event.kind is EventKind.COMMENT else ()

    def act(store: Store) -> None:
        heard.append(deliveries.accept(store, "github", f"{event.repository} {webhook}", event, asked=asked))

    return act


def _name(event: Event) -> str:
    return f"github/{event.repository}"


@pytest.mark.parametrize("event", [OPENED, pytest.param(SAID, marks=pytest.mark.proof)], ids=lambda each: each.kind)
def test_one_of_them_acts(event: Event, two: Two) -> None:
    """Before whichever statement of one the other comes: the pull request is planned once, the command done once."""
    for steps in count():
        heard = list[Accepted]()
        told = replace(event, repository=f"acme/shop-{steps}")
        went_on = two.interleave((accepting(told, "ours", heard), accepting(told, "the group's", heard)), 0, steps)
        assert [each.ignored for each in heard].count("") == 1, f"stopped after {steps} steps"
        if not went_on:
            break
    assert steps > 3, "hardly anything was interleaved"
