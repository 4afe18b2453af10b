"""A look finds the pushes that no delivery told us of: each once, the newest of several, nothing at the first look."""

from dataclasses import replace

import pytest

from pushboat.config.project import Allowed
from pushboat.events import ZERO_SHA, Event, EventKind
from pushboat.model.delivery import DeliveryRow
from pushboat.model.state import Trigger
from pushboat.store import deliveries, deployments, looks
from tests.engine_room.conftest import STAGING
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, time_passes
from tests.written import config_map
from workers.catching_up.comparing import GRACE
from workers.catching_up.story import look
from workers.dispatching import FORGET_AFTER, Comparisons
from workers.routing.story import route_repository
from workers.tools import Tools

SHOP = "acme/shop"


@pytest.fixture
def tools(tools: Tools) -> Tools:
    """A worker whose dispatcher has started."""
    looks.schedule(tools.store, tools.operator.projects)
    return tools


def look_twice(tools: Tools) -> list[DeliveryRow]:
    """Look, give deliveries that are on their way their time, look again; list what is accepted, the newest first."""
    look(tools, NAME)
    time_passes(tools.store, GRACE)
    look(tools, NAME)
    return deliveries.listed(tools.store)


def told(tools: Tools, sha: str, before: str, ref: str = "refs/heads/main", name: str = "") -> None:
    """Let a push's delivery arrive."""
    event = Event(kind=EventKind.PUSH, action="updated", repository=SHOP, ref=ref, sha=sha, before=before)
    deliveries.accept(tools.store, "github", name or f"told-{sha}", event)


def push(github: FakeGitHub, text: str, branch: str = "main") -> str:
    """Push without that anybody hears of it."""
    return github.push(SHOP, branch, {"deploy/settings.yaml": config_map(greeting=text)}, deliver=False).sha


def test_the_first_look_deploys_nothing(tools: Tools) -> None:
    """I connect a repository that has lived for years: nothing is deployed before somebody pushes."""
    assert look_twice(tools) == []
    assert looks.listed(tools.store)[0].covered == "branches tags"


def test_a_missed_push_is_accepted_once(tools: Tools, github: FakeGitHub) -> None:
    """Two pushes while Pushboat was down: the newest is deployed, as a catch-up, and looking on changes nothing."""
    look(tools, NAME)
    push(github, "one")
    sha = push(github, "two")
    rows = look_twice(tools)
    assert [row.event.sha for row in rows] == [sha]
    assert len(look_twice(tools)) == 1
    route_repository(tools, NAME)
    [made] = deployments.of_delivery(tools.store, rows[0].id)
    assert (made.sha, made.trigger, made.lane.environment) == (sha, Trigger.CATCH_UP, "staging")
    said = deliveries.find(tools.store, rows[0].id)
    assert said
    assert "no delivery told of this push" in said.reason


def test_a_delivery_on_its_way_is_not_missed(tools: Tools, github: FakeGitHub, main: str) -> None:
    """The look comes between the push and its delivery: the delivery alone deploys it."""
    look(tools, NAME)
    sha = push(github, "one")
    look(tools, NAME)
    told(tools, sha, before=main)
    time_passes(tools.store, GRACE)
    look(tools, NAME)
    assert [row.event.found for row in deliveries.listed(tools.store)] == [""]


def test_a_delivery_that_comes_after_all_deploys_nothing_twice(tools: Tools, github: FakeGitHub, main: str) -> None:
    """The forge sends the push an hour late: it is deployed already, and stays deployed once."""
    look(tools, NAME)
    sha = push(github, "one")
    [row] = look_twice(tools)
    route_repository(tools, NAME)
    told(tools, sha, before=main)
    route_repository(tools, NAME)
    [made] = deployments.of_delivery(tools.store, row.id)
    assert [one.id for one in deployments.listed(tools.store)] == [made.id]
    assert len(look_twice(tools)) == 2


def test_deliveries_in_another_order_miss_nothing(tools: Tools, github: FakeGitHub, main: str) -> None:
    """The second push's delivery overtakes the first one's: both have arrived, so there is nothing to catch up with."""
    look(tools, NAME)
    one, two, three = push(github, "one"), push(github, "two"), push(github, "three")
    told(tools, three, before=two)
    told(tools, two, before=one)
    told(tools, one, before=main)
    assert {row.event.found for row in look_twice(tools)} == {""}


def test_a_branch_set_back_is_a_push(tools: Tools, github: FakeGitHub, main: str) -> None:
    """Somebody forces main back while we are down: what main says is what is deployed."""
    look(tools, NAME)
    told(tools, push(github, "one"), before=main)
    github.hook_url = ""
    github.reset(SHOP, "main", main)
    assert look_twice(tools)[0].event.sha == main


def test_a_new_tag_is_a_push_and_the_highest_comes_last(tools: Tools, github: FakeGitHub, main: str) -> None:
    """Tags that were missed are accepted in the order of their versions, so that the highest wins."""
    look(tools, NAME)
    for tag in ("v1.10", "v1.9", "v1.11"):
        github.projects[SHOP].bare.git("tag", "--annotate", "--message", tag, tag, main)
    rows = look_twice(tools)
    assert [row.event.ref for row in reversed(rows)] == [f"refs/tags/v1.{minor}" for minor in (9, 10, 11)]
    assert {(row.event.sha, row.event.before, row.event.action) for row in rows} == {(main, ZERO_SHA, "created")}


def test_a_branch_that_comes_again_is_news(tools: Tools, github: FakeGitHub, main: str) -> None:
    """A branch is deleted and made again with the same commit, and each time somebody meant it."""
    bare = github.projects[SHOP].bare
    bare.git("branch", "topic", main)
    look(tools, NAME)
    bare.git("branch", "-D", "topic")
    look(tools, NAME)
    bare.git("branch", "topic", main)
    assert [row.event.ref for row in look_twice(tools)] == ["refs/heads/topic"]


def test_a_merge_queue_is_not_followed(tools: Tools, github: FakeGitHub, main: str) -> None:
    """GitHub makes and drops branches for its merge queue; none of them is a push that somebody missed."""
    look(tools, NAME)
    github.projects[SHOP].bare.git("update-ref", "refs/heads/gh-readonly-queue/main/pr-1-aaa", main)
    assert look_twice(tools) == []


def test_first_deploy_deploys_at_the_first_look(tools: Tools, main: str) -> None:
    """My file says `first: deploy`: the environment is filled without that anybody pushes, and only that one."""
    project = tools.operator.projects[NAME]
    environments = {
        "staging": replace(STAGING, first="deploy", fixed={"branch": "main"}),
        "waits": replace(STAGING, environment="waits", fixed={"branch": "main", "path": "deploy"}),
    }
    operator = replace(tools.operator, projects={NAME: replace(project, environments=Allowed(environments))})
    eager = replace(tools, operator=operator)
    look(eager, NAME)
    route_repository(eager, NAME)
    [made] = deployments.listed(tools.store)
    assert (made.sha, made.trigger, made.lane.environment) == (main, Trigger.CATCH_UP, "staging")
    assert len(look_twice(eager)) == 1


def test_a_forge_that_does_not_answer_is_asked_again(tools: Tools, github: FakeGitHub) -> None:
    """The forge is down at the look: that is said, and what was missed is found by the next one."""
    look(tools, NAME)
    push(github, "one")
    github.down = True
    look(tools, NAME)
    assert "503" in looks.listed(tools.store)[0].trouble
    github.down = False
    assert len(look_twice(tools)) == 1
    assert looks.listed(tools.store)[0].trouble == ""


def test_two_workers_do_not_look_at_once(tools: Tools) -> None:
    """Whoever looks has the repository to itself until it is done or dead."""
    assert looks.claim(tools.store, NAME, "somebody else")
    look(tools, NAME)
    assert looks.listed(tools.store)[0].looked_at == 0
    time_passes(tools.store, looks.LEASE)
    look(tools, NAME)
    assert looks.listed(tools.store)[0].looked_at > 0


def test_a_repository_that_left_the_file_is_not_looked_at(tools: Tools, forgotten: Tools, github: FakeGitHub) -> None:
    """I take a project out of my file: nobody asks its forge any more, and if it comes back, it begins anew."""
    look(tools, NAME)
    looks.schedule(tools.store, forgotten.operator.projects)  # as the dispatcher does with another file
    look(forgotten, NAME)
    assert looks.listed(forgotten.store) == []
    rounds(forgotten, FORGET_AFTER)
    looks.schedule(tools.store, [NAME])
    push(github, "while it was out of the file")
    assert look_twice(tools) == []


def rounds(tools: Tools, number: int) -> None:
    """Let the dispatcher look so often what there is to be looked at."""
    comparisons = Comparisons(tools.operator, tools.store, every=0.0)
    for _ in range(number):
        comparisons.look()


def test_a_dispatcher_that_begins_with_the_older_file_loses_no_push(
    tools: Tools, forgotten: Tools, github: FakeGitHub
) -> None:
    """I add a project on both machines, and one begins again before it has the file: the other one goes on looking."""
    look(tools, NAME)
    push(github, "while nobody listened")
    looks.schedule(tools.store, forgotten.operator.projects)
    rounds(tools, 1)
    rounds(forgotten, FORGET_AFTER)
    assert looks.due(tools.store, 1) == [NAME]
    assert len(look_twice(tools)) == 1


def test_a_worker_that_has_not_read_the_file_yet_forgets_no_repository(
    tools: Tools, forgotten: Tools, github: FakeGitHub
) -> None:
    """I add a project: the dispatcher has read it a moment before the worker, who looks for it as soon as it has."""
    look(tools, NAME)
    push(github, "while nobody listened")
    looks.schedule(tools.store, tools.operator.projects)
    assert looks.due(tools.store, 1) == [NAME]
    look(forgotten, NAME)
    assert looks.due(tools.store, 1) == []
    time_passes(tools.store, looks.SOON)
    assert looks.due(tools.store, 1) == [NAME], "not only after a minute, as where a hint is lost"
    assert len(look_twice(tools)) == 1, "what was known of its heads is known still"


def test_who_does_not_know_a_repository_takes_nothing_from_who_looks(tools: Tools, forgotten: Tools) -> None:
    """One worker looks already, another has the older file: the look goes on, and nobody begins a second one."""
    assert looks.claim(tools.store, NAME, "another worker")
    look(forgotten, NAME)
    time_passes(tools.store, looks.SOON)
    assert looks.due(tools.store, 1) == []
