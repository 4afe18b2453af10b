"""An open pull request outlives an environment: its plan tells that merging deploys nothing there, and is not red."""

from dataclasses import replace

from pushboat.model.state import State
from tests.fakes.github import FakeGitHub
from tests.store.repository import Repository, plan
from tests.written import config_map
from workers.deploying import story
from workers.tools import Tools


def test_a_branch_that_is_behind_a_base_without_the_environment_is_not_refused(
    tools: Tools, repository: Repository, github: FakeGitHub
) -> None:
    """Main gave staging up while my branch was open: I need not merge main to be told that merging would be fine."""
    both = {
        ".pushboat.yaml": "environments: {staging: {branch: main, path: deploy}}\n",
        "deploy/a.yaml": config_map(v="1"),
    }
    start = github.push("acme/shop", "main", both, deliver=False).sha
    head = github.push("acme/shop", "topic", {"README.md": "new"}, parent=start, deliver=False).sha
    github.push("acme/shop", "main", {".pushboat.yaml": None}, deliver=False)
    (made,) = repository.route(replace(plan(head), base="main"))
    story.deploy(tools, made.id)
    ended = repository.row(made)
    assert (ended.state, ended.reason) == (
        State.SUCCEEDED,
        "merging leaves main without environment staging, and deploys nothing there",
    )
