"""The operator adds a project; the worker's own copy of the file comes a while later, as on another machine it may."""

from dataclasses import replace

import pytest

from pushboat.errors import ForgeUnavailable
from pushboat.forges.table import client_of
from pushboat.model.deployment import Lane
from pushboat.model.state import Kind, State
from pushboat.store import deliveries, deployments, ending, looks, outbox
from pushboat.store.database.engine import Store
from tests.engine_room.test_routing import pull_request
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, time_passes
from tests.written import config_map
from workers.deploying import story
from workers.deploying.claimed import OUTAGE_SECONDS
from workers.reporting import Seats, report
from workers.routing import patience
from workers.routing.story import route_repository
from workers.source import publishing
from workers.tools import Clients, Tools

LEFT, NOT_YET = "is not in the operator's file any more", "this worker has not read yet that the operator's file has"


@pytest.fixture
def behind(tools: Tools, forgotten: Tools) -> Tools:
    """A worker that lacks the project which the dispatcher has read of."""
    looks.schedule(tools.store, tools.operator.projects)
    return replace(forgotten, newest=lambda: forgotten)


def reason(store: Store, number: int) -> str:
    """What is said of a delivery."""
    row = deliveries.find(store, number)
    assert row
    return row.reason


def test_my_first_push_waits_for_the_worker_to_know(
    tools: Tools, behind: Tools, store: Store, repository: Repository, main: str
) -> None:
    """It was accepted, and is deployed as soon as the worker has read the file; nobody has to push again."""
    number = repository.receive(main)
    route_repository(behind, NAME)
    assert reason(store, number) == f"waiting: {NOT_YET} {NAME}"
    time_passes(store, 2.0)
    route_repository(tools, NAME)
    assert [each.sha for each in deployments.listed(store)] == [main]


@pytest.fixture
def further_behind(behind: Tools) -> Tools:
    """A worker that lacks the forge, too."""
    without = replace(behind.operator, forges={})
    lacking = replace(behind, operator=without, clients=Clients(without, client_of).of, newest=None)
    return replace(lacking, newest=lambda: lacking)


@pytest.mark.parametrize("proposed", [False, True])
def test_what_comes_from_a_new_forge_waits_for_the_worker_to_know(
    tools: Tools,
    further_behind: Tools,
    github: FakeGitHub,
    store: Store,
    repository: Repository,
    main: str,
    *,
    proposed: bool,
) -> None:
    """The forge came into the file with the project: my push waits, and so does my pull request."""
    if proposed:
        head = github.push("acme/shop", "feature", {"deploy/b.yaml": config_map("b")}, deliver=False).sha
        number = pull_request(store, "opened", github.open_pull_request("acme/shop", "feature").number, head)
    else:
        number = repository.receive(main)
    for _ in range(2):
        route_repository(further_behind, NAME)
        row = deliveries.find(store, number)
        assert row
        assert row.routed_at is None
        assert row.reason.startswith("waiting: this process has not read yet"), row.reason
        time_passes(store, patience.OUTAGE_SECONDS)
    route_repository(tools, NAME)
    assert len(deployments.listed(store, kinds=(Kind.PLAN if proposed else Kind.DEPLOY,))) == 1


def test_what_is_committed_at_a_new_forge_waits_for_the_reporter_to_know(further_behind: Tools) -> None:
    """Renders go to a repository there: a reporter that lacks the forge does not take it for gone."""
    lane = Lane(repository=NAME, environment="staging")
    with pytest.raises(ForgeUnavailable, match="this process has not read yet"):
        publishing.restored(further_behind, "github/acme/renders", lane)


def test_a_push_does_not_wait_for_ever(behind: Tools, store: Store, repository: Repository, main: str) -> None:
    """The worker's file stays another one: my delivery ends in a sentence all the same."""
    number = repository.receive(main)
    route_repository(behind, NAME)
    time_passes(store, patience.OUTAGE_SECONDS)
    route_repository(behind, NAME)
    row = deliveries.find(store, number)
    assert row
    assert row.routed_at
    assert NOT_YET in row.reason


def test_what_another_worker_routed_is_not_given_up(
    tools: Tools, behind: Tools, repository: Repository, main: str
) -> None:
    """One worker has read the file and another one deploys: it tries again, as long as it would after an outage."""
    made = repository.push(main)
    story.deploy(behind, made.id)
    row = repository.row(made)
    assert (row.state, NOT_YET in row.reason) == (State.QUEUED, True)
    time_passes(tools.store, OUTAGE_SECONDS)
    story.deploy(behind, made.id)
    ended = repository.row(made)
    assert (ended.state, NOT_YET in ended.reason) == (State.ERRORED, True)


def test_what_left_the_dispatchers_file_is_given_up_at_once(
    behind: Tools, store: Store, repository: Repository, main: str
) -> None:
    """The operator has taken the project out: that is what is said, and nothing waits for it."""
    looks.schedule(store, behind.operator.projects)
    number = repository.receive(main)
    route_repository(behind, NAME)
    assert LEFT in reason(store, number)
    assert not reason(store, number).startswith("waiting: ")


def test_what_a_new_forge_is_to_be_told_waits_for_the_reporter_to_know(
    tools: Tools, behind: Tools, github: FakeGitHub, repository: Repository, main: str
) -> None:
    """The forge is new in the file, too: the reporter that lacks it tells it nothing yet, and gives nothing up."""
    ending.finish(tools.store, repository.claim(repository.push(main)), State.SUCCEEDED, "healthy")
    without = replace(behind.operator, forges={})
    report(replace(behind, operator=without, clients=Clients(without, client_of).of, newest=None), Seats(), "github")
    assert github.statuses("acme/shop", main) == []
    time_passes(tools.store, 60.0)
    report(tools, Seats(), "github")
    assert github.statuses("acme/shop", main)[-1][1:3] == ("success", "healthy")
    assert outbox.backlog(tools.store) == 0
