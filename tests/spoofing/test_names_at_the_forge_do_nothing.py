"""Branches, tags, titles and messages that are called like a command, or like a mention, stay names on every forge."""

import pytest

from pushboat.model.state import Kind
from pushboat.store import deployments
from tests.spoofing.inert import alive, obeyed
from tests.spoofing.scene import READER, SHOP, WRITER, Scene
from tests.written import config_map, repository_file

COMMAND = "/deploy staging"
HOSTILE_BRANCHES = (
    "@acme/evil",
    "evil#666",
    "<img>",
    "!(evil)",
    "</details>",
    "`@evil`",
    "deploy/deploy staging".replace(" ", "-"),
)
"""As far as git lets a branch be called so."""


def test_titles_and_messages_command_nothing(scene: Scene) -> None:
    """A pull request's title, a commit's message and a tag's say `/deploy staging`: nothing is deployed by that."""
    scene.forge.push(SHOP, "topic", {"a": "1"}, message=f"{COMMAND}\n\n{COMMAND}")
    scene.forge.open_pull_request(SHOP, "topic", title=COMMAND)
    scene.forge.tag(SHOP, "deploy-staging", "topic")
    scene.work()
    assert scene.deployed() == []
    assert scene.replies() == []
    assert scene.audit() == []


@pytest.mark.parametrize("branch", HOSTILE_BRANCHES)
def test_a_branch_called_like_something_else_is_a_name(github_scene: Scene, branch: str) -> None:
    """I command on a pull request from, and into, such a branch: the answer mentions, links and renders nothing."""
    scene = github_scene
    scene.forge.push(SHOP, branch, {"deploy/a.yaml": config_map("a", of="evil")}, message=f"@evil {branch}")
    for head, base in ((branch, "main"), ("feature", branch)):
        opened = scene.forge.open_pull_request(SHOP, head, base)
        for text in ("/deploy plan", "/deploy plan staging", "/deploy staging", "/deploy status"):
            assert scene.told(scene.forge.comment(SHOP, opened.number, WRITER, text)).routed_at
        replies = scene.replies(opened.number)
        assert len(replies) == 4
        assert [(each, alive(each)) for each in replies if alive(each)] == []
        shown = [text for _, _, text, _ in scene.forge.statuses(SHOP, opened.sha)]
        assert shown
        assert [each for each in shown if obeyed(each)] == []


def test_a_forks_file_grants_nothing(scene: Scene) -> None:
    """A stranger's fork says in its `.pushboat.yaml` where to deploy and who may: nothing of it is even fetched."""
    scene.forge.create_repository("rita/shop")
    scene.project.bare.git("push", "--quiet", str(scene.forge.projects["rita/shop"].bare.path), "main")
    file = repository_file(deployers=["read", READER], approvals=0, signed_commits="off")
    evil = {".pushboat.yaml": file, "deploy/a.yaml": config_map("a", of="evil")}
    scene.forge.push("rita/shop", "feature", evil, deliver=False)
    opened = scene.forge.open_pull_request(SHOP, "feature", fork=True, author=READER)
    for text in ("/deploy staging", "/deploy plan", "/deploy plan staging", "/deploy staging --prune"):
        row = scene.told(scene.forge.comment(SHOP, opened.number, READER, text))
        assert [entry.verdict.value for entry in row.audit] == ["refused"], text
    assert scene.deployed() == []
    plans = deployments.listed(scene.tools.store, kinds=(Kind.PLAN,), repository=scene.repository, sha=opened.sha)
    assert plans == []
    assert [states for _, states, _, _ in scene.forge.statuses(SHOP, opened.sha)] != []


def test_a_pull_requests_file_lets_nobody_command(scene: Scene) -> None:
    """Rita may only read; her branch's own file makes her a deployer. The operator's word counts, not hers."""
    evil = {".pushboat.yaml": repository_file(deployers=["read", READER])}
    scene.forge.push(SHOP, "evil", evil)
    opened = scene.forge.open_pull_request(SHOP, "evil", author=READER)
    row = scene.told(scene.forge.comment(SHOP, opened.number, READER, COMMAND))
    assert [entry.verdict.value for entry in row.audit] == ["refused"]
    assert scene.deployed() == []


def test_a_number_of_ours_mentions_no_issue(scene: Scene) -> None:
    """At GitLab #1 is an issue and !1 the merge request; our answers never touch an issue."""
    scene.comment(WRITER, "/deploy plan")
    scene.forge.change_pull_request(SHOP, scene.number, "closed")
    scene.comment(WRITER, COMMAND)
    said = scene.replies()[-1]
    assert (f"!{scene.number} is closed" in said) is (scene.kind == "gitlab")
    assert (f"#{scene.number} is closed" in said) is (scene.kind != "gitlab")
