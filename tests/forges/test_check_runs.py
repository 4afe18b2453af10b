"""With an App, a status is a check run: one per commit and context, in order, whatever is said twice or gets lost."""

from typing import Any

import pytest

from pushboat.errors import ForgeRefused, ForgeUnavailable
from pushboat.forges.protocol import Client
from pushboat.forges.table import client_of
from pushboat.model.check_run import Annotation, Button, Output
from pushboat.model.letter import StatusLetter
from pushboat.model.state import State
from pushboat.model.status import Status
from tests.fakes.app_key import installed
from tests.fakes.github import FakeGitHub
from tests.fakes.github_checks import Run
from tests.fakes.nouns import Status as Posted

SHOP, URL, CONTEXT = "acme/shop", "https://pushboat.example.com", "pushboat/staging"


@pytest.fixture
def app(github: FakeGitHub) -> Client:
    """A client that acts as an App."""
    return client_of(github.configured(token="", app=installed(github)))


@pytest.fixture
def sha(github: FakeGitHub) -> str:
    """The commit on main."""
    return github.projects[SHOP].bare.resolve("refs/heads/main")


def letter(
    sha: str, state: State, said: str = "12 objects", path: str = "/deployments/1", **output: Any
) -> StatusLetter:
    """Say how a deployment stands."""
    status = Status(context=CONTEXT, state=state, description=said, path=path)
    return StatusLetter(sha=sha, status=status, output=Output(**output))


def at(line: int) -> Annotation:
    """Say something at a line."""
    return Annotation(path="deploy/web.yaml", line=line, column=3, message=f"mistake {line}")


def only(github: FakeGitHub, sha: str) -> Run:
    """Give the one run that there is."""
    (run,) = github.runs(SHOP, sha)
    return run


STATES = {
    State.QUEUED: "queued",
    State.RUNNING: "in_progress",
    State.SUCCEEDED: "success",
    State.FAILED: "failure",
    State.ERRORED: "failure",
    State.SUPERSEDED: "cancelled",
    State.CANCELLED: "cancelled",
}


@pytest.mark.parametrize("state", State)
def test_every_state_is_a_state_of_a_run_and_no_status_stands_beside_it(
    github: FakeGitHub, app: Client, sha: str, state: State
) -> None:
    """A rule that requires this name is satisfied by one thing, and told twice it is still one."""
    for _ in range(2):
        app.post(SHOP, letter(sha, state), URL)
    run = only(github, sha)
    assert run.state == STATES[state]
    assert (run.output["title"], run.output["summary"]) == ("12 objects", "12 objects")
    assert (run.fields["details_url"], run.fields["external_id"]) == (f"{URL}/deployments/1", "/deployments/1")
    assert github.statuses(SHOP, sha) == []


def test_a_run_goes_its_way_and_a_new_deployment_has_a_new_one(github: FakeGitHub, app: Client, sha: str) -> None:
    """What has ended stays as it ended; what comes after it is a run of its own, and the newest counts."""
    for state, path in (
        (State.QUEUED, "/deployments/1"),
        (State.RUNNING, "/deployments/1"),
        (State.FAILED, "/deployments/1"),
        (State.QUEUED, "/deployments/2"),
        (State.SUCCEEDED, "/deployments/2"),
    ):
        app.post(SHOP, letter(sha, state, path=path), URL)
    assert [run.state for run in github.runs(SHOP, sha)] == ["failure", "success"]


def test_a_run_that_a_crash_left_is_ended_by_what_comes_next(github: FakeGitHub, app: Client, sha: str) -> None:
    """Whatever came between: nothing turns for ever."""
    app.post(SHOP, letter(sha, State.RUNNING), URL)
    app.post(SHOP, letter(sha, State.SUCCEEDED, path="/deployments/9"), URL)
    assert only(github, sha).state == "success"


@pytest.mark.parametrize("state", [State.RUNNING, State.FAILED])
def test_an_answer_that_got_lost_leaves_one_run(github: FakeGitHub, app: Client, sha: str, state: State) -> None:
    """GitHub stores it and says 502: said again it is the same one, and each line has its word once."""
    told = letter(sha, state, annotations=tuple(map(at, range(1, 61))))
    github.fail(502, method="POST", path="/check-runs", after=True)
    with pytest.raises(ForgeUnavailable):
        app.post(SHOP, told, URL)
    app.post(SHOP, told, URL)
    run = only(github, sha)
    assert run.state == STATES[state]
    if state.ended:
        assert [each["start_line"] for each in run.annotations] == list(range(1, 61))


def test_lines_and_buttons_are_within_the_limits(github: FakeGitHub, app: Client, sha: str) -> None:
    """Fifty lines at a time, with level, line and column."""
    button = Button(word="rollback", label="Roll back", description="Bring the release before this one back")
    lines = tuple(map(at, range(1, 131)))
    app.post(SHOP, letter(sha, State.FAILED, annotations=lines, buttons=(button,)), URL)
    run = only(github, sha)
    assert [each["start_line"] for each in run.annotations] == list(range(1, 131))
    assert run.annotations[0] == {
        "path": "deploy/web.yaml",
        "start_line": 1,
        "end_line": 1,
        "start_column": 3,
        "end_column": 3,
        "annotation_level": "failure",
        "title": CONTEXT,
        "message": "mistake 1",
    }
    assert run.actions == ["rollback"]


def test_what_is_no_failure_warns(github: FakeGitHub, app: Client, sha: str) -> None:
    """A line that is worth a look in a plan that is fine."""
    app.post(SHOP, letter(sha, State.SUCCEEDED, annotations=(at(1),)), URL)
    assert [each["annotation_level"] for each in only(github, sha).annotations] == ["warning"]


def test_text_without_end_is_cut_with_a_word(github: FakeGitHub, app: Client, sha: str) -> None:
    """However long and in whatever script; a block of code is closed before it."""
    long = "ü🚢\n" * 30_000
    app.post(SHOP, letter(sha, State.FAILED, said="ü" * 500, summary=long, text=f"```\n{long}```"), URL)
    output = only(github, sha).output
    assert output["summary"].endswith("cut here: its page has all of it.")
    assert output["text"].endswith("\n```\n\n… cut here: its page has all of it.")
    assert len(output["title"]) == 140


@pytest.mark.parametrize("shift", range(0, 60, 7))
def test_what_is_cut_ends_no_code_span(github: FakeGitHub, app: Client, sha: str, shift: int) -> None:
    """Names of strangers stand in code: wherever GitHub's limit falls, none of them is let out of it."""
    line = f"| `{'🚢' * 14} @acme/all ![x](http://evil)` | created |"
    app.post(SHOP, letter(sha, State.FAILED, summary="x" * shift + "\n" + f"{line}\n" * 2_000), URL)
    summary = only(github, sha).output["summary"]
    shown = [each for each in summary.splitlines() if "acme" in each]
    assert len(shown) > 500
    assert set(shown) == {line}


@pytest.mark.parametrize("others", [0, 230], ids=["alone", "after 230 others"])
def test_a_commit_that_has_a_status_keeps_it(github: FakeGitHub, app: Client, sha: str, others: int) -> None:
    """It was begun before the App had the permission: two things of one name would both have to turn green."""
    project = github.projects[SHOP]
    project.statuses += [
        Posted(id=number, sha=sha, context=f"ci/{number}", state="success", description="", target_url="")
        for number in range(others)
    ]
    checks = github.app_permissions.pop("checks")
    app.post(SHOP, letter(sha, State.RUNNING), URL)
    github.app_permissions["checks"] = checks
    github.app_tokens.clear()
    app.post(SHOP, letter(sha, State.SUCCEEDED), URL)
    assert github.runs(SHOP, sha) == []
    assert [state for _, state, _, _ in github.statuses(SHOP, sha, CONTEXT)] == ["pending", "success"]


def test_an_app_without_the_permission_posts_statuses(github: FakeGitHub, app: Client, sha: str) -> None:
    """An App of before goes on as it did."""
    del github.app_permissions["checks"]
    app.post(SHOP, letter(sha, State.SUCCEEDED), URL)
    assert github.runs(SHOP, sha) == []
    assert [state for _, state, _, _ in github.statuses(SHOP, sha)] == ["success"]


def test_a_permission_that_is_taken_back_meanwhile_costs_no_status(github: FakeGitHub, app: Client, sha: str) -> None:
    """The token of a minute ago still says that we may."""
    app.head(SHOP, "refs/heads/main")
    del github.app_permissions["checks"]
    for grants in github.app_grants.values():
        grants.pop("checks", None)
    app.post(SHOP, letter(sha, State.SUCCEEDED), URL)
    assert [state for _, state, _, _ in github.statuses(SHOP, sha)] == ["success"]


def test_with_a_token_there_are_statuses(github: FakeGitHub, sha: str) -> None:
    """Only Apps may write check runs."""
    client = client_of(github.configured())
    client.post(SHOP, letter(sha, State.FAILED, annotations=(at(1),)), URL)
    assert [state for _, state, _, _ in github.statuses(SHOP, sha)] == ["failure"]


def test_another_apps_run_of_the_same_name_is_left_alone(github: FakeGitHub, app: Client, sha: str) -> None:
    """It is not ours to change, nor does it speak for us."""
    other = Run(id=1, app=2, name=CONTEXT, sha=sha, fields={"status": "in_progress"})
    github.check_runs[SHOP] = [other]
    app.post(SHOP, letter(sha, State.SUCCEEDED), URL)
    assert [(run.app, run.state) for run in github.runs(SHOP, sha)] == [(2, "in_progress"), (1, "success")]


def test_a_limit_is_no_missing_permission(github: FakeGitHub, app: Client, sha: str) -> None:
    """GitHub says 403 to both: we wait as it asks, and post nothing else meanwhile."""
    limit = {"message": "You have exceeded a secondary rate limit"}
    github.fail(403, method="POST", path="/check-runs", headers={"Retry-After": "7"}, body=limit)
    with pytest.raises(ForgeUnavailable) as trouble:
        app.post(SHOP, letter(sha, State.SUCCEEDED), URL)
    assert trouble.value.retry_after == 7
    assert github.statuses(SHOP, sha) == []


def test_what_github_will_not_have_below_a_status_costs_no_status(github: FakeGitHub, app: Client, sha: str) -> None:
    """A rule that we do not know: the sentence is shown without lines and buttons."""
    github.fail(422, method="POST", path="/check-runs", body={"message": "Invalid request."})
    app.post(SHOP, letter(sha, State.FAILED, annotations=(at(1),), text="more"), URL)
    run = only(github, sha)
    assert (run.state, run.output, run.annotations) == ("failure", {"title": "12 objects", "summary": "12 objects"}, [])


def test_a_commit_that_github_has_not_is_refused(app: Client) -> None:
    """It is no reason to try for ever."""
    with pytest.raises(ForgeRefused, match="1111111"):
        app.post(SHOP, letter("1" * 40, State.RUNNING), URL)
