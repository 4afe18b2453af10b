"""`/deploy status` answers from what the pages and the API show: one read side, one answer."""

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.model.hold import Hold, Scope
from pushboat.reading.environments import overview
from pushboat.routing import asking
from pushboat.store import deliveries, holds
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, Repository
from workers.routing.gathering import gather
from workers.tools import Tools


def test_a_comment_is_told_of_every_hold(tools: Tools, store: Store, repository: Repository) -> None:
    """Staging is paused and a commit waits: the facts of the reply and the row of the page are the same."""
    repository.push("a")
    holds.put(store, Hold(kind="pause", scope=Scope(repository=NAME, environment="staging"), by="ann"))
    event = Event(
        kind=EventKind.COMMENT,
        action="created",
        repository="acme/shop",
        number=7,
        author="alice",
        comment="/deploy status",
        comment_on="pull_request",
    )
    wanted = asking.read(event, NAME)
    assert isinstance(wanted, Ask)
    assert wanted.source is Source.COMMENT
    number = deliveries.accept(store, "github", "status", event, asked=(wanted,)).id
    row = deliveries.find(store, number)
    assert row
    (standing,) = gather(tools, NAME, row).standings
    (shown,) = overview(store, tools.operator)
    assert (standing.runs, standing.latest, standing.holds) == (shown.runs, shown.latest, shown.holds)
    assert [hold.by for hold in standing.holds] == ["ann"]
    assert [one.sha for one in standing.unfinished] == ["a"]
