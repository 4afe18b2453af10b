"""A repository's webhook and its group's, organisation's or App's tell of the same comment: it acts once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.model.delivery import Verdict
from pushboat.store import audit, deliveries, deployments
from pushboat.store.database.engine import Store
from tests.engine_room.proposed import Proposed, proposed
from tests.fakes.nouns import Sent
from workers.routing.story import route_repository


@pytest.fixture(params=["github", "gitlab", "gitea"])
def shop(tmp_path: Path, store: Store, request: pytest.FixtureRequest) -> Iterator[Proposed]:
    """A repository with three releases in staging, and a pull request."""
    with proposed(tmp_path, store, request.param, request.getfixturevalue(request.param)) as made:
        for content in ("two", "three"):
            made.ends(made.push(content))
        yield made


def tell(shop: Proposed, sent: Sent) -> int:
    """Let one webhook tell of it."""
    number = shop.accept(sent)
    route_repository(shop.tools, shop.name)
    return number


def test_a_rollback_goes_back_once(shop: Proposed) -> None:
    """I roll back, and the other webhook is heard when that is done: nothing goes back once more."""
    (said,) = shop.forge.comment("acme/shop", shop.number, "alice", "/deploy rollback staging").sent
    first = tell(shop, said)
    (back,) = shop.ready()
    shop.ends(back)
    again = tell(shop, said)
    assert shop.ready() == []
    row = shop.row(again)
    assert (row.verdict, row.asks, row.event.comment) == (Verdict.IGNORED, (), "")
    assert row.reason == f"delivery {first} told of this comment already, by another webhook: it acts once"
    assert [entry.verdict for entry in audit.listed(shop.store, asked=True)] == ["done"]


def test_told_before_the_first_is_read_it_deploys_once(shop: Proposed) -> None:
    """Both arrive at the same moment, and one of them once more: one deployment, and one answer."""
    (said,) = shop.forge.comment("acme/shop", shop.number, "alice", "/deploy staging").sent
    shop.accept(said)
    known = len(deployments.listed(shop.store))
    for _ in range(2):
        tell(shop, said)
    assert len(deployments.listed(shop.store)) == known + 1
    assert shop.ready() == [shop.sha]


def test_the_same_words_again_are_another_command(shop: Proposed) -> None:
    """I say it twice because I mean it twice; and a replay does it once more."""
    shop.say("/deploy status")
    shop.say("/deploy status")
    number = deliveries.listed(shop.store)[0].id
    assert deliveries.replay(shop.store, number)
    route_repository(shop.tools, shop.name)
    assert [entry.verdict for entry in audit.listed(shop.store, asked=True)] == ["done"] * 3
