"""Somebody makes a deployment at GitHub: that commit is deployed if they may, and their deployment says how it goes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pushboat.config.project import Allowed
from pushboat.events import Delivery
from pushboat.forges.table import deliveries_of
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment
from pushboat.model.state import State, Trigger
from pushboat.routing import asking, ignored
from pushboat.store import audit, deliveries, deployments, ending, lanes
from pushboat.store.database.engine import Store
from tests.engine_room.reported import report_all
from tests.fakes.github import FakeGitHub
from tests.fakes.github_deployments import Listed, wish
from tests.fakes.nouns import Sent
from tests.store.repository import NAME
from workers.routing.story import route_repository
from workers.tools import Tools

SHOP = "acme/shop"


def hear(tools: Tools, sent: Sent, again: str = "") -> DeliveryRow:
    """Take a delivery in as the front door does, route it, and post what comes of it."""
    headers = {name.lower(): value for name, value in sent.headers.items()}
    reader = deliveries_of("github")
    delivery = Delivery(headers=headers, body=sent.body)
    event, name = reader.read(delivery), again or reader.identify(delivery)
    ask = asking.read(event, NAME, tools.project(NAME).environments.listed)
    why = ignored(event, ask, operator_knows_repository=True)
    accepted = deliveries.accept(
        tools.store, "github", name, event, ignored=why, asked=(ask,) if ask and not why else ()
    )
    route_repository(tools, NAME)
    report_all(tools)
    found = deliveries.find(tools.store, accepted.id)
    assert found
    return found


def deployed(store: Store) -> list[Deployment]:
    """What was asked of environments so far, oldest first."""
    return deployments.listed(store)[::-1]


def the_wish(github: FakeGitHub) -> Listed:
    """The deployment that somebody made first."""
    return github.listed[SHOP][0]


def end(tools: Tools, made: Deployment, state: State, reason: str) -> None:
    """Carry a deployment out, to this end."""
    claim = lanes.claim(tools.store, made.id, "worker", 30.0)
    assert claim
    ending.finish(tools.store, claim, state, reason)
    report_all(tools)


def test_it_deploys_that_very_commit_and_answers_there(
    tools: Tools, github: FakeGitHub, store: Store, main: str
) -> None:
    """Alice deploys an older commit from another tool: that one comes, and her deployment says how it went."""
    github.push(SHOP, "main", {"deploy/more.yaml": "kind: ConfigMap"}, deliver=False)
    hear(tools, wish(github, SHOP, "alice", main, "staging"))
    (made,) = deployed(store)
    assert (made.sha, made.ref, made.author, made.trigger) == (main, "refs/heads/main", "alice", Trigger.DEPLOYMENT)
    end(tools, made, State.SUCCEEDED, "12 objects")
    assert [one.creator for one in github.listed[SHOP]] == ["alice"]
    assert [each["state"] for each in the_wish(github).statuses] == ["queued", "in_progress", "success"]
    assert the_wish(github).statuses[-1]["log_url"].endswith(f"/deployments/{made.id}")


def test_what_is_told_twice_is_done_once(tools: Tools, github: FakeGitHub, store: Store, main: str) -> None:
    """A repository's webhook and an App's both tell of it."""
    sent = wish(github, SHOP, "alice", "main", "staging")
    hear(tools, sent)
    end(tools, deployed(store)[0], State.SUCCEEDED, "12 objects")
    hear(tools, sent, again="another-id")
    assert [one.sha for one in deployed(store)] == [main]


def test_our_own_deployments_lead_to_nothing(tools: Tools, github: FakeGitHub, store: Store, main: str) -> None:
    """GitHub tells us of each one that we make ourselves: it does not go round."""
    github.tells_deployments = True
    hear(tools, github.push(SHOP, "main", {"deploy/settings.yaml": "{}"}).sent[0])
    told = [sent for sent in github.deliveries if sent.headers["X-GitHub-Event"] == "deployment"]
    assert len(told) == 1
    row = hear(tools, told[0])
    assert "Pushboat itself lists" in row.reason
    assert len(deployed(store)) == 1


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "who may not": ({"user": "rita"}, "rita may not deploy staging"),
    "a stranger": ({"user": "mallory"}, "mallory may not deploy staging"),
    "our own account, by somebody who has our token": ({"user": "pushboat-bot"}, "the account that Pushboat itself"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_who_may_not_is_told_so_there(tools: Tools, github: FakeGitHub, store: Store, main: str, case: str) -> None:
    """It fails with the sentence, nothing deploys, and the audit has who tried; another one's good name is no help."""
    more, said = REFUSED[case]
    hear(tools, wish(github, SHOP, more["user"], main, "staging"))
    assert deployed(store) == []
    (status,) = the_wish(github).statuses
    assert status["state"] == "failure"
    assert said in status["description"] or said in audit.listed(store, asked=True)[0].reason
    assert [entry.who for entry in audit.listed(store, asked=True)] == [more["user"]]


ALONE: dict[str, dict[str, Any]] = {
    "an environment of somebody else's": {"environment": "preview"},
    "a workflow's own": {"workflow": {"id": 1, "name": "CI"}, "user": "github-actions[bot]"},
    "another task": {"task": "deploy:migrations"},
    "our mark, copied": {"payload": {"pushboat": "pushboat-1-abc"}},
    "under another name": {"sender": "mallory"},
}


@pytest.mark.parametrize("case", ALONE)
def test_what_is_not_for_us_is_left_alone(tools: Tools, github: FakeGitHub, store: Store, main: str, case: str) -> None:
    """Other tools' deployments get neither a commit nor a word from us."""
    more = {"user": "alice", "environment": "staging", **ALONE[case]}
    row = hear(tools, wish(github, SHOP, more.pop("user"), main, more.pop("environment"), **more))
    assert row.reason
    assert deployed(store) == []
    assert the_wish(github).statuses == []


def test_a_program_that_may_not_gets_no_answer(tools: Tools, github: FakeGitHub, store: Store, main: str) -> None:
    """Whatever App makes deployments of this name for somebody else is not disturbed; the audit has it."""
    hear(tools, wish(github, SHOP, "vercel[bot]", main, "staging"))
    assert deployed(store) == []
    assert the_wish(github).statuses == []
    assert [entry.who for entry in audit.listed(store, asked=True)] == ["vercel[bot]"]


@pytest.fixture
def also(tools: Tools) -> Callable[..., Tools]:
    """The same worker with another word of its operator's."""

    def change(deployers: tuple[str, ...]) -> Tools:
        project = tools.operator.projects[NAME]
        limits = replace(project.environments["staging"], deployers=deployers)
        projects = {NAME: replace(project, environments=Allowed({"staging": limits}))}
        return replace(tools, operator=replace(tools.operator, projects=projects))

    return change


def test_a_program_that_the_operator_names_deploys(
    also: Callable[..., Tools], github: FakeGitHub, store: Store, main: str
) -> None:
    """`deployers: [hubot[bot]]` lets a chat's App deploy."""
    hear(also(("hubot[bot]",)), wish(github, SHOP, "hubot[bot]", main, "staging"))
    assert [one.author for one in deployed(store)] == ["hubot[bot]"]


def test_a_forks_commit_is_refused(tools: Tools, github: FakeGitHub, store: Store) -> None:
    """GitHub shows it under our repository's name, but none of our branches and tags has it."""
    bare = github.projects[SHOP].bare
    evil = bare.commit("evil", {"deploy/settings.yaml": "{}"}, "Of a fork")
    bare.git("update-ref", "refs/pull/7/head", evil)
    bare.git("update-ref", "-d", "refs/heads/evil")
    hear(tools, wish(github, SHOP, "alice", evil, "staging"))
    assert deployed(store) == []
    assert "in no branch and no tag" in the_wish(github).statuses[-1]["description"]


def test_a_commit_between_is_in_its_branch(tools: Tools, github: FakeGitHub, store: Store) -> None:
    """Neither the newest of a branch nor of a tag, and still the repository's own."""
    between = github.push(SHOP, "release/1", {"a": "1"}, deliver=False).sha
    github.push(SHOP, "release/1", {"a": "2"}, deliver=False)
    hear(tools, wish(github, SHOP, "alice", between, "staging"))
    assert [(one.sha, one.ref) for one in deployed(store)] == [(between, "refs/heads/release/1")]
