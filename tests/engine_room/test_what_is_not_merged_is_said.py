"""What runs and is not in what its environment follows is called unmerged, whichever way it came there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.model.delivery import DeliveryRow
from pushboat.model.unmerged import Unmerged
from pushboat.reading.environments import overview
from pushboat.store import deliveries
from pushboat.store.database.engine import Store
from tests.engine_room.proposed import Proposed, proposed
from workers.routing.story import route_repository


@pytest.fixture(params=["github", "gitlab", "gitea"])
def shop(tmp_path: Path, store: Store, request: pytest.FixtureRequest) -> Iterator[Proposed]:
    """A pull request, while main runs on staging."""
    with proposed(tmp_path, store, request.param, request.getfixturevalue(request.param)) as made:
        yield made


def said(shop: Proposed) -> Unmerged | None:
    """What everybody reads of staging."""
    return overview(shop.store, shop.tools.operator)[0].unmerged


def at_the_terminal(shop: Proposed, sha: str) -> DeliveryRow:
    """Let olga name the commit that she wants."""
    event = Event(kind=EventKind.ASK, action="deploy", repository="acme/shop", author="olga")
    wanted = Ask(word="deploy", who="olga", source=Source.COMMAND, repository=shop.name, environment="staging", sha=sha)
    forge = shop.name.partition("/")[0]
    number = deliveries.accept(shop.store, forge, f"ask-{sha}", event, asked=(wanted,)).id
    route_repository(shop.tools, shop.name)
    return shop.row(number)


def test_merged_into_another_branch_it_is_not_merged(shop: Proposed) -> None:
    """It went into `next`, which staging does not follow: until main runs there again, everybody reads that."""
    shop.say("/deploy staging")
    shop.ends(shop.sha)
    project = shop.forge.projects["acme/shop"]
    project.bare.commit("next", {"other.txt": "x"}, "Next")
    project.pull_requests[shop.number].base = "next"
    shop.take(shop.forge.merge("acme/shop", shop.number))
    mark = said(shop)
    assert mark
    assert mark.sentence.startswith(
        f"runs {shop.sha[:7]} of #{shop.number}, merged into next and not into main, since "
    )
    assert mark.way_on == "Bring it into main first."
    assert shop.ready() == [shop.tip]
    shop.ends(shop.tip)
    assert said(shop) is None


def test_deployed_at_the_terminal_it_is_as_unmerged(shop: Proposed) -> None:
    """olga brings my commit there by its sha: nothing is pinned, and it is said until it is merged."""
    row = at_the_terminal(shop, shop.sha)
    assert row.reason == (f"deploying {shop.sha[:7]} of #{shop.number}, which is not merged, to staging, as olga said")
    shop.ends(shop.sha)
    mark = said(shop)
    assert mark
    assert (mark.pull_request, mark.into) == (shop.number, "")
    shop.take(shop.forge.merge("acme/shop", shop.number, "fast-forward"))
    assert said(shop) is None


def test_what_the_branch_has_already_is_nobodys_trial(shop: Proposed) -> None:
    """My pull request's head is in main, by a push, and it is open still: olga deploys what is merged."""
    bare = shop.forge.projects["acme/shop"].bare
    bare.git("update-ref", "refs/heads/main", shop.sha)
    assert at_the_terminal(shop, shop.sha).reason == f"deploying {shop.sha[:7]} to staging, as olga said"
