"""News that a pull request has ended may be lost: a look at the repository ends its pin all the same."""

from pathlib import Path

import pytest

from pushboat.model.state import Kind, State
from pushboat.store import deliveries, deployments, ending, holds, lanes, looks, replanning
from pushboat.store.database.engine import Store
from tests.engine_room.proposed import Proposed, proposed
from tests.store.repository import time_passes
from workers.catching_up.ended import MOST_ASKED
from workers.catching_up.story import look
from workers.routing.story import route_repository


def look_now(shop: Proposed) -> None:
    """Let the next look come."""
    looks.schedule(shop.store, shop.tools.operator.projects)
    time_passes(shop.store, 3600)
    look(shop.tools, shop.name)
    route_repository(shop.tools, shop.name)


@pytest.mark.parametrize("ends", ["closed", "merged", "merged elsewhere"])
@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_a_look_finds_that_it_has_ended(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest, kind: str, ends: str
) -> None:
    """The forge's delivery was lost: staging is let go within minutes, and runs what it would run by itself."""
    with proposed(tmp_path, store, kind, request.getfixturevalue(kind)) as shop:
        shop.say("/deploy staging")
        shop.ends(shop.sha)
        look_now(shop)
        assert len(holds.listed(store)) == 1, "it is open still"
        if ends == "closed":
            shop.forge.change_pull_request("acme/shop", shop.number, "closed")
        else:
            project = shop.forge.projects["acme/shop"]
            project.bare.commit("next", {"other.txt": "x"}, "Next")
            project.pull_requests[shop.number].base = "main" if ends == "merged" else "next"
            shop.forge.merge("acme/shop", shop.number)
        look_now(shop)
        assert holds.listed(store) == []
        assert shop.ready() == [shop.tip]
        told = max(each.id for each in deliveries.listed(store) if each.event.number)
        assert "no delivery told of it" in shop.row(told).reason
        shop.ends(shop.tip)
        shop.say("/deploy staging")
        look_now(shop)
        assert holds.listed(store) == [], "what has ended is not deployed again"


def test_one_that_is_closed_for_good_at_last_is_found_too(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest
) -> None:
    """Found closed, reopened before anybody acted on it, closed again days later: staging is not held for ever."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        shop.say("/deploy staging")
        shop.ends(shop.sha)
        shop.forge.change_pull_request("acme/shop", shop.number, "closed")
        looks.schedule(shop.store, shop.tools.operator.projects)
        look(shop.tools, shop.name)
        shop.forge.change_pull_request("acme/shop", shop.number, "reopened")
        for _ in range(6):
            route_repository(shop.tools, shop.name)
            time_passes(shop.store, 3600)
        assert len(holds.listed(store)) == 1
        shop.forge.change_pull_request("acme/shop", shop.number, "closed")
        look_now(shop)
        assert holds.listed(store) == []
        assert shop.ready() == [shop.tip]


def test_a_look_tells_of_one_that_has_ended_once(tmp_path: Path, store: Store, request: pytest.FixtureRequest) -> None:
    """While its delivery waits for its turn, further looks add none."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        shop.say("/deploy staging")
        shop.forge.change_pull_request("acme/shop", shop.number, "closed")
        looks.schedule(shop.store, shop.tools.operator.projects)
        known = len(deliveries.listed(store))
        for _ in range(3):
            time_passes(shop.store, 400)
            look(shop.tools, shop.name)
        assert len(deliveries.listed(store)) == known + 1


def test_a_reopened_one_may_be_deployed_though_nobody_told_us(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest
) -> None:
    """I reopen it, and that delivery is lost: the forge says that it is open, and that counts."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        shop.take(shop.forge.change_pull_request("acme/shop", shop.number, "closed"))
        shop.forge.change_pull_request("acme/shop", shop.number, "reopened")
        assert shop.say("/deploy staging").audit[-1].verdict == "done"
        assert shop.ready() == [shop.sha]


def test_a_pull_request_that_the_forge_has_no_more_spoils_no_look(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest
) -> None:
    """Whatever became of it: pushes are found as always, and the pin stays until somebody unlocks."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        shop.say("/deploy staging")
        del shop.forge.projects["acme/shop"].pull_requests[shop.number]
        before = len(shop.forge.requests)
        look_now(shop)
        asked = [each for each in shop.forge.requests[before:] if "/pulls/" in each.path]
        assert 1 <= len(asked) <= MOST_ASKED
        assert len(holds.listed(store)) == 1


def asked_about(shop: Proposed) -> int:
    """Count the questions about pull requests of the next look."""
    before = len(shop.forge.requests)
    look_now(shop)
    return sum("/pulls/" in each.path or "/merge_requests/" in each.path for each in shop.forge.requests[before:])


def planned_again(shop: Proposed) -> None:
    """Let main move, and the plan of the pull request be made again and end."""
    shop.ends(shop.push("more"))
    time_passes(shop.store, 60)
    assert replanning.begin_due(shop.store)
    (plan,) = deployments.listed(shop.store, kinds=(Kind.PLAN,), limit=1)
    claim = lanes.claim(shop.store, plan.id, "worker")
    assert claim
    ending.finish(shop.store, claim, State.SUCCEEDED, "no change")


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_what_is_closed_is_planned_no_more_though_nobody_told_us(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest, kind: str
) -> None:
    """Nothing is pinned, and the news of its end got lost: once it was planned again, a look finds out."""
    with proposed(tmp_path, store, kind, request.getfixturevalue(kind)) as shop:
        (first,) = deployments.listed(store, kinds=(Kind.PLAN,))
        claim = lanes.claim(store, first.id, "worker")
        assert claim
        ending.finish(store, claim, State.SUCCEEDED, "no change")
        planned_again(shop)
        assert asked_about(shop) == 1, "it is open still"
        shop.forge.change_pull_request("acme/shop", shop.number, "closed")
        assert asked_about(shop) == 0, "nothing has moved since: it costs nothing"
        planned_again(shop)
        assert asked_about(shop)
        shop.ends(shop.push("and more"))
        time_passes(store, 60)
        assert replanning.begin_due(store) == 0
