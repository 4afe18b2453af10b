"""The forge's own list of deployments: what becomes of ours stands there, and nothing else depends on it."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from pushboat.config.operator import ClusterAccess, Limits
from pushboat.config.project import Allowed
from pushboat.model.deployment import Deployment
from pushboat.model.state import Kind, State, Trigger
from pushboat.store import ending, forge_deployments, outbox
from pushboat.store.database.engine import Store
from tests.engine_room.reported import report_all
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, deploy, plan, time_passes
from tests.written import config_map, repository_file
from workers.deploying import story
from workers.tools import Tools


def ended(store: Store, repository: Repository, made: Deployment, state: State = State.SUCCEEDED) -> None:
    """Let one run and end."""
    ending.finish(store, repository.claim(made), state, "12 objects")


def listed(github: FakeGitHub) -> list[tuple[str, str]]:
    """What GitHub lists, oldest first: where, and how it stands."""
    return [(one.environment, one.state) for one in github.listed.get("acme/shop", ())]


def outcomes(store: Store) -> set[str]:
    """How the letters about deployments ended."""
    with store.reading() as tx:
        rows = tx.rows(sa.text("SELECT outcome FROM outbox WHERE kind = 'deployment'"))
    return {row["outcome"] for row in rows}


def test_one_is_active_and_the_one_before_is_not(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """Two pushes that get through, then a third that fails: the second is what runs, with its address."""
    for state in (State.SUCCEEDED, State.SUCCEEDED, State.FAILED):
        made = repository.push(main)
        forge_deployments.note_url(store, made.id, f"https://shop.example/{made.id}")
        ended(store, repository, made, state)
        report_all(tools)
    assert listed(github) == [("staging", "inactive"), ("staging", "success"), ("staging", "failure")]
    assert github.listed["acme/shop"][1].statuses[-1]["environment_url"].startswith("https://shop.example/")


def test_what_is_overtaken_is_inactive(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """A commit that waits while a newer one comes, also of the same sha, does not wait in the list for ever."""
    first = repository.push(main)
    report_all(tools)
    second = repository.push(main, contains=[first])
    report_all(tools)
    assert listed(github) == [("staging", "inactive"), ("staging", "queued")]
    ended(store, repository, second)
    report_all(tools)
    assert listed(github) == [("staging", "inactive"), ("staging", "success")]
    assert [each["state"] for each in github.listed["acme/shop"][0].statuses] == ["queued", "inactive"]


def test_plans_and_healed_drift_are_no_deployments(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """Nothing was deployed, so nothing is listed."""
    repository.route(plan(main))
    repository.route(deploy(main, trigger=Trigger.SELF_HEAL))
    report_all(tools)
    assert listed(github) == []


def test_a_destroyed_environment_runs_nothing(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """After its removal the list does not say that something is there; a removal that fails changes nothing."""
    ended(store, repository, repository.push(main))
    for state, shown in ((State.FAILED, "success"), (State.SUCCEEDED, "inactive")):
        (removal,) = repository.route(deploy(main, kind=Kind.REMOVAL, trigger=Trigger.COMMAND))
        ended(store, repository, removal, state)
        report_all(tools)
        assert listed(github) == [("staging", shown)]


def test_a_token_that_may_not_costs_no_status(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """The commit is green as ever; why the list stays empty is what the doctor says, and it is not tried for a day."""
    github.fail(403, path="/deployments", times=9, body={"message": "Resource not accessible"})
    ended(store, repository, repository.push(main))
    report_all(tools)
    assert github.statuses("acme/shop", main)[-1][1] == "success"
    assert outbox.backlog(store) == 0
    assert "Resource not accessible" in forge_deployments.forbidden(store, "github", "acme/shop")
    for trouble in list(github._door.troubles):
        trouble.times = 0
    ended(store, repository, repository.push(main))
    report_all(tools)
    assert forge_deployments.forbidden(store, "github", "acme/shop") == ""
    assert listed(github)[-1] == ("staging", "success")


def test_an_outage_leaves_nothing_out(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str
) -> None:
    """GitHub is down from the first word to the last: then it is told all of it, in order."""
    github.down = True
    ended(store, repository, repository.push(main))
    report_all(tools)
    github.down = False
    time_passes(store, 3600)
    report_all(tools)
    assert [each["state"] for each in github.listed["acme/shop"][0].statuses] == ["queued", "in_progress", "success"]


@pytest.mark.parametrize("wanted", [True, False])
def test_the_operator_switches_it_off(
    tools: Tools, github: FakeGitHub, store: Store, repository: Repository, main: str, *, wanted: bool
) -> None:
    """With `forge_deployments: false` the list is left to whoever else writes it."""
    name, project = next(iter(tools.operator.projects.items()))
    limits = {"staging": replace(project.environments["staging"], forge_deployments=wanted)}
    projects = {**tools.operator.projects, name: replace(project, environments=Allowed(limits))}
    ended(store, repository, repository.push(main))
    report_all(replace(tools, operator=replace(tools.operator, projects=projects)))
    assert [state for _, state in listed(github)] == ["success"] * wanted
    assert outcomes(store) == {"sent" if wanted else "not shown by this forge"}


def test_the_address_is_the_commits_own(
    tmp_path: Path, github: FakeGitHub, store: Store, repository: Repository, kubeconfig: Path
) -> None:
    """The commit's file says where people see it; the next one's is where the next one is seen."""
    place = {"cluster": "dev", "namespaces": (f"seen-{uuid4().hex[:8]}",), "create_namespaces": True}
    limits = {"staging": Limits(environment="staging", **place)}
    clusters = {"dev": ClusterAccess(name="dev", kubeconfig=kubeconfig)}
    seen = []
    with at_work(tmp_path, store, github.configured(), {NAME: limits}, clusters) as tools:
        for url in ("https://staging.example.com/1", "https://staging.example.com/2"):
            files = {".pushboat.yaml": repository_file(wait="0s", url=url), "deploy/settings.yaml": config_map(at=url)}
            sha = github.push("acme/shop", "main", files, deliver=False).sha
            story.deploy(tools, repository.push(sha).id)
            report_all(tools)
            seen.append(github.listed["acme/shop"][-1].statuses[-1].get("environment_url"))
    assert seen == ["https://staging.example.com/1", "https://staging.example.com/2"]
    assert listed(github) == [("staging", "inactive"), ("staging", "success")]
