"""Tags of one environment are ordered by what contains what, then by version, never by which delivery came first."""

import itertools

import pytest

from pushboat.events import Event, EventKind
from pushboat.model.deployment import Deployment
from pushboat.model.state import State, Trigger
from pushboat.routing import Decision
from pushboat.store import deliveries, deployments, enacting, routing_jobs
from pushboat.store.database.engine import Store
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, deploy
from tests.written import config_map
from workers.routing.story import route_repository
from workers.tools import Tools

SHOP = "acme/shop"


def tagged(github: FakeGitHub, tag: str, parent: str) -> str:
    """Make a commit on top of another one, and tag it; staging follows such tags."""
    files = {".pushboat.yaml": "environments: {staging: {tag: 'v*', path: deploy}}\n"}
    files |= {"deploy/settings.yaml": config_map(v=tag)}
    sha = github.push(SHOP, f"line-{tag}", files, parent=parent, deliver=False).sha
    github.projects[SHOP].bare.git("tag", "--annotate", "--message", tag, tag, sha)
    return sha


def deliver(store: Store, tag: str, sha: str) -> int:
    """Accept the push of a tag, as the front door does."""
    event = Event(
        kind=EventKind.PUSH, action="created", repository=SHOP, ref=f"refs/tags/{tag}", sha=sha, before="0" * 40
    )
    return deliveries.accept(store, "github", tag, event).id


def came_of(store: Store, delivery: int) -> Deployment:
    """Give the deployment that a delivery led to."""
    (made,) = deployments.of_delivery(store, delivery)
    return made


ORDERS = [*itertools.permutations(("v1.9", "v1.10", "v2.0"))]
WAYS = [*((order, "each") for order in ORDERS), (ORDERS[0], "together"), (ORDERS[-1], "together")]


@pytest.mark.parametrize(("arriving", "routed"), WAYS)
def test_the_newest_commit_runs_in_whatever_order_its_tags_arrive(
    arriving: tuple[str, ...], routed: str, tools: Tools, store: Store, github: FakeGitHub
) -> None:
    """Three releases on top of each other, pushed at once: the last one runs, and the others are parts of it."""
    parent, commits = github.projects[SHOP].bare.resolve("refs/heads/main"), {}
    for tag in ("v1.9", "v1.10", "v2.0"):
        parent = commits[tag] = tagged(github, tag, parent)
    numbers = {}
    for tag in arriving:
        numbers[tag] = deliver(store, tag, commits[tag])
        if routed == "each":
            route_repository(tools, NAME)
    route_repository(tools, NAME)

    made = {tag: came_of(store, number) for tag, number in numbers.items()}
    assert {tag: each.state for tag, each in made.items()} == {
        "v1.9": State.SUPERSEDED, "v1.10": State.SUPERSEDED, "v2.0": State.QUEUED,
    }  # fmt: skip
    for tag in ("v1.9", "v1.10"):
        assert (made[tag].successor_sha, made[tag].successor_contains) == (commits["v2.0"], True)


@pytest.mark.parametrize("arriving", [*itertools.permutations(("v1.9.9", "v1.10.0"))], ids="-".join)
def test_without_a_common_line_the_version_decides(
    arriving: tuple[str, ...], tools: Tools, store: Store, github: FakeGitHub
) -> None:
    """A fix of an old line is tagged beside a new release: whichever comes last, the newer version runs."""
    main = github.projects[SHOP].bare.resolve("refs/heads/main")
    commits = {tag: tagged(github, tag, main) for tag in ("v1.9.9", "v1.10.0")}
    numbers = {}
    for tag in arriving:
        numbers[tag] = deliver(store, tag, commits[tag])
        route_repository(tools, NAME)

    assert came_of(store, numbers["v1.10.0"]).state is State.QUEUED
    old = came_of(store, numbers["v1.9.9"])
    assert (old.state, old.successor_sha, old.successor_contains) == (State.SUPERSEDED, commits["v1.10.0"], False)


def test_what_has_no_version_goes_by_its_arrival(tools: Tools, store: Store, github: FakeGitHub) -> None:
    """Two tags that say nothing of an order, side by side: the one that was pushed last runs."""
    main = github.projects[SHOP].bare.resolve("refs/heads/main")
    first = deliver(store, "vega", tagged(github, "vega", main))
    route_repository(tools, NAME)
    last = deliver(store, "vanilla", tagged(github, "vanilla", main))
    route_repository(tools, NAME)

    assert came_of(store, last).state is State.QUEUED
    assert came_of(store, first).state is State.SUPERSEDED


@pytest.mark.parametrize("trigger", [Trigger.ROLLBACK, Trigger.COMMAND])
def test_what_somebody_asked_for_after_a_tag_is_not_undone_by_it(
    trigger: Trigger, tools: Tools, store: Store, github: FakeGitHub
) -> None:
    """v2.0 was pushed and is slow to be routed; meanwhile I asked for v1.9: mine is the last word."""
    main = github.projects[SHOP].bare.resolve("refs/heads/main")
    old = tagged(github, "v1.9", main)
    new = tagged(github, "v2.0", old)
    late, asked = deliver(store, "v2.0", new), deliver(store, "asked", old)
    claim = routing_jobs.claim_routing(store, NAME, "router")
    assert claim
    act = deploy(old, ref="refs/tags/v1.9", trigger=trigger)
    (mine,) = enacting.complete(store, claim, asked, Decision(acts=(act,), sentence="does"))
    routing_jobs.release(store, claim)
    route_repository(tools, NAME)

    assert came_of(store, late).state is State.SUPERSEDED
    kept = deployments.find(store, mine)
    assert kept
    assert kept.state is State.QUEUED
    newest = deliver(store, "v2.1", tagged(github, "v2.1", new))
    route_repository(tools, NAME)
    assert came_of(store, newest).state is State.QUEUED, "what is pushed after that is newer again"
