"""A forge that cannot answer one question delays one delivery, for a bounded time; one that is away loses none."""

from dataclasses import replace
from http import HTTPStatus

import pytest
import yaml

from pushboat.config.operator import Limits
from pushboat.config.project import Allowed, Project
from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment
from pushboat.model.state import State
from pushboat.routing import asking
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, time_passes
from tests.written import config_map
from workers.routing.story import route_repository
from workers.tools import Tools

pytestmark = pytest.mark.programs

QA = Limits(environment="qa", cluster="dev", namespaces=("shop-qa",))
FILE = yaml.safe_dump(
    {
        "environments": {
            "staging": {"branch": "main", "path": "deploy", "namespace": "shop"},
            "qa": {"branch": "next", "path": "deploy", "namespace": "shop-qa"},
        }
    }
)
FOR_EVER = 1_000_000


@pytest.fixture
def tools(tools: Tools) -> Tools:
    """A worker whose operator has two environments for the repository."""
    project = Project(repository=NAME, environments=Allowed({"staging": STAGING, "qa": QA}))
    return replace(tools, operator=replace(tools.operator, projects={NAME: project}))


@pytest.fixture
def pushes(store: Store, github: FakeGitHub) -> "Pushes":
    """The repository, to push to."""
    return Pushes(store, github)


class Pushes:
    """Pushes commits to the fake forge and accepts their news, as the front door does."""

    def __init__(self, store: Store, github: FakeGitHub) -> None:
        self._store, self._github = store, github
        self._pushed = 0

    def push(self, branch: str = "main") -> int:
        """Push a new commit to a branch, and give its delivery."""
        self._pushed += 1
        files = {".pushboat.yaml": FILE, "deploy/settings.yaml": config_map(push=str(self._pushed))}
        return self.announce(self._github.push("acme/shop", branch, files).sha, f"refs/heads/{branch}")

    def announce(self, sha: str, ref: str) -> int:
        """Accept the news that a ref points to a commit."""
        self._pushed += 1
        event = Event(kind=EventKind.PUSH, action="updated", repository="acme/shop", ref=ref, sha=sha)
        return deliveries.accept(self._store, "github", f"push-{self._pushed}", event).id

    def damage(self, number: int) -> None:
        """Lose what git needs to send the commit of a delivery; everything else is there."""
        bare = self._github.projects["acme/shop"].bare
        tree = bare.git("rev-parse", f"{row(self._store, number).event.sha}^{{tree}}")
        (bare.path / "objects" / tree[:2] / tree[2:]).unlink()


def row(store: Store, number: int) -> DeliveryRow:
    """Look at a delivery."""
    found = deliveries.find(store, number)
    assert found
    return found


def made(store: Store, number: int) -> Deployment:
    """Give the one deployment that a delivery led to."""
    (found,) = deployments.of_delivery(store, number)
    return found


def test_a_question_without_an_answer_counts_as_not_contained(
    tools: Tools, store: Store, github: FakeGitHub, pushes: Pushes
) -> None:
    """The forge's comparison is broken: my push waits a minute for it, then deploys, and says what is not known."""
    first = pushes.push()
    route_repository(tools, NAME)
    github.fail(500, path="/compare/", times=FOR_EVER)
    second = pushes.push()
    route_repository(tools, NAME)
    assert row(store, second).routed_at is None
    assert row(store, second).reason.startswith("waiting: ")

    time_passes(store, 61)
    route_repository(tools, NAME)
    assert made(store, second).state is State.QUEUED
    older = made(store, first)
    assert (older.state, older.successor_contains) == (State.SUPERSEDED, False)
    new, old = made(store, second).sha[:7], older.sha[:7]
    assert f"github could not say whether {new} contains {old}; taken as not contained" in row(store, second).reason


@pytest.mark.parametrize("nonsense", ["<html>Gateway</html>", {"status": 7}, ["ahead"], {}])
def test_nonsense_is_no_answer(
    tools: Tools, store: Store, github: FakeGitHub, pushes: Pushes, nonsense: object
) -> None:
    """A proxy answers in the forge's place with a page or other data: that is a question without an answer."""
    pushes.push()
    route_repository(tools, NAME)
    github.fail(200, path="/compare/", times=FOR_EVER, body=nonsense)
    second = pushes.push()
    route_repository(tools, NAME)
    assert row(store, second).routed_at is None
    time_passes(store, 61)
    route_repository(tools, NAME)
    assert made(store, second).state is State.QUEUED
    assert "taken as not contained" in row(store, second).reason


def test_a_question_that_is_refused_is_bounded_as_well(
    tools: Tools, store: Store, github: FakeGitHub, pushes: Pushes
) -> None:
    """The token may read everything but comparisons: my push deploys after a minute all the same."""
    pushes.push()
    route_repository(tools, NAME)
    github.fail(403, path="/compare/", times=FOR_EVER)
    second = pushes.push()
    route_repository(tools, NAME)
    time_passes(store, 61)
    route_repository(tools, NAME)
    assert made(store, second).state is State.QUEUED


def test_a_forge_that_cannot_name_a_head_makes_no_push_late(
    tools: Tools, store: Store, github: FakeGitHub, pushes: Pushes
) -> None:
    """An old commit is pushed again and the forge cannot say where the branch stands: it deploys after a minute."""
    first = pushes.push()
    pushes.push()
    route_repository(tools, NAME)
    github.fail(500, path="/git/ref", times=FOR_EVER)
    again = pushes.announce(row(store, first).event.sha, "refs/heads/main")
    route_repository(tools, NAME)
    assert row(store, again).routed_at is None
    time_passes(store, 61)
    route_repository(tools, NAME)
    assert made(store, again).state is State.QUEUED
    assert "could not say where refs/heads/main stands; taken as not late" in row(store, again).reason


def test_other_refs_go_on_while_one_waits(tools: Tools, store: Store, github: FakeGitHub, pushes: Pushes) -> None:
    """A push to main waits for an answer: the next push to main waits behind it, one to another branch does not."""
    pushes.push()
    route_repository(tools, NAME)
    github.fail(500, path="/compare/", times=FOR_EVER)
    stuck, behind, other = pushes.push(), pushes.push(), pushes.push("next")
    route_repository(tools, NAME)
    assert row(store, stuck).routed_at is None
    assert row(store, behind).routed_at is None
    assert made(store, other).lane.environment == "qa"


def test_a_commit_that_cannot_be_fetched_ends_after_ten_minutes(
    tools: Tools, store: Store, pushes: Pushes, repository: Repository
) -> None:
    """The forge has lost a part of one commit: its delivery ends in a sentence with a way on, others never wait."""
    broken, other = pushes.push(), pushes.push("next")
    pushes.damage(broken)
    route_repository(tools, NAME)
    assert row(store, broken).routed_at is None
    assert made(store, other).state is State.QUEUED

    time_passes(store, 590)
    route_repository(tools, NAME)
    assert row(store, broken).routed_at is None
    time_passes(store, 20)
    route_repository(tools, NAME)
    ended = row(store, broken)
    assert ended.routed_at
    assert f"gave up after 10 min; pushboat deliveries replay {broken} tries again: " in ended.reason
    ((state, description),) = repository.shown(ended.event.sha, "pushboat")
    assert state == "errored"
    assert f"pushboat deliveries replay {broken}" in description


def test_a_permission_that_is_never_told_ends_the_ask(
    tools: Tools, store: Store, github: FakeGitHub, pushes: Pushes
) -> None:
    """The forge cannot say what I may do: after ten minutes my comment is answered so, and pushes never waited."""
    github.push("acme/shop", "feature", {".pushboat.yaml": FILE})
    number = github.open_pull_request("acme/shop", "feature").number
    github.fail(502, path="/collaborators/", times=FOR_EVER)
    event = Event(
        kind=EventKind.COMMENT,
        action="created",
        repository="acme/shop",
        number=number,
        author="alice",
        comment="/deploy staging",
        comment_on="pull_request",
    )
    wanted = asking.read(event, NAME)
    assert wanted
    ask = deliveries.accept(store, "github", "comment", event, asked=(wanted,)).id
    pushed = pushes.push()
    route_repository(tools, NAME)
    assert row(store, ask).routed_at is None
    assert made(store, pushed).state is State.QUEUED
    time_passes(store, 601)
    route_repository(tools, NAME)
    assert row(store, ask).routed_at
    (entry,) = row(store, ask).audit
    assert entry.verdict == "unknown"
    assert "gave up after 10 min" in entry.reason


@pytest.mark.parametrize("status", [HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.UNAUTHORIZED])
def test_a_forge_that_is_away_loses_no_push(
    tools: Tools, store: Store, github: FakeGitHub, pushes: Pushes, status: HTTPStatus
) -> None:
    """The forge is away, or refuses our token, for days: my pushes wait, and deploy when it is back."""
    first, other = pushes.push(), pushes.push("next")
    trouble = github.fail(status, times=FOR_EVER)
    for _ in range(10):
        route_repository(tools, NAME)
        time_passes(store, 20_000)
    assert row(store, first).routed_at is None
    assert row(store, other).reason.startswith("waiting: ")

    trouble.times = 0
    route_repository(tools, NAME)
    assert made(store, first).state is State.QUEUED
    assert made(store, other).state is State.QUEUED


def test_a_git_server_that_is_away_alone_loses_no_push(
    tools: Tools, store: Store, github: FakeGitHub, pushes: Pushes
) -> None:
    """The forge's API answers and its git does not: nothing is given up, since nobody's commit can be read."""
    first = pushes.push()
    trouble = github.fail(503, path=".git/", times=FOR_EVER)
    for _ in range(10):
        route_repository(tools, NAME)
        time_passes(store, 20_000)
    assert row(store, first).routed_at is None
    trouble.times = 0
    route_repository(tools, NAME)
    assert made(store, first).state is State.QUEUED


def test_trouble_that_ended_does_not_shorten_the_wait_for_an_answer(
    tools: Tools, store: Store, github: FakeGitHub, pushes: Pushes
) -> None:
    """After an outage of an hour one question fails once: it is asked again before anything is taken for granted."""
    pushes.push()
    route_repository(tools, NAME)
    trouble = github.fail(503, path=".git/", times=FOR_EVER)
    second = pushes.push()
    route_repository(tools, NAME)
    time_passes(store, 3600)
    trouble.times = 0
    github.fail(502, path="/compare/")
    route_repository(tools, NAME)
    assert row(store, second).routed_at is None
    time_passes(store, 5)
    route_repository(tools, NAME)
    assert "not contained" not in row(store, second).reason
    assert made(store, second).state is State.QUEUED


def test_a_waiting_push_holds_no_cancel_up(tools: Tools, store: Store, github: FakeGitHub, pushes: Pushes) -> None:
    """The forge is away and I must stop a deployment: that is my operator's word and needs no forge."""
    running = pushes.push()
    route_repository(tools, NAME)
    github.down = True
    pushes.push()
    ask = Ask(word="cancel", environment="staging", who="ops", source=Source.COMMAND, repository=NAME)
    event = Event(kind=EventKind.ASK, action="cancel", repository="acme/shop")
    cancel = deliveries.accept(store, "github", "cancel", event, asked=(ask,)).id
    route_repository(tools, NAME)
    assert row(store, cancel).routed_at
    assert made(store, running).state is State.CANCELLED
