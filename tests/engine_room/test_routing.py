"""One delivery that cannot be routed does not keep the pushes behind it waiting for ever."""

from dataclasses import replace

import sqlalchemy as sa

from pushboat.config.project import Allowed, Project
from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.routing import asking
from pushboat.store import audit, deliveries, deployments
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, time_passes
from tests.written import config_map
from workers.routing.story import GIVE_UP_AFTER, route_repository
from workers.tools import Tools


def say(store: Store, name: str, number: int, text: str = "/deploy staging") -> int:
    """Accept alice's comment on a pull request, as the front door does."""
    event = Event(
        kind=EventKind.COMMENT,
        action="created",
        repository="acme/shop",
        number=number,
        author="alice",
        comment=text,
        comment_on="pull_request",
    )
    wanted = asking.read(event, NAME)
    assert wanted
    return deliveries.accept(store, "github", name, event, asked=(wanted,)).id


def route_patiently(tools: Tools, store: Store) -> None:
    """Route again and again, as the dispatcher does, for as long as one delivery is tried."""
    for _ in range(GIVE_UP_AFTER + 1):
        route_repository(tools, NAME)
        time_passes(store, 3600)


def test_a_command_on_a_pull_request_that_is_gone_holds_no_push_up(
    tools: Tools, store: Store, repository: Repository, main: str
) -> None:
    """Somebody comments on a pull request that was deleted since: the next push deploys, and the delivery says why."""
    comment = say(store, "comment", 404)
    pushed = repository.receive(main)
    route_patiently(tools, store)

    refused = deliveries.find(store, comment)
    assert refused
    assert refused.routed_at
    assert "404" in refused.reason
    routed = deliveries.find(store, pushed)
    assert routed
    assert len(routed.deployments) == 1


def test_a_project_that_left_the_operators_file_is_told_so(
    forgotten: Tools, store: Store, repository: Repository, main: str
) -> None:
    """The operator removes my project while a push waits: its delivery ends in that sentence, not in a wait."""
    number = repository.receive(main)
    route_repository(forgotten, NAME)
    row = deliveries.find(store, number)
    assert row
    assert row.routed_at
    assert "github/acme/shop is not in the operator's file any more" in row.reason


def test_a_delivery_that_meets_a_bug_ends_and_says_so(
    tools: Tools, store: Store, repository: Repository, main: str
) -> None:
    """We stumble over a delivery every time: after some tries it ends and says so, and the next push deploys."""
    event = Event(kind=EventKind.ASK, action="deploy", repository="acme/shop")
    timed = Ask(word="deploy", environment="staging", who="a clock", source=Source.TIMER, repository=NAME, sha=main)
    poison = deliveries.accept(store, "github", "poison", event, asked=(timed,)).id
    with store.writing() as tx:
        assert tx.change(sa.text("UPDATE ask SET arguments = '[\"none that there can be\"]'"))
    pushed = repository.receive(main)
    allowed = Project(repository=NAME, environments=Allowed({"staging": replace(STAGING, deployers=("a clock",))}))
    tools = replace(tools, operator=replace(tools.operator, projects={NAME: allowed}))
    route_patiently(tools, store)

    ended = deliveries.find(store, poison)
    assert ended
    assert ended.routed_at
    assert "Pushboat's own fault" in ended.reason
    routed = deliveries.find(store, pushed)
    assert routed
    assert len(routed.deployments) == 1


def test_a_push_waits_as_long_as_the_forge_refuses_us(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """The token has expired: my push is not given up, and deploys when the operator has renewed it."""
    number = repository.receive(main)
    valid, github.token = github.token, "another token than Pushboat's"
    route_patiently(tools, store)
    row = deliveries.find(store, number)
    assert row
    assert row.routed_at is None
    assert row.reason.startswith("waiting: ")

    github.token = valid
    route_repository(tools, NAME)
    row = deliveries.find(store, number)
    assert row
    assert len(row.deployments) == 1


def test_a_command_on_a_head_that_has_moved_is_refused_and_shows_what_changed(
    tools: Tools, store: Store, github: FakeGitHub
) -> None:
    """Somebody pushes after my comment and before it is read: nothing is deployed, and I see what came since."""
    number, head = opened_by_alice(github, seen="yes")
    comment = say(store, "comment", number)
    later = github.update_pull_request("acme/shop", number, {"deploy/settings.yaml": config_map(seen="no")})
    pull_request(store, "update", number, later.sha, before=head)
    route_repository(tools, NAME)

    assert deployments.of_delivery(store, comment) == []
    changed = f"[what changed]({github.url}/acme/shop/compare/{head}...{later.sha})"
    said = f"has moved on since you saw it, from `{head[:7]}` to `{later.sha[:7]}`: look at {changed}"
    (entry,) = audit.listed(store, asked=True)
    assert said in entry.reason


def opened_by_alice(github: FakeGitHub, **data: str) -> tuple[int, str]:
    """Open a pull request, which its writer may deploy; give its number and its head."""
    github.push("acme/shop", "feature", {"deploy/settings.yaml": config_map(**data)})
    opened = github.open_pull_request("acme/shop", "feature")
    github.projects["acme/shop"].permissions["alice"] = "write"
    assert opened.number
    return opened.number, opened.sha


def pull_request(store: Store, name: str, number: int, sha: str, before: str = "") -> int:
    """Accept news of a pull request's head."""
    event = Event(
        kind=EventKind.PULL_REQUEST,
        action="updated" if before else "opened",
        repository="acme/shop",
        ref="feature",
        base_ref="main",
        number=number,
        before=before,
        sha=sha,
        fork=False,
    )
    return deliveries.accept(store, "github", name, event).id


def reason(store: Store, delivery: int) -> str:
    """Give the sentence of a delivery that was routed."""
    row = deliveries.find(store, delivery)
    assert row
    assert row.routed_at, row.reason
    return row.reason


def test_a_push_that_we_were_not_told_of_is_noticed(tools: Tools, store: Store, github: FakeGitHub) -> None:
    """A push that Pushboat never heard of is not what I saw either: my command is refused."""
    number, head = opened_by_alice(github, seen="yes")
    pull_request(store, "opened", number, head)
    comment = say(store, "comment", number)
    github.update_pull_request("acme/shop", number, {"deploy/settings.yaml": config_map(seen="no")})
    route_repository(tools, NAME)

    assert deployments.of_delivery(store, comment) == []
    assert "has moved on since you saw it" in reason(store, comment)


def test_news_that_come_late_do_not_set_the_head_back(tools: Tools, store: Store, github: FakeGitHub) -> None:
    """The news of two pushes arrive in the wrong order: the newer commit stays the head that commands mean."""
    number, head = opened_by_alice(github, step="one")
    second = github.update_pull_request("acme/shop", number, {"deploy/settings.yaml": config_map(step="two")})
    third = github.update_pull_request("acme/shop", number, {"deploy/settings.yaml": config_map(step="three")})
    pull_request(store, "opened", number, head)
    pull_request(store, "third", number, third.sha, before=second.sha)
    pull_request(store, "second", number, second.sha, before=head)
    comment = say(store, "comment", number)
    route_repository(tools, NAME)

    (made,) = deployments.of_delivery(store, comment)
    assert made.sha == third.sha


def test_a_head_that_nobody_told_us_of_is_named_before_it_is_deployed(
    tools: Tools, store: Store, github: FakeGitHub
) -> None:
    """The hook is younger than my pull request: I am told which commit is meant, and my second comment deploys it."""
    number, head = opened_by_alice(github, seen="yes")
    earlier = say(store, "first", number)
    route_repository(tools, NAME)
    assert deployments.of_delivery(store, earlier) == []
    assert f"Its head is `{head[:7]}` now; comment again to deploy that." in reason(store, earlier)

    second = say(store, "second", number)
    route_repository(tools, NAME)
    (made,) = deployments.of_delivery(store, second)
    assert made.sha == head


def test_a_replayed_command_means_the_same_commit(tools: Tools, store: Store, github: FakeGitHub) -> None:
    """The operator replays my comment after later pushes: what I saw then is deployed again."""
    number, head = opened_by_alice(github, seen="yes")
    pull_request(store, "opened", number, head)
    comment = say(store, "comment", number)
    route_repository(tools, NAME)
    later = github.update_pull_request("acme/shop", number, {"deploy/settings.yaml": config_map(seen="no")})
    pull_request(store, "updated", number, later.sha, before=head)
    again = deliveries.replay(store, comment)
    route_repository(tools, NAME)

    (made,) = deployments.of_delivery(store, again)
    assert made.sha == head


def test_a_command_says_that_its_branch_is_behind(tools: Tools, store: Store, github: FakeGitHub) -> None:
    """Main went on since my branch began: the forge is asked, and the answer says so; before that it does not."""
    number, head = opened_by_alice(github, seen="yes")
    pull_request(store, "opened", number, head)
    before = say(store, "before", number)
    route_repository(tools, NAME)
    github.push("acme/shop", "main", {"README.md": "new"}, deliver=False)
    after = say(store, "after", number)
    route_repository(tools, NAME)
    assert "behind" not in reason(store, before)
    assert reason(store, after).endswith("; it is behind main")


def test_what_a_newer_version_accepted_waits_for_its_worker(
    tools: Tools, store: Store, repository: Repository, main: str
) -> None:
    """The next version accepts a kind of event that I do not know: I ignore nothing of it, and route what I know."""
    theirs = repository.receive("a" * 40, ref="refs/heads/theirs")
    pushed = repository.receive(main)
    change = "UPDATE delivery SET event = replace(event, :one, :other) WHERE id = :id"
    with store.writing() as tx:
        assert tx.change(sa.text(change), id=theirs, one='"push"', other='"moonrise"')
    route_repository(tools, NAME)
    row, known = deliveries.find(store, theirs), deliveries.find(store, pushed)
    assert row
    assert known
    assert (row.routed_at, len(known.deployments)) == (None, 1)
    assert "a newer Pushboat accepted this (moonrise), and a worker of that version carries it out" in row.reason
    with store.writing() as tx:
        assert tx.change(sa.text(change), id=theirs, one='"moonrise"', other='"ping"')
    time_passes(store, 3600)
    route_repository(tools, NAME)
    row = deliveries.find(store, theirs)
    assert row
    assert row.routed_at
