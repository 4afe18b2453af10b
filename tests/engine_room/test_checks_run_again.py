"""GitHub tells of the re-run button by a commit alone: whose head it is, and what the presser may, is asked for."""

from dataclasses import replace

from pushboat.config.operator import Project
from pushboat.config.project import Allowed
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


def test_every_pull_request_of_the_head_is_planned_again(
    tools: Tools, store: Store, repository: Repository, github: FakeGitHub
) -> None:
    """I proposed one commit to main and to next: its check shows the worst of both, and both are planned again."""
    del repository
    github.projects["acme/shop"].permissions["wendy"] = "write"
    both = "environments: {staging: {branch: main, path: deploy}, next: {branch: next, path: deploy}}"
    main = github.push("acme/shop", "main", {".pushboat.yaml": both}, deliver=False).sha
    github.push("acme/shop", "next", {"notes.md": "x"}, parent=main, deliver=False)
    sha = github.push("acme/shop", "fix", {"deploy/b.yaml": config_map("b")}, parent=main, deliver=False).sha
    limits = tools.operator.projects[NAME].environments.listed
    environments = {**limits, "next": replace(limits["staging"], environment="next")}
    projects = {NAME: Project(repository=NAME, environments=Allowed(environments))}
    tools = replace(tools, operator=replace(tools.operator, projects=projects))
    for base in ("main", "next"):
        number = github.open_pull_request("acme/shop", "fix", base=base).number
        opened = Event(
            kind=EventKind.PULL_REQUEST,
            action="opened",
            ref="fix",
            base_ref=base,
            number=number,
            fork=False,
            repository="acme/shop",
            sha=sha,
        )
        deliveries.accept(store, "github", f"opened-{base}", opened)
    route_repository(tools, NAME)
    pressed = Event(kind=EventKind.RERUN, action="rerequested", author="wendy", repository="acme/shop", sha=sha)
    told = deliveries.accept(store, "github", "pressed", pressed).id
    route_repository(tools, NAME)
    again = [each for each in deployments.listed(store, kinds=(Kind.PLAN,)) if each.author == "wendy"]
    assert sorted((each.lane.environment, each.lane.number, each.base) for each in again) == [
        ("next", 2, "next"),
        ("staging", 1, "main"),
    ]
    row = deliveries.find(store, told)
    assert row
    assert row.reason.endswith("plan next and plan staging")
