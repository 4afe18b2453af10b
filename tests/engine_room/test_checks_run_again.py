"""GitHub tells of the re-run button by a commit alone: whose head it is, and what the presser may, is asked for."""

from pushboat.events import Event, EventKind
from pushboat.model.state import Kind, Trigger
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import Store
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository
from tests.written import config_map
from workers.routing.story import route_repository
from workers.tools import Tools


def test_all_checks_of_a_head_are_planned_again(
    tools: Tools, store: Store, repository: Repository, github: FakeGitHub
) -> None:
    """I press "Re-run all checks" on my pull request: its newest plan is the one that I asked for."""
    del repository
    github.projects["acme/shop"].permissions["wendy"] = "write"
    sha = github.push("acme/shop", "fix", {"deploy/b.yaml": config_map("b")}, deliver=False).sha
    number = github.open_pull_request("acme/shop", "fix").number
    told = {"repository": "acme/shop", "sha": sha}
    opened = Event(
        kind=EventKind.PULL_REQUEST, action="opened", ref="fix", base_ref="main", number=number, fork=False, **told
    )
    pressed = Event(kind=EventKind.RERUN, action="rerequested", author="wendy", **told)
    for name, event in (("1", opened), ("2", pressed)):
        deliveries.accept(store, "github", name, event)
        route_repository(tools, NAME)
    found = deployments.listed(store, kinds=(Kind.PLAN,))
    assert [(each.author, each.lane.number, each.base) for each in found] == [
        ("wendy", number, "main"),
        ("", number, "main"),
    ]
    assert {each.trigger for each in found} == {Trigger.PULL_REQUEST}
