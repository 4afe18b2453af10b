"""From a posted check to a pressed button and back: what it said, who pressed it, what came of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.events import Delivery
from pushboat.forges.table import deliveries_of
from pushboat.model.ask import AskVerdict
from pushboat.model.changeset import Action, Change
from pushboat.model.container_log import ContainerLog, written
from pushboat.model.deployment import Deployment
from pushboat.model.hold import Scope
from pushboat.model.manifest import Ref
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import asking
from pushboat.routing.holds import UNMERGED
from pushboat.store import audit, deliveries, deployments, ending, holds, lanes
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.reported import report_all
from tests.engine_room.worker import at_work
from tests.fakes.app_key import installed
from tests.fakes.github import FakeGitHub
from tests.fakes.github_checks import Run
from tests.fakes.nouns import Sent
from tests.store.repository import NAME, Repository
from tests.written import config_map
from workers.routing.story import route_repository
from workers.tools import Tools

SHOP, CHECK, PLAN = "acme/shop", "pushboat/staging", "pushboat/plan/staging"


@pytest.fixture
def tools(tmp_path: Path, github: FakeGitHub, store: Store) -> Iterator[Tools]:
    """A worker that acts as an App, where wendy may write."""
    github.projects[SHOP].permissions["wendy"] = "write"
    configured = github.configured(token="", app=installed(github))
    with at_work(tmp_path, store, configured, {NAME: {"staging": STAGING}}) as tools:
        yield tools


def hear(tools: Tools, sent: Sent) -> int:
    """Take a delivery in as the front door does, route it, and post what comes of it."""
    headers = {name.lower(): value for name, value in sent.headers.items()}
    reader = deliveries_of("github")
    delivery = Delivery(headers=headers, body=sent.body)
    event, name = reader.read(delivery), reader.identify(delivery)
    ask = asking.read(event, NAME)
    accepted = deliveries.accept(tools.store, "github", name, event, asked=(ask,) if ask else ())
    route_repository(tools, NAME)
    report_all(tools)
    return accepted.id


def end(tools: Tools, deployment: Deployment, state: State, reason: str, **more: object) -> None:
    """Carry a deployment out, to this end."""
    claim = lanes.claim(tools.store, deployment.id, "worker", 30.0)
    assert claim
    ending.finish(tools.store, claim, state, reason, **more)  # type: ignore[arg-type]
    report_all(tools)


def newest(github: FakeGitHub, sha: str, context: str = CHECK) -> Run:
    """Give what a commit shows under a context."""
    return github.runs(SHOP, sha, context)[-1]


@pytest.fixture
def failed(tools: Tools, github: FakeGitHub, repository: Repository, main: str) -> Run:
    """A deployment of main that a mistake in a manifest has ended, and its check."""
    details = "- deploy/a.yaml:3:5: ConfigMap/a: **dat** is unknown\n- deploy/b.yaml:9: `@all` is wrong"
    changes = (
        Change(ref=Ref("", "ConfigMap", "shop", "a|b"), action=Action.REFUSED, why="[x](http://evil)"),
        Change(ref=Ref("", "ConfigMap", "shop", "same"), action=Action.UNCHANGED),
    )
    pushed = repository.push(main)
    end(tools, pushed, State.FAILED, "deploy/a.yaml:3:5: dat is unknown (and 1 more)", details=details, changes=changes)
    return newest(github, main)


def test_a_check_says_what_its_page_says(failed: Run, github: FakeGitHub, main: str) -> None:
    """The sentence, what became of each object, all mistakes as they stand, and each at its line; names are inert."""
    assert failed.state == "failure"
    assert failed.output["title"] == "deploy/a.yaml:3:5: dat is unknown (and 1 more)"
    assert failed.output["summary"] == (
        "`deploy/a.yaml:3:5: dat is unknown (and 1 more)`\n\n"
        "| `staging` | was |\n|---|---|\n| `ConfigMap/shop/a\\|b` | refused: `[x](http://evil)` |"
    )
    assert failed.output["text"].startswith("```\n- deploy/a.yaml:3:5: ConfigMap/a: dat is unknown\n")
    assert [(each["path"], each["start_line"]) for each in failed.annotations] == [
        ("deploy/a.yaml", 3),
        ("deploy/b.yaml", 9),
    ]
    assert failed.fields["details_url"] == "http://pushboat.example/deployments/1"
    assert [run.name for run in github.runs(SHOP, main)] == [CHECK], "one run from the first word to the last"
    assert github.statuses(SHOP, main) == []


def test_mistakes_of_the_repositorys_file_are_marked_in_it(tools: Tools, github: FakeGitHub) -> None:
    """I pushed a typo, and see it at its line."""
    pushed = github.push(SHOP, "main", {".pushboat.yaml": "environments:\n  staging:\n    pth: deploy\n"})
    hear(tools, pushed.sent[0])
    run = newest(github, pushed.sha, "pushboat")
    assert run.state == "failure"
    others = [each for each in github.runs(SHOP, pushed.sha) if each is not run]
    assert [each.name for each in others] == [CHECK]
    assert [each.annotations for each in others] == [[]], "each line has its word once"
    assert (".pushboat.yaml", 3, 5) in [
        (each["path"], each["start_line"], each["start_column"]) for each in run.annotations
    ]


def test_rerun_does_it_once_more(tools: Tools, github: FakeGitHub, failed: Run, main: str) -> None:
    """I press Re-run: a new run begins, and what comes of it is told there."""
    hear(tools, github.press(SHOP, failed, "wendy"))
    (again, first) = deployments.listed(tools.store)
    assert (again.author, again.sha, again.trigger) == ("wendy", first.sha, Trigger.REPLAY)
    assert [run.state for run in github.runs(SHOP, main)] == ["failure", "queued"]
    end(tools, again, State.SUCCEEDED, "1 object: 1 created")
    assert [run.state for run in github.runs(SHOP, main)] == ["failure", "success"]


def test_a_plan_is_deployed_by_its_button(tools: Tools, github: FakeGitHub) -> None:
    """I look at the plan, press Deploy, and the conversation tells how it ended."""
    sha = github.push(SHOP, "fix", {"deploy/b.yaml": config_map("b")}, deliver=False).sha
    opened = github.open_pull_request(SHOP, "fix")
    hear(tools, opened.sent[-1])
    (planned,) = deployments.listed(tools.store, kinds=(Kind.PLAN,))
    end(tools, planned, State.SUCCEEDED, "1 to create, 0 to change, 0 to delete")
    assert newest(github, sha, PLAN).actions == ["plan", "deploy"]
    all_plans = newest(github, sha, "pushboat/plan")
    assert all_plans.actions == ["plan"]
    row = "| `staging` | succeeded | `1 to create, 0 to change, 0 to delete` |"
    assert row in all_plans.output["summary"].splitlines()

    number = hear(tools, github.press(SHOP, newest(github, sha, PLAN), "wendy", "deploy"))
    (deployed,) = deployments.listed(tools.store)
    assert (deployed.author, deployed.sha, deployed.trigger) == ("wendy", sha, Trigger.BUTTON)
    row = deliveries.find(tools.store, number)
    assert row
    assert [(entry.who, entry.word, entry.verdict) for entry in row.audit] == [("wendy", "deploy", AskVerdict.DONE)]
    end(tools, deployed, State.SUCCEEDED, "1 object: 1 created")
    ((author, told),) = github.comments(SHOP, opened.number)
    assert author == "pushboat-app[bot]"
    assert told.startswith(f"`staging` runs `{sha[:7]}`")
    assert newest(github, sha).actions == ["deploy", "rollback"]

    holds.lift(tools.store, UNMERGED, Scope(repository=NAME, environment="staging"), f"#{opened.number}")
    hear(tools, github.press(SHOP, newest(github, sha), "wendy", "deploy"))
    again = deployments.listed(tools.store)[0]
    assert (again.trigger, again.pull_request) == (Trigger.BUTTON, opened.number), "unmerged still, and said so"
    assert [hold.pull_request for hold in holds.listed(tools.store)] == [opened.number]
    end(tools, again, State.SUCCEEDED, "1 object: 1 unchanged")
    github.projects[SHOP].pull_requests[opened.number].state = "closed"
    hear(tools, github.press(SHOP, newest(github, sha), "wendy", "deploy"))
    assert deployments.listed(tools.store)[0].id == again.id
    assert f"#{opened.number} is closed: reopen it to deploy it." in newest(github, sha).output["summary"]


def test_a_head_that_moved_is_not_deployed_by_the_old_button(tools: Tools, github: FakeGitHub) -> None:
    """Somebody pushed while I was reading the plan: the answer names both commits."""
    sha = github.push(SHOP, "fix", {"deploy/b.yaml": config_map("b")}, deliver=False).sha
    opened = github.open_pull_request(SHOP, "fix")
    hear(tools, opened.sent[-1])
    (planned,) = deployments.listed(tools.store, kinds=(Kind.PLAN,))
    end(tools, planned, State.SUCCEEDED, "1 to create, 0 to change, 0 to delete")
    seen = newest(github, sha, PLAN)
    press = github.press(SHOP, seen, "wendy", "deploy")
    moved = github.update_pull_request(SHOP, opened.number, {"deploy/c.yaml": config_map("c")})
    hear(tools, press)
    assert deployments.listed(tools.store) == []
    ((_, told),) = github.comments(SHOP, opened.number)
    assert f"moved on since that check, from `{sha[:7]}` to `{moved.sha[:7]}`" in told


def test_who_lost_the_permission_is_refused_below_the_check(
    tools: Tools, github: FakeGitHub, failed: Run, main: str
) -> None:
    """The button was there; what I may is asked when I press it, and the answer stands where I pressed."""
    github.projects[SHOP].permissions["wendy"] = "read"
    hear(tools, github.press(SHOP, failed, "wendy", "deploy"))
    assert len(deployments.listed(tools.store)) == 1
    (run,) = github.runs(SHOP, main)
    assert run.state == "failure"
    assert "`wendy` pressed Deploy again, refused: `wendy may not deploy staging" in run.output["summary"]
    assert len(run.annotations) == 2, "each line has its word once"
    assert [entry.verdict for entry in audit.listed(tools.store, asked=True)] == [AskVerdict.REFUSED]


def test_a_button_is_no_way_around_a_later_deployment(
    tools: Tools, github: FakeGitHub, failed: Run, repository: Repository
) -> None:
    """An old page that is still open: nothing goes back by it."""
    later = github.push(SHOP, "main", {"deploy/x.yaml": config_map("x")}, deliver=False).sha
    end(tools, repository.push(later), State.SUCCEEDED, "1 object: 1 created")
    hear(tools, github.press(SHOP, failed, "wendy", "rollback"))
    assert len(deployments.listed(tools.store)) == 2
    assert (
        f"staging has moved on since that check, from '{failed.sha[:7]}' to '{later[:7]}'" in failed.output["summary"]
    )


def test_a_rerun_that_leads_to_nothing_leaves_no_check_waiting(
    tools: Tools, github: FakeGitHub, failed: Run, main: str
) -> None:
    """GitHub shows all checks of the commit as waiting from the press on: what is true is said again."""
    github.projects[SHOP].permissions["wendy"] = "read"
    hear(tools, github.press(SHOP, failed, "wendy"))
    assert len(deployments.listed(tools.store)) == 1
    assert github.waiting_suites == set()
    (run,) = github.runs(SHOP, main)
    assert run.state == "failure"
    assert "`wendy` pressed Re-run, refused: `once more at" in run.output["summary"]
    assert "wendy may not deploy staging" in run.output["summary"]
    assert [(entry.word, entry.verdict) for entry in audit.listed(tools.store, asked=True)] == [
        ("rerun", AskVerdict.REFUSED)
    ]


def test_what_is_said_in_full_is_shown_as_it_stands(
    tools: Tools, github: FakeGitHub, repository: Repository, main: str
) -> None:
    """No fence of a stranger's ends the block, nothing in it is obeyed, and logs of containers stay inside."""
    details = "- **web**\n```\n@all [x](http://evil) \u202egnp\n```\n````"
    end(
        tools,
        repository.push(main),
        State.FAILED,
        "x",
        details=details,
        logs=written([ContainerLog(pod="web", container="web", lines=("a word",))]),
    )
    text = newest(github, main).output["text"]
    assert text == "`````\n- web\n```\n@all [x](http://evil) \\u202egnp\n```\n````\n`````"
