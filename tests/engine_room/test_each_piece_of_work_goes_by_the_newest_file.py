"""Work that never ends, letter after letter, takes another file with the next piece; one in hand does not."""

from dataclasses import replace

import pytest

from pushboat.forges.table import client_of
from pushboat.model.state import State
from pushboat.store import deliveries, deployments, ending, outbox
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository
from workers.deploying import story
from workers.reporting import Seats, report
from workers.routing.story import route_repository
from workers.tools import Clients, Tools


@pytest.fixture
def outdated(tools: Tools, forgotten: Tools) -> Tools:
    """What a worker has in hand that began before its operator took the project out of the file."""
    return replace(tools, newest=lambda: forgotten)


def test_a_delivery_is_routed_by_the_newest_file(
    outdated: Tools, store: Store, repository: Repository, main: str
) -> None:
    """Routing that has gone on since before the change allows nothing that the file allows no more."""
    number = repository.receive(main)
    route_repository(outdated, NAME)
    assert deployments.listed(store) == []
    row = deliveries.find(store, number)
    assert row
    assert "is not in the operator's file any more" in row.reason


def test_a_deployment_is_claimed_by_the_newest_file(outdated: Tools, repository: Repository, main: str) -> None:
    """However long it waited for a place, or its hint on the way."""
    made = repository.push(main)
    story.deploy(outdated, made.id)
    ended = repository.row(made)
    assert ended.state is State.ERRORED
    assert "is not in the operator's file any more" in ended.reason


def test_the_next_letter_goes_with_the_newest_token(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """Where there is always one more letter to post, a rotated token is still taken."""
    ending.finish(store, repository.claim(repository.push(main)), State.SUCCEEDED, "healthy")
    valid = github.configured()
    github.token = "a token that was rotated"
    renewed = replace(tools.operator, forges={"github": replace(valid, token=github.token)})
    newest = replace(tools, operator=renewed, clients=Clients(renewed, client_of).of)
    report(replace(tools, newest=lambda: newest), Seats(), "github")
    assert github.statuses("acme/shop", main)[-1][1:3] == ("success", "healthy")
    assert outbox.backlog(store) == 0


def test_what_is_in_hand_is_not_taken_away(tools: Tools) -> None:
    """Without another file the same tools go on."""
    assert tools.by_now() is tools
    assert STAGING.environment in tools.environments(NAME)
