"""Somebody cancels before a worker has begun: the commit shows it, and the asker is told."""

import pytest

from pushboat.errors import Cancelled
from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.delivery import DeliveryRow
from pushboat.model.state import State
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository
from workers.deploying.cancellation import Cancellation
from workers.deploying.story import deploy
from workers.routing.story import route_repository
from workers.tools import Tools


def cancelled(tools: Tools, store: Store, name: str) -> DeliveryRow:
    """Ask for it on the command line, and route that."""
    event = Event(kind=EventKind.ASK, action="cancel", repository="acme/shop", author="olga")
    wanted = Ask(word="cancel", environment="staging", who="olga", source=Source.COMMAND, repository=NAME)
    number = deliveries.accept(store, "github", name, event, asked=(wanted,)).id
    route_repository(tools, NAME)
    row = deliveries.find(store, number)
    assert row
    return row


def test_what_was_cancelled_while_it_waited_never_starts(
    tools: Tools, store: Store, repository: Repository, main: str
) -> None:
    """The hint of before comes to a worker afterwards: it leaves the cluster alone."""
    pushed = repository.receive(main)
    route_repository(tools, NAME)
    (waiting,) = deployments.of_delivery(store, pushed)
    row = cancelled(tools, store, "cancel")
    (entry,) = row.audit
    assert (entry.verdict, entry.deployment) == (AskVerdict.DONE, waiting.id)
    assert row.deployments == (waiting.id,)

    deploy(tools, waiting.id)
    ended = repository.row(waiting)
    assert (ended.state, ended.reason, ended.attempts) == (State.CANCELLED, "cancelled by olga", 0)
    assert repository.shown(main)[-1] == ("cancelled", "cancelled by olga")


def test_cancelling_twice_is_refused_the_second_time(
    tools: Tools, store: Store, repository: Repository, main: str
) -> None:
    """There is nothing left to cancel, and the sentence says so."""
    repository.receive(main)
    route_repository(tools, NAME)
    cancelled(tools, store, "first")
    (entry,) = cancelled(tools, store, "second").audit
    assert (entry.verdict, entry.deployment) == (AskVerdict.REFUSED, None)
    assert entry.reason == "Nothing is on its way to staging, so there is nothing to cancel."


def test_a_worker_learns_of_it_between_two_writes(
    tools: Tools, store: Store, repository: Repository, main: str
) -> None:
    """The next object is not written; looking costs one question a second, however many objects there are."""
    repository.receive(main)
    route_repository(tools, NAME)
    (waiting,) = deployments.listed(store)
    repository.claim(waiting)
    before, after = Cancellation(store, waiting.id), Cancellation(store, waiting.id)
    before.refuse_to_go_on()
    cancelled(tools, store, "cancel")
    before.refuse_to_go_on()  # it has asked less than a second ago
    for _ in range(2):
        with pytest.raises(Cancelled, match="cancelled by olga; what was applied before stays"):
            after.refuse_to_go_on()
