"""What is wrong with a token or a webhook is found before the first push does nothing, and the fix stands beside it."""

from datetime import date
from typing import Any

import pytest

from pushboat.forges.examining import expiry, named
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
        ({"config": {"insecure_ssl": "1"}}, "SSL verification is off"),
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
    assert f"{github.url}/acme/shop/settings/hooks" in check.fix  # also of GitHub Enterprise
    assert "pushboat hook install github/acme/shop" in check.fix or "last delivery" in check.sentence


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"alert_status": "disabled"}, "switched the webhook off"),
        ({"custom_webhook_template": "{}"}, "template"),
        ({"note_events": False}, "Comments"),
        ({"enable_ssl_verification": False}, "SSL verification is off"),
        ({"push_events_branch_filter": "main"}, "the branches main only"),
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


@pytest.mark.parametrize("kind", ["github", "gitea"])
@pytest.mark.parametrize(
    ("required", "passed", "words"),
    [
        (["pushboat/plan"], True, "nothing is merged without pushboat/plan"),
        (["ci"], True, "not pushboat/plan"),
        (["pushboat/staging"], False, "pushboat/staging"),
        (["pushboat/plan", "Pushboat/Plan/Old"], False, "Pushboat/Plan/Old"),
    ],
)
def test_a_rule_that_no_pull_request_can_meet_is_found(
    kind: str, required: list[str], passed: bool, words: str, request: pytest.FixtureRequest
) -> None:
    """A required status that is not posted on every pull request blocks merges for ever, without a red cross."""
    forge = request.getfixturevalue(kind)
    forge.projects["acme/shop"].required = required

    check = examined(forge)["branch rules"]
    assert check.passed is passed
    assert words in check.sentence


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_a_webhook_behind_a_hundred_others_is_found(kind: str, request: pytest.FixtureRequest) -> None:
    """Lists come in pages, and ours may be on the last one."""
    forge = request.getfixturevalue(kind)
    name = next(iter(forge.projects))
    forge.projects[name].permissions[forge.bot] = "admin"
    forge.projects[name].hooks = [{"id": number, "url": f"https://ci.example.com/{number}"} for number in range(120)]
    forge.connect(name, HOOK.replace("https://pushboat.", "HTTPS://Pushboat.") + "/")

    assert examined(forge)["webhook"].passed


def test_what_gitlab_answered_last_is_told(gitlab: FakeGitLab) -> None:
    """A wrong secret shows in GitLab's own log."""
    gitlab.projects["acme/web/shop"].permissions[gitlab.bot] = "maintain"
    gitlab.connect("acme/web/shop", HOOK)
    gitlab.hook_url = f"{gitlab.url}/api/v4/nobody-with-a-token-here"
    gitlab.push("acme/web/shop", "main", {"a": "b"})

    check = examined(gitlab)["webhook"]
    assert not check.passed
    assert "wrong secret" in check.sentence


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_a_token_without_its_scope_is_found(kind: str, request: pytest.FixtureRequest) -> None:
    """Named, beside those that it has."""
    forge = request.getfixturevalue(kind)
    forge.scopes[:] = ["read:user"]
    check = examined(forge)["scopes"]
    assert not check.passed
    assert "read:user" in check.sentence


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_a_name_in_other_letters_is_said(kind: str, request: pytest.FixtureRequest) -> None:
    """It works, and people look for one name; a new name is wrong and named."""
    forge = request.getfixturevalue(kind)
    name = next(iter(forge.projects))
    assert tuple(named(kind, name, name)) == ()
    (alike,) = named(kind, name.upper(), name)
    (renamed,) = named(kind, name, "acme/store")
    assert (alike.passed, name in alike.sentence) == (True, True)
    assert (renamed.passed, f"{kind}/acme/store" in renamed.fix) == (False, True)
    assert "name" not in examined(forge)


@pytest.mark.parametrize(("day", "found"), [("", 0), ("2026-12-31", 0), ("2026-12-05", 1), ("2026-11-01", 1)])
def test_a_token_that_ends_soon_is_found(day: str, found: int) -> None:
    """A week before, while statuses are still posted."""
    assert len(tuple(expiry(day, date(2026, 12, 1)))) == found


def test_gitlabs_word_on_the_tokens_end_is_read(gitlab: FakeGitLab) -> None:
    """It ended yesterday, or will next year."""
    gitlab.expires_at = "2020-01-01"
    assert not examined(gitlab)["expiry"].passed
