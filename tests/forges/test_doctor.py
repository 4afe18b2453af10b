"""What is wrong with a token or a webhook is found before the first push does nothing, and the fix stands beside it."""

from typing import Any

import pytest

from pushboat.forges.protocol import Check
from pushboat.forges.table import client_of
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab

HOOK = "https://pushboat.example.com/webhooks/here"


def examined(forge: FakeGitHub | FakeGitLab | FakeGitea, **configured: Any) -> dict[str, Check]:
    """Make the checks of the only repository."""
    name = next(iter(forge.projects))
    return {check.name: check for check in client_of(forge.configured(**configured)).checks(name, HOOK)}


def test_everything_right_passes(github: FakeGitHub, gitlab: FakeGitLab, gitea: FakeGitea) -> None:
    """No false alarm."""
    gitlab.projects["acme/web/shop"].permissions[gitlab.bot] = "maintain"
    for forge in (github, gitlab, gitea):
        forge.connect(next(iter(forge.projects)), HOOK)
        assert {name: check.passed for name, check in examined(forge).items()} == {
            "token": True, "own comments": True, "permissions": True, "webhook": True,
        }  # fmt: skip


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_a_wrong_token_is_found(kind: str, request: pytest.FixtureRequest) -> None:
    """And what a right one needs is said."""
    check = examined(request.getfixturevalue(kind), token="wrong")["token"]

    assert not check.passed
    assert "create a" in check.fix


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_a_token_that_may_only_read_is_found(kind: str, request: pytest.FixtureRequest) -> None:
    """Before the first status is refused."""
    forge = request.getfixturevalue(kind)
    forge.scopes.clear()
    next(iter(forge.projects.values())).permissions[forge.bot] = "read"

    check = examined(forge)["permissions"]
    assert not check.passed
    assert "role" in check.fix


def test_a_missing_webhook_is_found(github: FakeGitHub) -> None:
    """The most common reason why a push does nothing."""
    check = examined(github)["webhook"]

    assert not check.passed
    assert HOOK in check.sentence


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"active": False}, "switched off"),
        ({"config": {"content_type": "form"}}, "application/json"),
        ({"config": {"secret": ""}}, "no secret"),
        ({"events": ["push"]}, "issue_comment, pull_request"),
        ({"last_response": {"code": 401, "status": "unauthorized"}}, "wrong secret"),
        ({"last_response": {"code": 500, "status": "error"}}, "500"),
        ({"last_response": {"code": None, "status": "timeout"}}, "out of time"),
    ],
)
def test_a_webhook_of_github_that_is_set_wrong_is_found(github: FakeGitHub, wrong: dict[str, Any], words: str) -> None:
    """Each of the usual mistakes, by its name."""
    github.connect("acme/shop", HOOK)
    github.projects["acme/shop"].hooks[0] |= wrong

    check = examined(github)["webhook"]
    assert not check.passed
    assert words in f"{check.sentence} {check.fix}"
    assert "settings/hooks" in check.fix


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"alert_status": "disabled"}, "switched the webhook off"),
        ({"custom_webhook_template": "{}"}, "template"),
        ({"note_events": False}, "Comments"),
    ],
)
def test_a_webhook_of_gitlab_that_is_set_wrong_is_found(gitlab: FakeGitLab, wrong: dict[str, Any], words: str) -> None:
    """Each of the usual mistakes, by its name."""
    gitlab.projects["acme/web/shop"].permissions[gitlab.bot] = "maintain"
    gitlab.connect("acme/web/shop", HOOK)
    gitlab.projects["acme/web/shop"].hooks[0] |= wrong

    check = examined(gitlab)["webhook"]
    assert not check.passed
    assert words in f"{check.sentence} {check.fix}"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"active": False}, "switched off"),
        ({"config": {"content_type": "form"}}, "application/json"),
        ({"events": ["push", "pull_request"]}, "Delete, Pull Request Synchronized, Pull Request Comment"),
        ({"type": "slack"}, "of Gitea"),
        ({"branch_filter": "release/*"}, "release/*"),
    ],
)
def test_a_webhook_of_gitea_that_is_set_wrong_is_found(gitea: FakeGitea, wrong: dict[str, Any], words: str) -> None:
    """Each of the usual mistakes, by its name."""
    gitea.connect("acme/shop", HOOK)
    gitea.projects["acme/shop"].hooks[0] |= wrong

    check = examined(gitea)["webhook"]
    assert not check.passed
    assert words in f"{check.sentence} {check.fix}"


def test_a_gitea_token_that_may_not_ask_for_permissions_is_found(gitea: FakeGitea) -> None:
    """Only administrators of a repository may ask what others may do there; without that no comment deploys."""
    gitea.projects["acme/shop"].permissions[gitea.bot] = "write"

    check = examined(gitea)["permissions"]
    assert not check.passed
    assert "Administrator" in check.fix


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_what_comments_of_the_own_account_do_is_said(kind: str, request: pytest.FixtureRequest) -> None:
    """Whose token it is, that its own comments command nothing, and the ways on; or that the operator lets them."""
    forge = request.getfixturevalue(kind)
    said = examined(forge)["own comments"]
    assert said.passed
    assert f"comments of {forge.bot}, whose token this is, command nothing" in said.sentence
    assert "commands_from_own_account: true under forges." in said.sentence
    assert "command as everybody's do" in examined(forge, commands_from_own_account=True)["own comments"].sentence
