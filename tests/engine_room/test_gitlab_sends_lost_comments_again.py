"""A comment whose delivery found nobody is sent again by GitLab, once, where the token may read its webhook's log."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.model.delivery import Verdict
from pushboat.store import deliveries, looks
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.worker import at_work
from tests.fakes.gitlab import FakeGitLab
from tests.receiving.front_door import FrontDoor, open_front_door
from tests.store.repository import time_passes
from workers.catching_up.delivery_log import EVERY
from workers.catching_up.story import look
from workers.tools import Tools

SHOP, NAME = "acme/shop", "gitlab/acme/shop"
NOBODY = "http://127.0.0.1:9/webhooks/gitlab"


@pytest.fixture
def tools(request: pytest.FixtureRequest, tmp_path: Path, gitlab: FakeGitLab, store: Store) -> Iterator[Tools]:
    """A worker of a Pushboat that knows this GitLab only."""
    gitlab.projects[SHOP].permissions[gitlab.bot] = "maintain"
    if getattr(request, "param", "") == "signing token":
        gitlab.signing_token = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    with at_work(tmp_path, store, gitlab.configured(), {NAME: {"staging": STAGING}}) as tools:
        yield tools


@pytest.fixture
def door(tools: Tools, gitlab: FakeGitLab) -> Iterator[FrontDoor]:
    """The front door of the same Pushboat, which has looked once, and has GitLab's webhook."""
    with open_front_door(tools.operator, tools.store) as opened:
        gitlab.connect(SHOP, f"{tools.operator.public_url}/webhooks/gitlab")
        gitlab.hook_url = f"{opened.url}/webhooks/gitlab"
        restarted_look(tools)
        yield opened


def restarted_look(tools: Tools) -> None:
    """Look as the first look after a start does."""
    looks.schedule(tools.store, tools.operator.projects)
    look(tools, NAME)


def comment_to_nobody(gitlab: FakeGitLab, *texts: str) -> None:
    """Comment while nothing listens."""
    address, gitlab.hook_url = gitlab.hook_url, NOBODY
    gitlab.push(SHOP, "topic", {"a": texts[0]}, deliver=False)
    number = gitlab.open_pull_request(SHOP, "topic").number
    for text in texts:
        gitlab.comment(SHOP, number, "alice", text)
    gitlab.hook_url = address


def commands(tools: Tools) -> list[str]:
    """List the comments that were accepted, the oldest first."""
    rows = reversed(deliveries.listed(tools.store))
    return [row.event.comment for row in rows if row.verdict is Verdict.ACCEPTED and row.event.comment]


@pytest.mark.parametrize("tools", ["secret token", "signing token"], indirect=True)
def test_a_lost_comment_is_sent_again_once(tools: Tools, gitlab: FakeGitLab, door: FrontDoor) -> None:
    """I said /deploy while Pushboat restarted: it is heard after all, under its own id, and not a second time."""
    assert door
    comment_to_nobody(gitlab, "/deploy staging")
    lost = gitlab.deliveries[-1].headers["Idempotency-Key"]
    restarted_look(tools)
    sent = len(gitlab.deliveries)
    restarted_look(tools)
    assert len(gitlab.deliveries) == sent
    assert commands(tools) == ["/deploy staging"]
    assert deliveries.is_known(tools.store, "gitlab", lost)
    assert looks.listed(tools.store)[0].log_trouble == ""


def test_an_older_gitlab_names_no_times(tools: Tools, gitlab: FakeGitLab, door: FrontDoor) -> None:
    """Its log has no dates; the comment has its own, and a push is found by its head, not sent again."""
    assert door
    gitlab.dates_entries = False
    comment_to_nobody(gitlab, "/deploy staging")
    address, gitlab.hook_url = gitlab.hook_url, NOBODY
    gitlab.push(SHOP, "main", {"a": "b"})
    gitlab.hook_url = address
    sent = len(gitlab.deliveries)
    restarted_look(tools)
    assert commands(tools) == ["/deploy staging"]
    again = [one.headers["X-Gitlab-Event"] for one in gitlab.deliveries[sent:]]
    assert again == ["Note Hook"]


def test_what_was_lost_before_the_first_look_stays_lost(tools: Tools, gitlab: FakeGitLab, door: FrontDoor) -> None:
    """Commands of a time before Pushboat was here are nobody's wish any more."""
    assert door
    comment_to_nobody(gitlab, "/deploy staging")
    for sent in gitlab.deliveries:
        sent.at -= 3600
    restarted_look(tools)
    assert commands(tools) == []


def test_what_got_through_is_left_alone(tools: Tools, gitlab: FakeGitLab, door: FrontDoor) -> None:
    """Our answer got lost on its way, or our answer was no: neither is sent again."""
    gitlab.push(SHOP, "topic", {"a": "b"}, deliver=False)
    number = gitlab.open_pull_request(SHOP, "topic").number
    gitlab.comment(SHOP, number, "alice", "/deploy staging")
    gitlab.deliveries[-1].response = None
    secret, gitlab.secret = gitlab.secret, "a wrong one"
    gitlab.comment(SHOP, number, "alice", "/deploy status")
    gitlab.secret = secret
    sent = len(gitlab.deliveries)
    restarted_look(tools)
    assert len(gitlab.deliveries) == sent
    assert len(door.rings) == 2


def test_more_than_gitlab_sends_in_a_minute_come_one_by_one(tools: Tools, gitlab: FakeGitLab, door: FrontDoor) -> None:
    """GitLab takes five wishes a minute: the oldest come first, and the next look comes when it takes more."""
    assert door
    texts = [f"/deploy staging {number}" for number in range(7)]
    comment_to_nobody(gitlab, *texts)
    restarted_look(tools)
    assert commands(tools) == texts[:4]  # the merge request's own delivery was the first
    assert looks.due(tools.store, 5) == []
    time_passes(tools.store, 60.0)
    assert looks.due(tools.store, 5) == [NAME]


def test_a_delivery_that_never_gets_through_is_left(tools: Tools, gitlab: FakeGitLab, door: FrontDoor) -> None:
    """A proxy refuses it each time: after a few tries it keeps nobody else from being heard."""
    assert door
    comment_to_nobody(gitlab, "/deploy staging")
    gitlab.resends_a_minute = 100
    address, gitlab.hook_url = gitlab.hook_url, NOBODY
    for _ in range(5):
        restarted_look(tools)
    sent = len(gitlab.deliveries)
    restarted_look(tools)
    assert len(gitlab.deliveries) == sent
    gitlab.hook_url = address
    comment_to_nobody(gitlab, "/deploy status")
    restarted_look(tools)
    assert commands(tools) == ["/deploy status"]


def test_one_that_gitlab_will_not_send_keeps_no_other_back(tools: Tools, gitlab: FakeGitLab, door: FrontDoor) -> None:
    """The hook's address was changed since the first one: that is said, and the others come."""
    assert door
    comment_to_nobody(gitlab, "/deploy staging")
    gitlab.fail(422, path="/resend", body={"message": "The hook URL has changed, and this log entry cannot be retried"})
    restarted_look(tools)
    assert commands(tools) == ["/deploy staging"]
    assert "The hook URL has changed" in looks.listed(tools.store)[0].log_trouble


def test_a_developers_token_is_told_what_it_lacks(tools: Tools, gitlab: FakeGitLab, door: FrontDoor) -> None:
    """The token may not see webhooks: pushes are found all the same, and the doctor has the sentence."""
    assert door
    gitlab.projects[SHOP].permissions[gitlab.bot] = "write"
    time_passes(tools.store, EVERY)
    look(tools, NAME)
    [said] = looks.listed(tools.store)
    assert "read what the webhook of acme/shop delivered" in said.log_trouble
    assert said.trouble == ""


def test_a_gitlab_without_a_log_is_no_trouble(tools: Tools, gitlab: FakeGitLab, door: FrontDoor) -> None:
    """An old version keeps no log: nothing can come again, and nobody is told to mend a token."""
    assert door
    gitlab.has_log = False
    restarted_look(tools)
    assert looks.listed(tools.store)[0].log_trouble == ""


def test_a_long_log_is_read_page_by_page(tools: Tools, gitlab: FakeGitLab, door: FrontDoor) -> None:
    """Fifty deliveries later, the lost one is still found."""
    assert door
    comment_to_nobody(gitlab, "/deploy staging")
    for _ in range(50):
        gitlab.ping(SHOP)
    restarted_look(tools)
    assert commands(tools) == ["/deploy staging"]
