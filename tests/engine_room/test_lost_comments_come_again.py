"""A comment whose delivery found nobody is sent again by GitHub, once, as soon as Pushboat looks."""

from collections.abc import Iterator

import pytest

from pushboat.model.delivery import Verdict
from pushboat.store import deliveries, looks
from tests.fakes.github import FakeGitHub
from tests.fakes.github_log import SCOPE
from tests.receiving.front_door import FrontDoor, open_front_door
from tests.store.repository import NAME, time_passes
from workers.catching_up.delivery_log import EVERY
from workers.catching_up.story import look
from workers.tools import Tools

SHOP = "acme/shop"
NOBODY = "http://127.0.0.1:9/webhooks/github"


@pytest.fixture
def door(tools: Tools, github: FakeGitHub) -> Iterator[FrontDoor]:
    """The front door of the same Pushboat, which has looked once, and has GitHub's webhook."""
    with open_front_door(tools.operator, tools.store) as opened:
        github.scopes.append(SCOPE)
        github.connect(SHOP, f"{tools.operator.public_url}/webhooks/github")
        github.hook_url = f"{opened.url}/webhooks/github"
        looks.schedule(tools.store, tools.operator.projects)
        look(tools, NAME)
        yield opened


def comment_to_nobody(github: FakeGitHub, text: str) -> None:
    """Comment while nothing listens."""
    address, github.hook_url = github.hook_url, NOBODY
    github.push(SHOP, "topic", {"a": text}, deliver=False)
    number = github.open_pull_request(SHOP, "topic").number
    github.comment(SHOP, number, "alice", text)
    github.hook_url = address


def commands(tools: Tools) -> list[str]:
    """List the comments that were accepted."""
    rows = deliveries.listed(tools.store)
    return [row.event.comment for row in rows if row.verdict is Verdict.ACCEPTED and row.event.comment]


def test_a_lost_comment_is_sent_again_once(tools: Tools, github: FakeGitHub, door: FrontDoor) -> None:
    """I said /deploy while Pushboat restarted: it is heard after all, and not a second time."""
    assert door
    comment_to_nobody(github, "/deploy staging")
    for _ in range(2):
        looks.schedule(tools.store, tools.operator.projects)
        look(tools, NAME)
    assert commands(tools) == ["/deploy staging"]
    assert looks.listed(tools.store)[0].log_trouble == ""


def test_what_got_through_is_left_alone(tools: Tools, github: FakeGitHub, door: FrontDoor) -> None:
    """Our answer got lost on its way, or our answer was no: neither is sent again."""
    github.push(SHOP, "topic", {"a": "b"}, deliver=False)
    number = github.open_pull_request(SHOP, "topic").number
    github.comment(SHOP, number, "alice", "/deploy staging")
    github.deliveries[-1].response = None
    secret, github.secret = github.secret, "a wrong one"
    github.comment(SHOP, number, "alice", "/deploy status")
    github.secret = secret
    sent = len(github.deliveries)
    looks.schedule(tools.store, tools.operator.projects)
    look(tools, NAME)
    assert len(github.deliveries) == sent
    assert len(door.rings) == 2


def test_what_was_lost_before_the_first_look_stays_lost(tools: Tools, github: FakeGitHub, door: FrontDoor) -> None:
    """Commands of a time before Pushboat was here are nobody's wish any more."""
    assert door
    comment_to_nobody(github, "/deploy staging")
    for sent in github.deliveries:
        sent.at -= 3600
    looks.schedule(tools.store, tools.operator.projects)
    look(tools, NAME)
    assert commands(tools) == []


def test_a_token_that_may_not_see_webhooks_is_said(tools: Tools, github: FakeGitHub, door: FrontDoor) -> None:
    """The token has no right to webhooks: pushes are found all the same, and the doctor has the sentence."""
    assert door
    github.scopes.remove(SCOPE)
    time_passes(tools.store, EVERY)
    look(tools, NAME)
    [said] = looks.listed(tools.store)
    assert "read what the webhook of acme/shop delivered" in said.log_trouble
    assert said.trouble == ""


def test_the_log_is_read_seldom(tools: Tools, github: FakeGitHub, door: FrontDoor) -> None:
    """Looks come every few minutes; the log costs questions of the API's limit and is read twice an hour."""
    assert door
    before = len(github.requests)
    look(tools, NAME)
    asked = [one.path for one in github.requests[before:] if "/hooks" in one.path]
    assert asked == []


def test_a_long_log_is_read_page_by_page(tools: Tools, github: FakeGitHub, door: FrontDoor) -> None:
    """A hundred deliveries later, the lost one is still found."""
    assert door
    comment_to_nobody(github, "/deploy staging")
    for _ in range(130):
        github.ping(SHOP)
    looks.schedule(tools.store, tools.operator.projects)
    look(tools, NAME)
    assert commands(tools) == ["/deploy staging"]


def test_a_delivery_that_never_gets_through_is_left(tools: Tools, github: FakeGitHub, door: FrontDoor) -> None:
    """A proxy refuses it each time: after a few tries GitHub is not asked again, and what comes after it is heard."""
    assert door
    comment_to_nobody(github, "/deploy staging")
    address, github.hook_url = github.hook_url, NOBODY
    for _ in range(5):
        looks.schedule(tools.store, tools.operator.projects)
        look(tools, NAME)
    sent = len(github.deliveries)
    looks.schedule(tools.store, tools.operator.projects)
    look(tools, NAME)
    assert len(github.deliveries) == sent
    github.hook_url = address
    comment_to_nobody(github, "/deploy status")
    looks.schedule(tools.store, tools.operator.projects)
    look(tools, NAME)
    assert commands(tools) == ["/deploy status"]
