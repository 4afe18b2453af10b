"""What a forge's own environment demands, as the real clients read it of a fake, and what comes of it in a sentence."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from pushboat.errors import ForgeUnavailable
from pushboat.forges.answers import Forbidden
from pushboat.forges.protocol import Client
from pushboat.forges.table import client_of
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.forge_rules import ForgeRules
from pushboat.model.state import Kind, State
from pushboat.routing.forge_rules import Answer
from tests.fakes.app_key import installed
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.fakes.gitlab_deployments import Place
from workers.deploying.forge_rules import judged

MADE = 1_764_000_000.0
MINUTE = 60.0
ALLOWED, REFUSED, WAITS = Answer.ALLOWED, Answer.REFUSED, Answer.WAITS
ALICE, RITA, BOB = 2, 3, 4


@dataclass(frozen=True, kw_only=True)
class Case:
    """One set of rules, a deployment that alice asked for, and what must come of it."""

    rules: dict[str, Any] | None
    answer: Answer
    says: str = ""
    ref: str = "refs/heads/main"
    approved: tuple[str, ...] = ()
    after: float = 1.0
    author: str = "alice"
    until: float | None = None
    own: bool = False
    above: dict[str, dict[str, Any]] = field(default_factory=dict)
    owned: bool = False
    protected: list[str] = field(default_factory=list)


GITHUB = {
    "no such environment": Case(rules=None, answer=ALLOWED),
    "an environment without rules": Case(rules={}, answer=ALLOWED),
    "a reviewer who has not spoken": Case(
        rules={"users": ["rita"]},
        answer=WAITS,
        says="waits for 1 approval by rita, as production at the forge demands",
    ),
    "one of several reviewers suffices, whoever else does not": Case(
        rules={"users": ["rita"], "teams": ["operators"]}, approved=("mallory", "bob"), answer=ALLOWED
    ),
    "no self-review": Case(
        rules={"users": ["alice", "rita"], "no_self_review": True},
        approved=("Alice",),
        answer=WAITS,
        says="waits for 1 approval by alice or rita, as production at the forge demands; alice asked for it, and so "
        "cannot",
    ),
    "self-review": Case(rules={"users": ["alice"]}, approved=("alice",), answer=ALLOWED),
    "a branch of the patterns": Case(
        rules={"branch": ["main", "release/*"]}, ref="refs/heads/release/2.0", answer=ALLOWED
    ),
    "a branch that only looks like one": Case(
        rules={"branch": ["main", "release/*"]},
        ref="refs/heads/release/2.0/x",
        answer=REFUSED,
        says="production at the forge takes only branches main and release/*, and this is branch release/2.0/x: "
        "deploy what it takes, or change that there",
    ),
    "a tag where tags are not named": Case(
        rules={"branch": ["**/*"]},
        ref="refs/tags/v1",
        answer=REFUSED,
        says="production at the forge takes only branches **/*, and this is tag v1: deploy what it takes, or change "
        "that there",
    ),
    "a tag of the patterns": Case(rules={"branch": ["main"], "tag": ["v[0-9]*"]}, ref="refs/tags/v12", answer=ALLOWED),
    "protected branches only": Case(
        rules={"protected": True},
        protected=["main"],
        ref="refs/heads/topic",
        answer=REFUSED,
        says="production at the forge takes only branches main, and this is branch topic: deploy what it takes, or "
        "change that there",
    ),
    "a commit that was named by itself, and is in a branch": Case(rules={"branch": ["main"]}, ref="", answer=ALLOWED),
    "a commit that was named by itself, and is in none": Case(
        rules={"branch": ["release/*"]},
        ref="",
        answer=REFUSED,
        says="production at the forge takes only branches release/*, and this commit is of none of them: deploy what "
        "it takes, or change that there",
    ),
    "a wait timer": Case(
        rules={"wait": 30},
        answer=WAITS,
        until=MADE + 30 * MINUTE,
        says="waits until 2025-11-24 16:30 UTC: so says the wait timer of production at the forge",
    ),
    "a wait timer that is over": Case(rules={"wait": 30}, after=30 * MINUTE + 1, answer=ALLOWED),
    "a rule that nobody knows": Case(
        rules={"unknown": ["full_moon"]},
        answer=REFUSED,
        says="production at the forge has rules that Pushboat does not know (full_moon): take them away there, or the "
        "operator sets `forge_environments: ignore`",
    ),
}
GITLAB = {
    "an environment that is not protected": Case(rules=None, answer=ALLOWED),
    "a level that the asker has": Case(rules={"deploy": [{"access_level": 30}]}, answer=ALLOWED),
    "a level that the asker lacks": Case(
        rules={"deploy": [{"access_level": 40}, {"user_id": RITA}]},
        answer=REFUSED,
        says="alice may not deploy to production at the forge: that is for whoever has maintain or rita, one of whom "
        "must deploy it",
    ),
    "somebody by name": Case(rules={"deploy": [{"user_id": ALICE}]}, answer=ALLOWED),
    "a member of a group": Case(rules={"deploy": [{"group_id": 9}]}, author="bob", answer=ALLOWED),
    "no member of a group": Case(
        rules={"deploy": [{"group_id": 9}]},
        answer=REFUSED,
        says="alice may not deploy to production at the forge: that is for team acme/operators, one of whom must "
        "deploy it",
    ),
    "nobody": Case(
        rules={"deploy": []},
        answer=REFUSED,
        says="production at the forge lets nobody deploy: whoever maintains the project changes that there",
    ),
    "each rule has its own approvals": Case(
        rules={
            "deploy": [{"access_level": 30}],
            "approve": [{"user_id": RITA}, {"group_id": 9, "required_approvals": 2}],
        },
        approved=("rita", "bob"),
        answer=WAITS,
        says="waits for 1 approval by team acme/operators, as production at the forge demands",
    ),
    "all approvals are there": Case(
        rules={
            "deploy": [{"access_level": 30}],
            "approve": [{"user_id": RITA}, {"group_id": 9, "required_approvals": 2}],
        },
        approved=("rita", "bob", "carl"),
        answer=ALLOWED,
    ),
    "the same person twice is one": Case(
        rules={"deploy": [{"user_id": ALICE}, {"user_id": RITA}], "count": 2},
        approved=("rita", "Rita", "alice"),
        answer=WAITS,
        says="waits for 1 approval by alice or rita, as production at the forge demands; alice asked for it, and so "
        "cannot",
    ),
    "the asker too where the project lets them": Case(
        rules={"deploy": [{"user_id": ALICE}, {"user_id": RITA}], "count": 2},
        approved=("rita", "alice"),
        own=True,
        answer=ALLOWED,
    ),
    "a member of a group above the named one, where only its own count": Case(
        rules={"deploy": [{"group_id": 9}]},
        author="dora",
        answer=REFUSED,
        says="dora may not deploy to production at the forge: that is for team acme/operators, one of whom must "
        "deploy it",
    ),
    "a member of a group above the named one, where all count": Case(
        rules={"deploy": [{"group_id": 9, "group_inheritance_type": 1}]}, author="dora", answer=ALLOWED
    ),
    "a group above the project lets only its maintainers deploy": Case(
        rules={"deploy": [{"access_level": 30}]},
        above={"acme": {"deploy": [{"access_level": 40}]}},
        answer=REFUSED,
        says="alice may not deploy to production at the forge: that is for whoever has maintain in acme, one of whom "
        "must deploy it",
    ),
    "whoever is allowed by the project and by the groups above it": Case(
        rules={"deploy": [{"user_id": BOB}]},
        above={"acme": {"deploy": [{"access_level": 40}]}, "acme/web": {"deploy": [{"group_id": 9}]}},
        author="bob",
        answer=ALLOWED,
    ),
    "a group above alone, of a project that protects nothing": Case(
        rules=None,
        above={"acme": {"deploy": [{"group_id": 9}], "approve": [{"user_id": RITA}]}},
        author="bob",
        answer=WAITS,
        says="waits for 1 approval by rita, as production at the forge demands",
    ),
    "the rules of both levels add up": Case(
        rules={"deploy": [{"user_id": ALICE}], "approve": [{"user_id": RITA}]},
        above={"acme": {"deploy": [{"user_id": ALICE}], "approve": [{"group_id": 9}]}},
        approved=("rita",),
        answer=WAITS,
        says="waits for 1 approval by team acme/operators, as production at the forge demands",
    ),
    "the higher count of both levels, of those whom both let deploy": Case(
        rules={"deploy": [{"user_id": ALICE}, {"user_id": BOB}, {"user_id": RITA}], "count": 1},
        above={"acme": {"deploy": [{"user_id": ALICE}, {"group_id": 9}], "count": 2}},
        approved=("rita", "bob"),
        answer=WAITS,
        says="waits for 1 approval by alice, bob or rita, as production at the forge demands",
    ),
    "a group's rules as its owner reads them": Case(
        rules=None,
        above={"acme": {"deploy": [{"group_id": 9, "group_inheritance_type": 1}]}},
        owned=True,
        author="dora",
        answer=ALLOWED,
    ),
    "the same as everybody reads them: inherited members are not known to count": Case(
        rules=None,
        above={"acme": {"deploy": [{"group_id": 9, "group_inheritance_type": 1}]}},
        author="dora",
        answer=REFUSED,
        says="dora may not deploy to production at the forge: that is for team acme/operators, one of whom must "
        "deploy it",
    ),
}


def made(sha: str, case: Case) -> Deployment:
    """Make the deployment of a case."""
    lane = Lane(repository="forge/acme/shop", environment="production")
    return Deployment(
        id=1, kind=Kind.DEPLOY, lane=lane, ref=case.ref, sha=sha, state=State.QUEUED, author=case.author,
        created_at=MADE,
    )  # fmt: skip


def judge(client: Client, repository: str, sha: str, case: Case) -> None:
    """Judge a case by what the client reads."""
    said = judged(client, repository, made(sha, case), case.approved, MADE + case.after)
    assert (said.answer, said.sentence, said.until) == (case.answer, case.says, case.until)


@pytest.mark.parametrize("name", GITHUB)
def test_githubs_environments_count(github: FakeGitHub, name: str) -> None:
    """Who set rules there finds them kept by us too, and reads in a sentence what is missing."""
    case = GITHUB[name]
    if case.rules is not None:
        github.environments["acme/shop", "production"] = case.rules
    github.protected["acme/shop"] = case.protected
    github.teams["acme/operators"] = {"bob"}
    sha = github.projects["acme/shop"].bare.resolve("refs/heads/main")
    judge(client_of(github.configured()), "acme/shop", sha, case)


@pytest.mark.parametrize("name", GITLAB)
def test_gitlabs_protected_environments_count(gitlab: FakeGitLab, name: str) -> None:
    """Who set rules there finds them kept by us too, and reads in a sentence what is missing."""
    case, project = GITLAB[name], gitlab.projects["acme/web/shop"]
    gitlab.users |= {"bob": BOB, "carl": 5, "dora": 6}
    gitlab.licensed, gitlab.may_approve_own = True, case.own
    gitlab.groups |= {9: ("acme/operators", {"bob", "carl"}), 10: ("acme", {"alice", "bob"})}
    gitlab.inherited["acme/operators"], gitlab.group_levels["acme", "bob"] = {"dora"}, 40
    gitlab.places["acme/web/shop"] = {"production": Place(id=1, name="production")}
    gitlab.above = {(group, "production"): rules for group, rules in case.above.items()}
    gitlab.owned = {"acme"} if case.owned else set()
    project.permissions |= {gitlab.bot: "maintain", "bob": "read"}
    if case.rules is not None:
        gitlab.protected["acme/web/shop", "production"] = case.rules
    judge(client_of(gitlab.configured()), "acme/web/shop", project.bare.resolve("refs/heads/main"), case)


def test_a_gitlab_without_that_edition_has_none_above(gitlab: FakeGitLab) -> None:
    """It knows no such field; one that cannot answer otherwise is asked again, and never taken for a yes."""
    client = client_of(gitlab.configured())
    gitlab.edition = "ce"
    assert client.environment_rules("acme/web/shop", "production") == ForgeRules(environment="production")
    gitlab.fail(200, path="/graphql", body={"errors": [{"message": "Timeout on validation of query"}]})
    with pytest.raises(ForgeUnavailable):
        client.environment_rules("acme/web/shop", "production")


def test_a_token_that_may_not_read_them_is_told_apart(github: FakeGitHub, gitlab: FakeGitLab) -> None:
    """No rules and rules that we may not see are two things; an App, a token, and a GitLab token below Maintainer."""
    github.environments["acme/shop", "production"] = {}
    gitlab.licensed = True
    del github.app_permissions["actions"]
    app = client_of(github.configured(token="", app=installed(github)))
    token, ours = client_of(github.configured()), client_of(gitlab.configured())
    github.scopes = ["repo:status"]
    for client, repository in ((app, "acme/shop"), (token, "acme/shop"), (ours, "acme/web/shop")):
        with pytest.raises(Forbidden, match="production"):
            client.environment_rules(repository, "production")


def test_an_environment_of_another_name_has_no_rules(github: FakeGitHub, gitlab: FakeGitLab) -> None:
    """The name is the whole name, whatever stands in it."""
    github.environments["acme/shop", "production"] = {"users": ["rita"]}
    for name in ("production ", "Production/x", "../production", "ü"):
        assert client_of(github.configured()).environment_rules("acme/shop", name) == ForgeRules(environment=name)
        gitlab.licensed, gitlab.projects["acme/web/shop"].permissions = True, {gitlab.bot: "maintain"}
        assert client_of(gitlab.configured()).environment_rules("acme/web/shop", name) == ForgeRules(environment=name)


def test_more_patterns_than_a_page_has_all_count(github: FakeGitHub) -> None:
    """The hundred and first branch is a branch too."""
    names = [f"release/{number}" for number in range(130)]
    github.environments["acme/shop", "production"] = {"branch": names}
    client = client_of(github.configured())
    assert client.environment_rules("acme/shop", "production").branches == tuple(names)
    github.environments["acme/shop", "production"] = {"protected": True}
    github.protected["acme/shop"] = names
    assert client.environment_rules("acme/shop", "production").branches == tuple(names)


def test_a_repository_that_we_do_not_see_is_none_without_rules(github: FakeGitHub) -> None:
    """GitHub says 404 to both: only one of them means that there is nothing to keep."""
    with pytest.raises(Exception, match="acme/nothing"):
        client_of(github.configured()).environment_rules("acme/nothing", "production")
