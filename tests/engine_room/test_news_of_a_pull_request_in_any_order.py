"""News of one pull request come twice, late and in the wrong order: its head shows what was found of it, and no other
word takes the place of that."""

import pytest

from pushboat.events import Event, EventKind
from pushboat.model.deployment import Deployment
from pushboat.model.state import State
from pushboat.store import deliveries, deployments, ending
from pushboat.store.database.engine import Store
from tests.engine_room.test_routing import opened_by_alice, pull_request, reason, route_patiently, say
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, time_passes
from tests.written import config_map
from workers.routing.story import route_repository
from workers.tools import Tools

WHOLE, STAGING = "pushboat/plan", "pushboat/plan/staging"


def news(store: Store, action: str, number: int, sha: str) -> int:
    """Accept other news of a pull request."""
    event = Event(
        kind=EventKind.PULL_REQUEST,
        action=action,
        repository="acme/shop",
        ref="feature",
        base_ref="main",
        number=number,
        sha=sha,
        fork=False,
    )
    return deliveries.accept(store, "github", f"{action}-{sha}", event).id


def finished(repository: Repository, delivery: int, state: State = State.SUCCEEDED) -> Deployment:
    """Let the plan that a delivery led to end."""
    (made,) = deployments.of_delivery(repository.store, delivery)
    ending.finish(repository.store, repository.claim(made), state, "found")
    return made


@pytest.mark.parametrize("first_ends", [True, False])
def test_a_plan_that_was_asked_for_meanwhile_leaves_nothing_pending(
    tools: Tools, store: Store, repository: Repository, github: FakeGitHub, first_ends: bool
) -> None:
    """The forge hangs when my pull request is opened; I ask for its plan myself, and then the news is read as well."""
    number, head = opened_by_alice(github)
    opened = pull_request(store, "opened", number, head)
    github.down = True
    route_repository(tools, NAME)
    github.down = False
    time_passes(store, -600)  # it waits for its next try
    wished = say(store, "wish", number, "/deploy plan staging")
    route_repository(tools, NAME)
    assert deliveries.find(store, opened).routed_at is None  # type: ignore[union-attr]
    if first_ends:
        finished(repository, wished)
    time_passes(store, 1200)
    route_repository(tools, NAME)
    assert "planning staging" in reason(store, opened)
    finished(repository, opened)
    assert repository.shown(head, STAGING)[-1] == ("succeeded", "found")
    assert repository.shown(head, WHOLE)[-1] == ("succeeded", "staging: no change")


def test_late_news_of_an_older_head_leave_the_newer_one_alone(
    tools: Tools, store: Store, repository: Repository, github: FakeGitHub
) -> None:
    """My two pushes are told in the wrong order: what is wrong with the second one stays red and is not called gone."""
    number, head = opened_by_alice(github, step="one")
    second = github.update_pull_request("acme/shop", number, {"deploy/settings.yaml": config_map(step="two")})
    third = github.update_pull_request("acme/shop", number, {"deploy/settings.yaml": config_map(step="three")})
    pull_request(store, "opened", number, head)
    newest = pull_request(store, "third", number, third.sha, before=second.sha)
    route_repository(tools, NAME)
    late = pull_request(store, "second", number, second.sha, before=head)
    route_repository(tools, NAME)
    assert "has moved on" in reason(store, late)
    finished(repository, newest, State.FAILED)
    assert repository.shown(third.sha, WHOLE)[-1] == ("failed", "staging: found")


def test_a_head_that_was_pushed_back_to_is_planned(
    tools: Tools, store: Store, repository: Repository, github: FakeGitHub
) -> None:
    """I push back to an earlier head, and one delivery in between is lost: the forge is asked, and it is planned."""
    number, head = opened_by_alice(github, step="one")
    second = github.update_pull_request("acme/shop", number, {"deploy/settings.yaml": config_map(step="two")})
    pull_request(store, "opened", number, head)
    pull_request(store, "second", number, second.sha, before=head)
    github.reset("acme/shop", "feature", head)
    github.projects["acme/shop"].pull_requests[number].head_sha = head
    back = pull_request(store, "back", number, head, before="3" * 40)
    route_repository(tools, NAME)
    finished(repository, back)
    assert repository.shown(head, WHOLE)[-1] == ("succeeded", "staging: no change")


def test_an_old_close_that_is_replayed_ends_nothing_that_is_open(
    tools: Tools, store: Store, repository: Repository, github: FakeGitHub
) -> None:
    """My pull request was closed and reopened, and somebody replays the first of the two: its red plan stays red."""
    number, head = opened_by_alice(github)
    closed = news(store, "closed", number, head)
    reopened = news(store, "reopened", number, head)
    route_repository(tools, NAME)
    finished(repository, reopened, State.FAILED)
    again = deliveries.replay(store, closed)
    route_repository(tools, NAME)
    assert "is open" in reason(store, again)
    assert repository.shown(head, WHOLE)[-1] == ("failed", "staging: found")


def test_a_close_that_is_told_after_the_reopening_keeps_nothing_from_being_planned(
    tools: Tools, store: Store, repository: Repository, github: FakeGitHub
) -> None:
    """The forge tells of the close last: what I push to the open pull request then is planned."""
    number, head = opened_by_alice(github, step="one")
    reopened = news(store, "reopened", number, head)
    closed = news(store, "closed", number, head)
    route_patiently(tools, store)
    finished(repository, reopened)
    assert "is open" in reason(store, closed)
    assert repository.shown(head, WHOLE)[-1] == ("succeeded", "staging: no change")
    pushed = github.update_pull_request("acme/shop", number, {"deploy/settings.yaml": config_map(step="two")})
    updated = pull_request(store, "update", number, pushed.sha, before=head)
    route_repository(tools, NAME)
    finished(repository, updated)
    assert repository.shown(pushed.sha, WHOLE)[-1] == ("succeeded", "staging: no change")


def test_what_is_closed_at_the_forge_stays_unplanned(
    tools: Tools, store: Store, repository: Repository, github: FakeGitHub
) -> None:
    """I close my pull request: late news of it plan nothing, and it asks about nothing any more."""
    number, head = opened_by_alice(github)
    pull_request(store, "opened", number, head)
    route_repository(tools, NAME)
    github.change_pull_request("acme/shop", number, "closed")
    news(store, "closed", number, head)
    late = news(store, "ready", number, head)
    route_repository(tools, NAME)
    assert "is closed by now" in reason(store, late)
    assert repository.shown(head, WHOLE)[-1] == ("succeeded", "no longer proposed")


@pytest.mark.parametrize("trouble", [503, 404])
def test_a_close_is_believed_where_the_forge_says_nothing(
    tools: Tools, store: Store, repository: Repository, github: FakeGitHub, trouble: int
) -> None:
    """The forge does not say how my closed pull request stands: it asks about nothing any more, soon."""
    number, head = opened_by_alice(github)
    pull_request(store, "opened", number, head)
    route_repository(tools, NAME)
    github.fail(trouble, path=f"/pulls/{number}", times=1000)
    closed = news(store, "closed", number, head)
    for _ in range(4):
        route_repository(tools, NAME)
        time_passes(store, 30)
    assert "closed without a merge" in reason(store, closed)
    assert repository.shown(head, WHOLE)[-1] == ("succeeded", "no longer proposed")
