"""Which environments a pull request plans is what the file of its merge says, not the file of its head."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pushboat.config.operator import Project
from pushboat.config.project import Allowed
from pushboat.model.state import Kind
from pushboat.store import deployments
from pushboat.store.database.engine import Store
from tests.engine_room.test_routing import pull_request, reason
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME
from workers.routing.story import route_repository
from workers.tools import Tools

Planned = Callable[[str, str | None, str | None], list[str]]
STAGING = "staging: {branch: main, path: deploy}"
PRODUCTION = "production: {branch: main, path: live}"


def file_of(*environments: str) -> str:
    """Write a `.pushboat.yaml`, one environment a paragraph, so that neighbours do not conflict."""
    return "environments:\n" + "\n\n\n".join(f"  {each}" for each in environments) + "\n"


@pytest.fixture
def planned(tools: Tools, store: Store, github: FakeGitHub) -> Planned:
    """Say which environments a pull request plans, where main goes on after its branch began."""
    limits = dict(tools.operator.projects[NAME].environments.listed)
    limits["production"] = replace(limits["staging"], environment="production")
    projects = {NAME: Project(repository=NAME, environments=Allowed(limits))}
    tools = replace(tools, operator=replace(tools.operator, projects=projects))

    def plan(start: str, head: str | None, base: str | None) -> list[str]:
        began = github.push("acme/shop", "main", {".pushboat.yaml": start}, deliver=False).sha
        wanted = {"README.md": "new", **({".pushboat.yaml": head} if head else {})}
        github.push("acme/shop", "feature", wanted, parent=began, deliver=False)
        if base:
            github.push("acme/shop", "main", {".pushboat.yaml": base}, deliver=False)
        opened = github.open_pull_request("acme/shop", "feature")
        assert opened.number
        delivery = pull_request(store, "opened", opened.number, opened.sha)
        route_repository(tools, NAME)
        made = deployments.of_delivery(store, delivery)
        assert all(each.kind is Kind.PLAN for each in made), reason(store, delivery)
        return sorted(each.lane.environment for each in made)

    return plan


def test_what_the_base_has_since_is_planned_too(planned: Planned) -> None:
    """Main has production since my branch began: merging deploys there as well."""
    assert planned(file_of(STAGING), None, file_of(STAGING, PRODUCTION)) == ["production", "staging"]


def test_what_the_head_brings_is_planned(planned: Planned) -> None:
    """My branch makes production, main knows nothing of it."""
    assert planned(file_of(STAGING), file_of(STAGING, PRODUCTION), None) == ["production", "staging"]


def test_what_the_head_gives_up_is_not_planned(planned: Planned) -> None:
    """My branch removes production: merging deploys nothing there."""
    assert planned(file_of(STAGING, PRODUCTION), file_of(STAGING), None) == ["staging"]


def test_what_conflicts_goes_by_the_heads_file(planned: Planned) -> None:
    """Both changed the same line: the plan of staging says that it conflicts."""
    ours, theirs = "staging: {branch: main, path: a}", "staging: {branch: main, path: b}"
    assert planned(file_of(STAGING), file_of(ours), file_of(theirs, PRODUCTION)) == ["staging"]
